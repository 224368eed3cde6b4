#include "result_private.h"

#include "../core/vm_private.h"

PwasmStatus
pwasm__result(uint32_t status, const char *bytes, uint32_t size, PwasmStr *ret_bytes)
{
  PwasmVm *vm = pwasm__vm();

  if (vm->allocation_failed) {
    vm->allocation_failed = false;
    return PWASM_STATUS_OUT_OF_MEMORY;
  }
  if (status != PWASM_STATUS_OK)
    return (PwasmStatus)status;
  if (bytes == NULL) {
    bytes = "";
    size = 0;
  }
  *ret_bytes = pwasm_str(bytes, size);
  return PWASM_STATUS_OK;
}
