#ifndef PWASM_TESTS_RECORDER_H
#define PWASM_TESTS_RECORDER_H

/* Notes which functions have returned which statuses: what make_wrappers.py puts around every public
 * function that returns one. */

#include <pwasm/status.h>

#define RECORDER_MAX_STATUSES 32

typedef struct RecordedFunction {
  const char *name;
  size_t num_statuses;
  PwasmStatus statuses[RECORDER_MAX_STATUSES];
} RecordedFunction;

/* Notes a status, once; its value is the status. */
PWASM_NODISCARD PwasmStatus record_status(RecordedFunction *function, PwasmStatus status);

#endif
