#include <pwasm/metric.h>

#include <pwasm/header_map.h>

PwasmStatus
pwasm__metric_define(uint32_t type, const char *name, size_t name_len, uint32_t *ret_id)
{
  uint32_t id = 0;
  PwasmStatus status;

  if (!pwasm__fits(name_len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = (PwasmStatus)proxy_define_metric(type, name, (uint32_t)name_len, &id);
  if (status == PWASM_STATUS_OK)
    *ret_id = id;
  return status;
}

PwasmStatus
pwasm__metric_get(uint32_t id, uint64_t *ret_value)
{
  /* Some hosts trap when this is not aligned to its size. */
  _Alignas(8) uint64_t value = 0;
  PwasmStatus status = (PwasmStatus)proxy_get_metric(id, &value);

  if (status == PWASM_STATUS_OK)
    *ret_value = value;
  return status;
}
