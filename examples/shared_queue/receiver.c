/* Shared queues, the receiving end: logs what arrives in the queue that the configuration names. */

#include <pwasm/pwasm.h>

typedef struct ReceiverPlugin {
  PwasmPluginContext base;
  PwasmStr name; /* of its queue */
} ReceiverPlugin;

static bool
receiver_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  ReceiverPlugin *self = PWASM_SELF(ReceiverPlugin, ctx);
  PwasmSharedQueue queue;
  PwasmStatus status = pwasm_plugin_configuration_get(&self->name);

  (void)configuration_size;
  if (status == PWASM_STATUS_OK && self->name.len == 0)
    status = PWASM_STATUS_NOT_FOUND;
  if (status == PWASM_STATUS_OK)
    status = pwasm_str_dup(pwasm_context_arena(&ctx->base), self->name, &self->name);
  if (status == PWASM_STATUS_OK)
    status = pwasm_shared_queue_register(self->name, &queue);
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_CRITICAL, "error registering queue: %s", pwasm_status_text(status));
    return false;
  }
  pwasm_logf(PWASM_LOG_INFO, "queue \"%.*s\" registered as queueID=%u by contextID=%u",
             PWASM_STR_ARG(self->name), queue.id, pwasm_context_id(&ctx->base));
  return true;
}

//! [drain]
static void
receiver_on_queue_ready(PwasmPluginContext *ctx, PwasmSharedQueue queue)
{
  const ReceiverPlugin *self = PWASM_SELF(ReceiverPlugin, ctx);
  PwasmStr value;
  PwasmStatus status;

  /* There may be more than one value, or none. */
  while ((status = pwasm_shared_queue_dequeue(queue, &value)) == PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_INFO, "(contextID=%u) dequeued data from %.*s(queueID=%u): %.*s",
               pwasm_context_id(&ctx->base), PWASM_STR_ARG(self->name), queue.id,
               PWASM_STR_ARG(value));
  if (status != PWASM_STATUS_EMPTY)
    pwasm_logf(PWASM_LOG_CRITICAL, "error retrieving data from queue %u: %s", queue.id,
               pwasm_status_text(status));
}
//! [drain]

static const PwasmPluginContextClass receiver_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(ReceiverPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, receiver_on_configure),
  PWASM_ON(on_queue_ready, receiver_on_queue_ready),
};

PWASM_PLUGIN(.plugin_class = &receiver_plugin_class);
