#include <pwasm/envoy/stats.h>

#include "../context_private.h"

const PwasmExport pwasm_export_on_stats_update = {0};

/* Other classes of plugins end before the slot. */
static bool
has_slot(const PwasmContextClass *klass)
{
  while (klass != NULL && klass != &pwasm_envoy_plugin_context_class.base.base)
    klass = klass->base_class;
  return klass != NULL;
}

static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t size, uint32_t unused)
{
  PwasmEnvoyStats stats = {.size = size};
  void (*function)(PwasmPluginContext *, PwasmEnvoyStats *);

  (void)unused;
  if (!has_slot(ctx->klass))
    return 0;
  PWASM__LOAD_SLOT(function, ctx, slot);
  function((PwasmPluginContext *)ctx, &stats);
  return 0;
}

void
envoy_on_stats_update(uint32_t plugin_id, uint32_t stats_size)
{
  pwasm__callback(plugin_id, PWASM_CONTEXT_KIND_PLUGIN, call,
                  offsetof(PwasmEnvoyPluginContextClass, on_stats_update.fn), stats_size, 0);
}
