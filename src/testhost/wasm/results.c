#include "results_private.h"

/* What nothing in the module's memory lies at. */
static char nothing;

uint32_t
pwasm__wasm_bad_memory(PwasmHostcall hostcall)
{
  PwasmHostcallFrame frame;

  if (!pwasm__hostcall_begin(&frame, hostcall))
    return frame.status;
  return pwasm__hostcall_end(&frame, PWASM_STATUS_INVALID_MEMORY_ACCESS);
}

static uint32_t
give(PwasmWasm *wasm, uint32_t status, uint32_t offset, const void *value, uint32_t size)
{
  if (pwasm__wasm_store(wasm, offset, value, size) || status != PWASM_STATUS_OK)
    return status;
  if (pwasm__is_traced(wasm->vm->host))
    pwasm__trace(wasm->vm->host, "INVALID_MEMORY_ACCESS: the result is to go to 0x%x", offset);
  return PWASM_STATUS_INVALID_MEMORY_ACCESS;
}

uint32_t
pwasm__wasm_give(PwasmWasm *wasm, uint32_t status, uint32_t offset, uint32_t value)
{
  return give(wasm, status, offset, &value, sizeof value);
}

uint32_t
pwasm__wasm_give_64(PwasmWasm *wasm, uint32_t status, uint32_t offset, uint64_t value)
{
  return status == PWASM_STATUS_OK ? give(wasm, status, offset, &value, sizeof value) : status;
}

PwasmWasmBytes
pwasm__wasm_expect(PwasmWasm *wasm, uint32_t ret_size)
{
  return (PwasmWasmBytes){&nothing, pwasm__wasm_load(wasm, ret_size)};
}

uint32_t
pwasm__wasm_give_bytes(PwasmWasm *wasm, uint32_t status, const PwasmWasmBytes *bytes,
                       uint32_t ret_bytes, uint32_t ret_size)
{
  const char *base = pwasm__wasm_at(wasm, 0, 0);

  if (bytes->data != &nothing)
    status = pwasm__wasm_give(wasm, status, ret_bytes,
                              bytes->data == NULL ? 0 : (uint32_t)(bytes->data - base));
  return pwasm__wasm_give(wasm, status, ret_size, bytes->size);
}
