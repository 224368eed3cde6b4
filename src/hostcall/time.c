#include <pwasm/time.h>

#include <pwasm/abi.h>

PwasmStatus
pwasm_time_get(uint64_t *ret_time_ns)
{
  uint64_t time_ns = 0;
  PwasmStatus status = (PwasmStatus)proxy_get_current_time_nanoseconds(&time_ns);

  if (status == PWASM_STATUS_OK)
    *ret_time_ns = time_ns;
  return status;
}
