#ifndef PWASM_TESTS_WASM_PROBE_H
#define PWASM_TESTS_WASM_PROBE_H

/* What the probe does when its foreign function of that number is called. */
enum {
  PROBE_BAD_INPUT = 1, /* hostcalls with bytes that are not in memory: logs the statuses */
  PROBE_EACH_INPUT,    /* each input of each hostcall with bytes that are not: logs what is taken */
  PROBE_LAST_BYTES,    /* one with the last bytes of memory: logs the status */
  PROBE_BAD_RESULT,    /* hostcalls that return to where no memory is: logs the statuses */
  PROBE_TRAP,          /* traps */
  PROBE_RECURSE,       /* overflows its stack */
  PROBE_RECURSE_FRAMES, /* the same without using the stack in memory */
  PROBE_COUNT,          /* logs how often it was called */
  PROBE_GET,            /* logs the property `probe` */
  PROBE_ALLOCATE,       /* takes a MiB for good, logs whether it got it */
  PROBE_FILL,           /* as PROBE_ALLOCATE at 4 GiB, logs whether it got what is in use */
  PROBE_WASI,           /* prints, and asks for time, random numbers and the environment */
  PROBE_BAD_WASI,       /* asks for more than hosts have: logs the errors */
  PROBE_EXIT,           /* calls exit() */
};

#endif
