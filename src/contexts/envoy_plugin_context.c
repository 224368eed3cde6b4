#include <pwasm/envoy/stats.h>

#include "context_private.h"

static void
default_on_stats_update(PwasmPluginContext *ctx, PwasmEnvoyStats *stats)
{
  (void)ctx;
  (void)stats;
}

const PwasmEnvoyPluginContextClass pwasm_envoy_plugin_context_class = {
  .base.base.name = PWASM__CLASS_NAME("PwasmEnvoyPluginContext"),
  .base.base.base_class = &pwasm_plugin_context_class.base,
  .base.base.instance_size = sizeof(PwasmPluginContext),
  PWASM__DEFAULT(on_stats_update, default_on_stats_update),
};
