#ifndef PWASM_SHARED_QUEUE_H
#define PWASM_SHARED_QUEUE_H

/** @file
 *  @brief Shared queues: values from one plugin to another, in whatever VM.
 *
 *  The receiver registers a queue by name, best while it is configured, and takes values out in
 *  `on_queue_ready`; the senders resolve it by the receiver's `vm_id` and the name.
 *
 *  In Envoy who registers a queue last gets all its `on_queue_ready`. A receiver that runs in each
 *  worker registers it in each, so make it a singleton (`envoy.bootstrap.wasm`).
 */

#include <pwasm/abi.h>
#include <pwasm/header_map.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** A shared queue. */
typedef struct PwasmSharedQueue {
  uint32_t id; /**< the host's, opaque */
} PwasmSharedQueue;

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__shared_queue_register(const char *name, size_t name_len,
                                         PwasmSharedQueue *ret_queue);
PwasmStatus pwasm__shared_queue_resolve(const char *vm_id, size_t vm_id_len, const char *name,
                                        size_t name_len, PwasmSharedQueue *ret_queue);
PwasmStatus pwasm__shared_queue_dequeue(uint32_t id, PwasmStr *ret_value);
/** @endcond */

/** Makes a queue, or takes one over with what is in it: the current plugin gets its
 *  `on_queue_ready` from now on.
 *
 *  @param      name       which queue of this VM's `vm_id`
 *  @param[out] ret_queue  the queue; untouched on failure
 *  @retval PWASM_STATUS_OK             registered
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no queues (ngx_wasm_module traps for a queue that
 *                                      its own configuration does not have)
 *  @retval PWASM_STATUS_TOO_LARGE      @p name has 4 GiB or more
 *  @hostcall{proxy_register_shared_queue}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_queue_register(PwasmStr name, PwasmSharedQueue *ret_queue)
{
  return pwasm__shared_queue_register(name.data, name.len, ret_queue);
}

/** Finds a queue that somebody else has registered. ngx_wasm_module traps on this call.
 *
 *  Plugins start in any order, so not to find a queue at the start is normal: ask again later, for
 *  instance with each stream.
 *
 *  @param      vm_id      the receiver's `vm_id`; empty for this VM's own
 *  @param      name       which of its queues
 *  @param[out] ret_queue  the queue; untouched on failure
 *  @retval PWASM_STATUS_OK             found
 *  @retval PWASM_STATUS_NOT_FOUND      nobody has registered it yet
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no queues
 *  @retval PWASM_STATUS_TOO_LARGE      @p vm_id or @p name has 4 GiB or more
 *  @hostcall{proxy_resolve_shared_queue}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_queue_resolve(PwasmStr vm_id, PwasmStr name, PwasmSharedQueue *ret_queue)
{
  return pwasm__shared_queue_resolve(vm_id.data, vm_id.len, name.data, name.len, ret_queue);
}

/** Puts a value at the end of a queue. Its receiver is told by `on_queue_ready`, later.
 *
 *  @param queue  the queue
 *  @param value  borrowed for the call; may be empty
 *  @retval PWASM_STATUS_OK         the queue has it
 *  @retval PWASM_STATUS_NOT_FOUND  there is no such queue (ngx_wasm_module traps, also when it is full)
 *  @retval PWASM_STATUS_TOO_LARGE  @p value has 4 GiB or more
 *  @hostcall{proxy_enqueue_shared_queue}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_queue_enqueue(PwasmSharedQueue queue, PwasmStr value)
{
  if (!pwasm__fits(value.len, 0))
    return PWASM_STATUS_TOO_LARGE;
  return (PwasmStatus)proxy_enqueue_shared_queue(queue.id, value.data, (uint32_t)value.len);
}

/** Takes the value at the beginning of a queue out of it.
 *
 *  @param      queue      the queue
 *  @param[out] ret_value  the value, which may be empty, but not missing; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             taken
 *  @retval PWASM_STATUS_EMPTY          there is none, an ordinary answer, also in `on_queue_ready`
 *  @retval PWASM_STATUS_NOT_FOUND      there is no such queue (ngx_wasm_module traps)
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit; in Envoy the value is lost
 *  @hostcall{proxy_dequeue_shared_queue}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_shared_queue_dequeue(PwasmSharedQueue queue, PwasmStr *ret_value)
{
  return pwasm__shared_queue_dequeue(queue.id, ret_value);
}

PWASM_END_DECLS

#endif
