#include <pwasm/shared_queue.h>

#include "result_private.h"

PwasmStatus
pwasm__shared_queue_register(const char *name, size_t name_len, PwasmSharedQueue *ret_queue)
{
  uint32_t id = 0;
  PwasmStatus status;

  if (!pwasm__fits(name_len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = (PwasmStatus)proxy_register_shared_queue(name, (uint32_t)name_len, &id);
  if (status == PWASM_STATUS_OK)
    ret_queue->id = id;
  return status;
}

PwasmStatus
pwasm__shared_queue_resolve(const char *vm_id, size_t vm_id_len, const char *name, size_t name_len,
                            PwasmSharedQueue *ret_queue)
{
  uint32_t id = 0;
  PwasmStatus status;

  if (!pwasm__fits(vm_id_len, name_len))
    return PWASM_STATUS_TOO_LARGE;
  status = (PwasmStatus)proxy_resolve_shared_queue(vm_id, (uint32_t)vm_id_len, name,
                                                   (uint32_t)name_len, &id);
  if (status == PWASM_STATUS_OK)
    ret_queue->id = id;
  return status;
}

PwasmStatus
pwasm__shared_queue_dequeue(uint32_t id, PwasmStr *ret_value)
{
  char *value = NULL;
  uint32_t value_size = 0;
  uint32_t status = proxy_dequeue_shared_queue(id, &value, &value_size);

  return pwasm__result(status, value, value_size, ret_value);
}
