#include "../context_private.h"

const PwasmExport pwasm_export_on_foreign_function = {0};

/* Hosts name whatever context is current: a stream's call is its plugin's. */
static uint32_t
call(PwasmContext *ctx, size_t slot, uint32_t function_id, uint32_t arguments_size)
{
  PwasmPluginContext *plugin =
    (PwasmPluginContext *)(ctx->kind == PWASM_CONTEXT_KIND_PLUGIN ? ctx : ctx->parent);

  (void)slot;
  PWASM__CALL_SLOT(PwasmPluginContextClass, on_foreign_function, plugin, function_id,
                   arguments_size);
  return 0;
}

void
proxy_on_foreign_function(uint32_t context_id, uint32_t function_id, uint32_t arguments_size)
{
  pwasm__callback(context_id, PWASM_WANT_ANY, call, 0, function_id, arguments_size);
}
