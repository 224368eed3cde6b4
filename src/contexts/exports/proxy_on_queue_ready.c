#include "../context_private.h"

const PwasmExport pwasm_export_on_queue_ready = {0};

static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t queue_id, uint32_t b)
{
  PwasmPluginContext *plugin = (PwasmPluginContext *)ctx;

  (void)slot;
  (void)b;
  PWASM__CALL_SLOT(PwasmPluginContextClass, on_queue_ready, plugin,
                   (PwasmSharedQueue){.id = queue_id});
  return 0;
}

void
proxy_on_queue_ready(uint32_t plugin_id, uint32_t queue_id)
{
  pwasm__callback(plugin_id, PWASM_CONTEXT_KIND_PLUGIN, call, 0, queue_id, 0);
}
