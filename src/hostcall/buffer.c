#include <pwasm/buffer.h>

#include "result_private.h"

PwasmStatus
pwasm_buffer_get(PwasmBuffer buffer, size_t start, size_t max_size, PwasmStr *ret_bytes)
{
  char *bytes = NULL;
  uint32_t size = 0;
  uint32_t status;

  if (!pwasm__fits(start, 0))
    return PWASM_STATUS_TOO_LARGE;
  if (max_size > UINT32_MAX - start)
    max_size = UINT32_MAX - start;
  status =
    proxy_get_buffer_bytes((uint32_t)buffer, (uint32_t)start, (uint32_t)max_size, &bytes, &size);
  return pwasm__result(status, bytes, size, ret_bytes);
}
