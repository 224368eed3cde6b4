/* The VM and the plugin: metrics, configuration, ticks, the queue. */

#include "stress.h"

#define TICK_PERIOD_MS 20
#define TICKS_PER_CALL 25

static bool
stress_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  StressVm *self = PWASM_SELF(StressVm, ctx);
  struct {
    PwasmStr name;
    PwasmCounter *counter;
  } counters[] = {
    {PWASM_STR("stress.streams"), &self->streams},
    {PWASM_STR("stress.logs"), &self->logs},
    {PWASM_STR("stress.cleanups"), &self->cleanups},
    {PWASM_STR("stress.unexpected"), &self->unexpected},
    {PWASM_STR("stress.calls"), &self->calls},
    {PWASM_STR("stress.call_answers"), &self->call_answers},
    {PWASM_STR("stress.call_failures"), &self->call_failures},
    {PWASM_STR("stress.call_cancels"), &self->call_cancels},
    {PWASM_STR("stress.enqueued"), &self->enqueued},
    {PWASM_STR("stress.dequeued"), &self->dequeued},
    {PWASM_STR("stress.ticks"), &self->ticks},
  };

  (void)configuration_size;
  for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
    if (pwasm_counter_define(counters[i].name, counters[i].counter) != PWASM_STATUS_OK)
      return false;
  }
  return pwasm_gauge_define(PWASM_STR("stress.streams_live"), &self->streams_live) ==
           PWASM_STATUS_OK &&
         pwasm_gauge_define(PWASM_STR("stress.plugins_live"), &self->plugins_live) ==
           PWASM_STATUS_OK &&
         pwasm_gauge_define(PWASM_STR("stress.shared_logs"), &self->shared_logs) ==
           PWASM_STATUS_OK &&
         pwasm_histogram_define(PWASM_STR("stress.body_size"), &self->body_size) ==
           PWASM_STATUS_OK &&
         pwasm_shared_data_update(PWASM_STR("stress.vms"), stress_add_one, &self->number, 1000) ==
           PWASM_STATUS_OK;
}

static const PwasmVmContextClass stress_vm_class = {
  PWASM_VM_SUBCLASS(StressVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, stress_on_vm_start),
};

static bool
stress_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  StressPlugin *self = PWASM_SELF(StressPlugin, ctx);
  PwasmContext *context = PWASM_CONTEXT(ctx);
  PwasmStr configuration;

  if (!stress_ok(context, pwasm_plugin_configuration_get(&configuration), "get configuration") ||
      !stress_true(context, configuration.len == configuration_size, "the announced size") ||
      !stress_ok(context,
                 pwasm_str_dup(pwasm_context_arena(context), configuration, &self->configuration),
                 "keep configuration"))
    return false;
  self->generation =
    pwasm_str_slice(self->configuration, 0, pwasm_str_find(self->configuration, PWASM_STR(" ")));
  stress_ok(context, pwasm_gauge_add(stress_vm(context)->plugins_live, 1), "gauge");
  return stress_ok(context, pwasm_shared_queue_register(PWASM_STR("stress"), &self->queue),
                   "register a queue") &&
         stress_ok(context, pwasm_timer_set_period(ctx, TICK_PERIOD_MS), "set a timer");
}

static void
stress_plugin_finalize(PwasmContext *ctx)
{
  stress_ok(ctx, pwasm_gauge_add(stress_vm(ctx)->plugins_live, -1), "gauge");
}

static void
stress_drain(StressPlugin *self)
{
  PwasmContext *ctx = PWASM_CONTEXT(&self->base);
  PwasmStr value;
  PwasmStatus status;

  while ((status = pwasm_shared_queue_dequeue(self->queue, &value)) == PWASM_STATUS_OK) {
    stress_true(ctx, value.len > 0, "a value that was put in");
    stress_count(ctx, stress_vm(ctx)->dequeued);
  }
  stress_true(ctx, status == PWASM_STATUS_EMPTY, "an empty queue");
}

static void
stress_on_queue_ready(PwasmPluginContext *ctx, PwasmSharedQueue queue)
{
  StressPlugin *self = PWASM_SELF(StressPlugin, ctx);

  stress_true(PWASM_CONTEXT(ctx), queue.id == self->queue.id, "the queue of this plugin");
  stress_drain(self);
}

static void
publish_shared_logs(PwasmContext *ctx)
{
  uint64_t num_logs = 0;
  PwasmStr value;
  PwasmStatus status = pwasm_shared_data_get(PWASM_STR("stress.logs"), &value, NULL);

  if (status == PWASM_STATUS_NOT_FOUND)
    return;
  if (stress_ok(ctx, status, "get shared data") &&
      stress_ok(ctx, pwasm_str_to_uint64(value, &num_logs), "a shared number"))
    stress_ok(ctx, pwasm_gauge_set(stress_vm(ctx)->shared_logs, num_logs), "gauge");
}

static void
stress_on_tick(PwasmPluginContext *ctx)
{
  StressPlugin *self = PWASM_SELF(StressPlugin, ctx);

  stress_count(PWASM_CONTEXT(ctx), stress_vm(PWASM_CONTEXT(ctx))->ticks);
  if (self->num_ticks++ % TICKS_PER_CALL == 0)
    stress_call_of_plugin(self);
  publish_shared_logs(PWASM_CONTEXT(ctx));
  /* Who was notified of a value may be a plugin that has gone since. */
  stress_drain(self);
}

static const PwasmPluginContextClass stress_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(StressPlugin, pwasm_plugin_context_class),
  .base.finalize = stress_plugin_finalize,
  PWASM_ON(on_configure, stress_on_configure),
  PWASM_ON(on_tick, stress_on_tick),
  PWASM_ON(on_queue_ready, stress_on_queue_ready),
};

PWASM_PLUGIN(.vm_class = &stress_vm_class, .plugin_class = &stress_plugin_class,
             .http_class = &stress_stream_class);
