#include "../context_private.h"

const PwasmExport pwasm_export_on_configure = {0};
const PwasmExport pwasm_export_create_plugin_context = {0};

static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t configuration_size, uint32_t b)
{
  PwasmPluginContext *plugin = (PwasmPluginContext *)ctx;

  (void)slot;
  (void)b;
  return PWASM__CALL_SLOT(PwasmPluginContextClass, on_configure, plugin, configuration_size);
}

/* A plugin that was refused, or for which there was no memory, must not pass as configured: setting
 * create_plugin_context pulls in this callback too. */
uint32_t
proxy_on_configure(uint32_t plugin_id, uint32_t configuration_size)
{
  return pwasm__callback(plugin_id, PWASM_CONTEXT_KIND_PLUGIN, call, 0, configuration_size, 0);
}
