#include "guard.h"

#define TICK_PERIOD_MS 100

bool
guard_went_well(PwasmStatus status, const char *what)
{
  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_WARN, "guard: %s: %s", what, pwasm_status_text(status));
  return status == PWASM_STATUS_OK;
}

/* ---- the VM ---- */

typedef struct GuardVm {
  PwasmVmContext base;
} GuardVm;

static bool
guard_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = {0};

  (void)ctx;
  if (configuration_size > 0 &&
      !guard_went_well(pwasm_vm_configuration_get(&configuration), "the VM's configuration"))
    return false;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("vm starts"));
  return !pwasm_str_equal(configuration, PWASM_STR("refuse"));
}

/* ---- the plugin ---- */

/* The nesting of a configuration; recursive like many a parser. */
static size_t
depth_of(PwasmStr text, size_t max_depth)
{
  if (text.len == 0 || text.data[0] != '[' || max_depth == 0)
    return 0;
  return 1 + depth_of(pwasm_str_slice(text, 1, SIZE_MAX), max_depth - 1);
}

/* What the configuration says is `NAME`, a line break, and whatever else; "bad" is refused, and so
 * is what is nested too deep. */
static bool
parse(PwasmStr configuration, PwasmStr *ret_name)
{
  enum { MAX_DEPTH = 64 };

  if (pwasm_str_starts_with(configuration, PWASM_STR("bad")) ||
      depth_of(configuration, MAX_DEPTH + 1) > MAX_DEPTH)
    return false;
  *ret_name = pwasm_str_slice(configuration, 0, pwasm_str_find(configuration, PWASM_STR("\n")));
  return true;
}

static void
use_services(GuardPlugin *self)
{
  guard_went_well(pwasm_timer_set_period(&self->base, TICK_PERIOD_MS), "timer");
  if (!self->has_metrics)
    self->has_metrics =
      guard_went_well(pwasm_counter_define(PWASM_STR("guard_requests"), &self->requests),
                      "counter") &&
      guard_went_well(pwasm_gauge_define(PWASM_STR("guard_open"), &self->open), "gauge") &&
      guard_went_well(pwasm_histogram_define(PWASM_STR("guard_body_size"), &self->body_size),
                      "histogram");
  if (!self->has_queue)
    self->has_queue =
      guard_went_well(pwasm_shared_queue_register(PWASM_STR("guard"), &self->queue), "queue");
}

static bool
guard_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  GuardPlugin *self = PWASM_SELF(GuardPlugin, ctx);
  PwasmArena arena = {0};
  PwasmStr configuration = PWASM_STR("");
  PwasmStr name;

  /* All of it is kept, as a plugin with many rules would. */
  if (configuration_size > 0 &&
      (!guard_went_well(pwasm_plugin_configuration_get(&configuration), "configuration") ||
       !guard_went_well(pwasm_str_dup(&arena, configuration, &configuration), "configuration")))
    return false;
  if (!parse(configuration, &name)) {
    pwasm_arena_reset(&arena);
    pwasm_log(PWASM_LOG_ERROR, PWASM_STR("guard: bad configuration"));
    return false;
  }
  pwasm_arena_reset(&self->configuration);
  self->configuration = arena;
  self->name = name;
  use_services(self);
  return true;
}

static void
guard_plugin_finalize(PwasmContext *ctx)
{
  GuardPlugin *self = PWASM_SELF(GuardPlugin, PWASM_SELF(PwasmPluginContext, ctx));

  pwasm_arena_reset(&self->configuration);
}

static void
guard_on_tick(PwasmPluginContext *ctx)
{
  GuardPlugin *self = PWASM_SELF(GuardPlugin, ctx);

  while (self->waiting != NULL) {
    GuardHttp *http = self->waiting;

    guard_leave(http);
    guard_decide(http, (http->orders & GUARD_WAIT_DENY) == 0);
  }
  if (self->is_ending)
    self->is_ending = !guard_went_well(pwasm_plugin_context_done(ctx), "done");
}

static void
guard_on_queue_ready(PwasmPluginContext *ctx, PwasmSharedQueue queue)
{
  PwasmStr value;
  PwasmStatus status;

  (void)ctx;
  while ((status = pwasm_shared_queue_dequeue(queue, &value)) == PWASM_STATUS_OK)
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("told: "), value);
  if (status != PWASM_STATUS_EMPTY)
    guard_went_well(status, "queue");
}

static void
guard_on_foreign_function(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  PwasmStr arguments;

  (void)ctx;
  if (guard_went_well(
        pwasm_buffer_get(PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS, 0, arguments_size, &arguments),
        "arguments"))
    pwasm_logf(PWASM_LOG_INFO, "foreign: %u %.*s", function_id, PWASM_STR_ARG(arguments));
}

/* A plugin named "patient" has something to do till the next tick. */
static bool
guard_plugin_on_done(PwasmContext *ctx)
{
  GuardPlugin *self = PWASM_SELF(GuardPlugin, PWASM_SELF(PwasmPluginContext, ctx));

  self->is_ending = pwasm_str_equal(self->name, PWASM_STR("patient"));
  return !self->is_ending;
}

static const PwasmVmContextClass guard_vm_class = {
  PWASM_VM_SUBCLASS(GuardVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, guard_on_vm_start),
};

static const PwasmPluginContextClass guard_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(GuardPlugin, pwasm_plugin_context_class),
  .base.finalize = guard_plugin_finalize,
  PWASM_ON_BASE(on_done, guard_plugin_on_done),
  PWASM_ON(on_configure, guard_on_configure),
  PWASM_ON(on_tick, guard_on_tick),
  PWASM_ON(on_queue_ready, guard_on_queue_ready),
  PWASM_ON(on_foreign_function, guard_on_foreign_function),
};

PWASM_PLUGIN(.vm_class = &guard_vm_class, .plugin_class = &guard_plugin_class,
             .http_class = &guard_http_class, .tcp_class = &guard_tcp_class);
