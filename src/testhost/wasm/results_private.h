#ifndef PWASM_TESTHOST_WASM_RESULTS_PRIVATE_H
#define PWASM_TESTHOST_WASM_RESULTS_PRIVATE_H

/* What hostcalls return to a module. Each function takes the status so far and returns it, or
 * INVALID_MEMORY_ACCESS when all went well but for the module's pointer. A failure may return something too:
 * it is passed on if there is room. */

#include "wasm_private.h"

/* Bytes that the host returns, which lie in the module's memory. */
typedef struct PwasmWasmBytes {
  char *data;
  uint32_t size;
} PwasmWasmBytes;

/* A hostcall that got a bad pointer: INVALID_MEMORY_ACCESS. */
uint32_t pwasm__wasm_bad_memory(PwasmHostcall hostcall);

uint32_t pwasm__wasm_give(PwasmWasm *wasm, uint32_t status, uint32_t offset, uint32_t value);
/* Only if all went well. */
uint32_t pwasm__wasm_give_64(PwasmWasm *wasm, uint32_t status, uint32_t offset, uint64_t value);

/* Bytes that say so if nothing is returned; what the module has for their size stays then. */
PwasmWasmBytes pwasm__wasm_expect(PwasmWasm *wasm, uint32_t ret_size);
uint32_t pwasm__wasm_give_bytes(PwasmWasm *wasm, uint32_t status, const PwasmWasmBytes *bytes,
                                uint32_t ret_bytes, uint32_t ret_size);

#endif
