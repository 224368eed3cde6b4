/* A sink of Envoy's statistics: logs what has changed, of those whose names begin as configured. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

typedef struct StatsSink {
  PwasmPluginContext base;
  PwasmStr prefix;
} StatsSink;

static bool
stats_sink_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  StatsSink *self = PWASM_SELF(StatsSink, ctx);
  PwasmArena *arena = pwasm_context_arena(PWASM_CONTEXT(ctx));
  PwasmStr configuration;
  PwasmStatus status = pwasm_plugin_configuration_get(&configuration);

  (void)configuration_size;
  if (status == PWASM_STATUS_NOT_FOUND)
    return true;
  if (status == PWASM_STATUS_OK)
    status = pwasm_str_dup(arena, configuration, &self->prefix);
  if (status == PWASM_STATUS_OK)
    return true;
  PWASM_LOG_JOIN(PWASM_LOG_ERROR, PWASM_STR("no configuration: "),
                 pwasm_str_from_cstr(pwasm_status_text(status)));
  return false;
}

static void
log_counter(const PwasmEnvoyStat *stat)
{
  PwasmDigits value;
  PwasmDigits delta;

  if (stat->delta > 0)
    PWASM_LOG_JOIN(PWASM_LOG_INFO, stat->name, PWASM_STR(" "),
                   pwasm_str_from_uint64(stat->value, &value), PWASM_STR(" (+"),
                   pwasm_str_from_uint64(stat->delta, &delta), PWASM_STR(")"));
}

static void
log_gauge(const PwasmEnvoyStat *stat)
{
  PwasmDigits value;

  PWASM_LOG_JOIN(PWASM_LOG_INFO, stat->name, PWASM_STR(" "),
                 pwasm_str_from_uint64(stat->value, &value));
}

/* [update] */
static void
stats_sink_on_stats_update(PwasmPluginContext *ctx, PwasmEnvoyStats *stats)
{
  const StatsSink *self = PWASM_SELF(StatsSink, ctx);
  PwasmEnvoyStat stat;
  PwasmStatus status;

  while ((status = pwasm_envoy_stats_next(stats, &stat)) == PWASM_STATUS_OK) {
    if (!pwasm_str_starts_with(stat.name, self->prefix))
      continue;
    if (stat.type == PWASM_ENVOY_STAT_COUNTER)
      log_counter(&stat);
    else
      log_gauge(&stat);
  }
  if (status != PWASM_STATUS_EMPTY)
    PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("statistics are missing: "),
                   pwasm_str_from_cstr(pwasm_status_text(status)));
}

static const PwasmEnvoyPluginContextClass stats_sink_class = {
  PWASM_ENVOY_PLUGIN_SUBCLASS(StatsSink, pwasm_envoy_plugin_context_class),
  PWASM_ENVOY_ON_PLUGIN(on_configure, stats_sink_on_configure),
  PWASM_ON(on_stats_update, stats_sink_on_stats_update),
};

PWASM_PLUGIN(.plugin_class = &stats_sink_class.base);
/* [update] */
