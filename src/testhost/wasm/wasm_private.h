#ifndef PWASM_TESTHOST_WASM_WASM_PRIVATE_H
#define PWASM_TESTHOST_WASM_WASM_PRIVATE_H

/* A module as the guest of a VM. */

#include "../host_private.h"
#include "module_private.h"

/* What runs in the instance, other than callbacks: few hostcalls are allowed then. */
typedef enum PwasmWasmPhase {
  PWASM_WASM_PHASE_CALLBACK,
  PWASM_WASM_PHASE_INITIALIZE,
  PWASM_WASM_PHASE_ALLOCATE,
} PwasmWasmPhase;

struct PwasmWasm {
  PwasmHostVm *vm;
  void *instance;
  PwasmWasmPhase phase;
  const PwasmWasmExport *callbacks[PWASM_HOST_NUM_CALLBACKS];
  const PwasmWasmExport *allocate;
  const char *hostcall; /* that was not allowed: the trap is due to it */
  char trap[160];
  /* The host's own, and callbacks: in each the module may want memory for itself. */
  size_t num_allocations;
  size_t allocations_before_fault; /* SIZE_MAX: there is no fault */
  bool is_limited;                 /* its memory can't grow any more */
  uint32_t max_pages;              /* that it could grow to before */
  uint32_t random;
};

/* Memory of the module; NULL unless all of it is there. */
char *pwasm__wasm_at(PwasmWasm *wasm, uint32_t offset, uint32_t size);
/* What lies at an offset; 0 if nothing does. */
uint32_t pwasm__wasm_load(PwasmWasm *wasm, uint32_t offset);
/* Copies bytes there; false unless there is room. */
bool pwasm__wasm_store(PwasmWasm *wasm, uint32_t offset, const void *bytes, uint32_t size);

#endif
