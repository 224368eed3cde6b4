#include "host_private.h"

uint32_t
pwasm_host_call_with(PwasmHostVm *vm, const char *name, uint32_t context_id,
                     const uint32_t arguments[4])
{
  uint32_t *more = vm->host->calls.more_arguments;
  const uint32_t previous[2] = {more[0], more[1]};
  uint32_t result;

  more[0] = arguments[2];
  more[1] = arguments[3];
  result = pwasm_host_call(vm, name, context_id, arguments[0], arguments[1]);
  more[0] = previous[0];
  more[1] = previous[1];
  return result;
}
