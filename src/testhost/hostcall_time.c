#include "host_private.h"

#include <inttypes.h>

uint32_t
proxy_get_current_time_nanoseconds(uint64_t *ret_time_ns)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_get_current_time_nanoseconds))
    return frame.status;
  *ret_time_ns = frame.host->time_ns;
  PWASM_HOSTCALL_RESULTS(&frame, "%" PRIu64, *ret_time_ns);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}
