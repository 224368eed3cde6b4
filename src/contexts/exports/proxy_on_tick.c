#include "../context_private.h"

const PwasmExport pwasm_export_on_tick = {0};

static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t a, uint32_t b)
{
  PwasmPluginContext *plugin = (PwasmPluginContext *)ctx;

  (void)slot;
  (void)a;
  (void)b;
  PWASM__CALL_SLOT(PwasmPluginContextClass, on_tick, plugin);
  return 0;
}

void
proxy_on_tick(uint32_t plugin_id)
{
  pwasm__callback(plugin_id, PWASM_CONTEXT_KIND_PLUGIN, call, 0, 0, 0);
}
