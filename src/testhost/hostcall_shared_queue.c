#include <pwasm/testhost/shared_queue.h>

#include <stdlib.h>

#include "host_private.h"

/* More than this at once, and the plugins do nothing but notify each other. */
#define MAX_NOTIFICATIONS 1000000

PwasmHostQueue *
pwasm__host_queue_find(const PwasmHost *host, PwasmStr vm_id, PwasmStr name)
{
  PwasmHostQueue *queue = host->services.queues;

  while (queue != NULL &&
         (!pwasm_str_equal(queue->vm_id, vm_id) || !pwasm_str_equal(queue->name, name)))
    queue = queue->next;
  return queue;
}

static PwasmHostQueue *
find_id(const PwasmHost *host, uint32_t id)
{
  PwasmHostQueue *queue = host->services.queues;

  while (queue != NULL && queue->id != id)
    queue = queue->next;
  return queue;
}

static PwasmHostQueue *
add(PwasmHost *host, PwasmStr vm_id, PwasmStr name)
{
  PwasmHostQueue *queue = pwasm__host_alloc(sizeof *queue);

  queue->vm_id = pwasm__host_str_dup(vm_id);
  queue->name = pwasm__host_str_dup(name);
  queue->id = ++host->services.last_queue_id;
  queue->next = host->services.queues;
  host->services.queues = queue;
  return queue;
}

static void
enqueue(PwasmHost *host, PwasmHostQueue *queue, PwasmStr bytes)
{
  PwasmHostQueueValue **value = &queue->values;
  PwasmHostNotification **notification = &host->services.notifications;

  while (*value != NULL)
    value = &(*value)->next;
  *value = pwasm__host_alloc(sizeof **value);
  (*value)->value = pwasm__host_str_dup(bytes);
  while (*notification != NULL)
    notification = &(*notification)->next;
  *notification = pwasm__host_alloc(sizeof **notification);
  (*notification)->receiver = queue->receiver;
  (*notification)->queue_id = queue->id;
}

static void
drop_first(PwasmHostQueue *queue)
{
  PwasmHostQueueValue *value = queue->values;

  queue->values = value->next;
  free((void *)(uintptr_t)value->value.data);
  free(value);
}

uint32_t
proxy_register_shared_queue(const char *name, uint32_t name_size, uint32_t *ret_queue_id)
{
  PwasmHostcallFrame frame;
  PwasmHostQueue *queue;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_register_shared_queue))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s", PWASM_QUOTE(name, name_size));
  if (frame.context == NULL || frame.context->plugin == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  queue = pwasm__host_queue_find(frame.host, frame.context->vm->id, pwasm_str(name, name_size));
  if (queue == NULL && pwasm__is_ngx(frame.host))
    return pwasm__hostcall_trap(&frame, "nginx's configuration does not have the queue");
  if (queue == NULL)
    queue = add(frame.host, frame.context->vm->id, pwasm_str(name, name_size));
  queue->receiver = frame.context->plugin;
  *ret_queue_id = queue->id;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", queue->id);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_resolve_shared_queue(const char *vm_id, uint32_t vm_id_size, const char *name,
                           uint32_t name_size, uint32_t *ret_queue_id)
{
  PwasmHostcallFrame frame;
  const PwasmHostQueue *queue;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_resolve_shared_queue))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, vm_id, vm_id_size) ||
      !pwasm__hostcall_takes(&frame, name, name_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s", PWASM_QUOTE(vm_id, vm_id_size),
                           PWASM_QUOTE(name, name_size));
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  queue = pwasm__host_queue_find(
    frame.host, vm_id_size == 0 ? frame.context->vm->id : pwasm_str(vm_id, vm_id_size),
    pwasm_str(name, name_size));
  if (queue == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_NOT_FOUND);
  *ret_queue_id = queue->id;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", queue->id);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_enqueue_shared_queue(uint32_t queue_id, const char *value, uint32_t value_size)
{
  PwasmHostcallFrame frame;
  PwasmHostQueue *queue;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_enqueue_shared_queue))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, value, value_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u, %s", queue_id, PWASM_QUOTE(value, value_size));
  queue = find_id(frame.host, queue_id);
  if (queue == NULL)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_NOT_FOUND, "there is no queue %u", queue_id);
  enqueue(frame.host, queue, pwasm_str(value, value_size));
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_dequeue_shared_queue(uint32_t queue_id, char **ret_value, uint32_t *ret_value_size)
{
  PwasmHostcallFrame frame;
  PwasmHostQueue *queue;
  PwasmStr value;
  uint32_t status;

  if (!PWASM_HOSTCALL_BEGIN_BYTES(&frame, proxy_dequeue_shared_queue, ret_value, ret_value_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", queue_id);
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  queue = find_id(frame.host, queue_id);
  if (queue == NULL)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_NOT_FOUND, "there is no queue %u", queue_id);
  if (queue->values == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_EMPTY);
  value = queue->values->value;
  PWASM_HOSTCALL_RESULTS(&frame, "%s", PWASM_QUOTE(value.data, value.len));
  /* As in Envoy: when the guest has no memory for it, it is lost. */
  status = pwasm__guest_return(frame.context->vm, value, ret_value, ret_value_size);
  drop_first(queue);
  return pwasm__hostcall_end(&frame, status);
}

/* Takes the oldest notification and delivers it; false when nobody is there for it. */
static bool
notify_first(PwasmHost *host)
{
  PwasmHostNotification notification = *host->services.notifications;
  PwasmHostPlugin *plugin = notification.receiver;

  free(host->services.notifications);
  host->services.notifications = notification.next;
  if (plugin == NULL || plugin->state == PWASM_HOST_PLUGIN_DELETED)
    return false;
  pwasm__host_enter(plugin->vm, PWASM_HOST_CALLBACK_on_queue_ready, plugin->context.id,
                    notification.queue_id, 0, NULL);
  pwasm__host_settle(host);
  return true;
}

size_t
pwasm_host_shared_queue_notify(PwasmHost *host)
{
  size_t num_delivered = 0;

  while (host->services.notifications != NULL) {
    if (notify_first(host))
      num_delivered++;
    if (num_delivered == MAX_NOTIFICATIONS) {
      PWASM__HOST_MISUSE(host, "notifications of queues cause each other without an end");
      break;
    }
  }
  return num_delivered;
}

void
pwasm_host_shared_queue_enqueue(PwasmHost *host, const char *vm_id, const char *name,
                                PwasmStr value)
{
  PwasmHostQueue *queue =
    pwasm__host_queue_find(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(name));

  if (queue == NULL)
    PWASM__HOST_MISUSE(host, "nobody has registered the queue %s of the VM \"%s\"", name, vm_id);
  else
    enqueue(host, queue, value);
}

void
pwasm_host_shared_queue_declare(PwasmHost *host, const char *vm_id, const char *name)
{
  if (pwasm__host_queue_find(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(name)) == NULL)
    add(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(name));
}

PwasmStr
pwasm_host_shared_queue_peek(const PwasmHost *host, const char *vm_id, const char *name,
                             size_t index)
{
  const PwasmHostQueue *queue =
    pwasm__host_queue_find(host, pwasm_str_from_cstr(vm_id), pwasm_str_from_cstr(name));
  const PwasmHostQueueValue *value = queue == NULL ? NULL : queue->values;

  while (value != NULL && index-- > 0)
    value = value->next;
  return value == NULL ? pwasm_str(NULL, 0) : value->value;
}

void
pwasm__host_shared_queues_free(PwasmHostServices *services)
{
  while (services->queues != NULL) {
    PwasmHostQueue *queue = services->queues;

    services->queues = queue->next;
    while (queue->values != NULL)
      drop_first(queue);
    free((void *)(uintptr_t)queue->vm_id.data);
    free((void *)(uintptr_t)queue->name.data);
    free(queue);
  }
  while (services->notifications != NULL) {
    PwasmHostNotification *notification = services->notifications;

    services->notifications = notification->next;
    free(notification);
  }
}
