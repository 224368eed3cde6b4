// expect: 'pwasm_export_on_foreign_function' is unavailable: Proxy-Wasm 0.1.0 does not have it
#ifndef CORRECT
#define PWASM_ABI_VERSION 0x000100
#endif
#include <pwasm/pwasm.h>

typedef struct Plugin {
  PwasmPluginContext base;
} Plugin;

static void
on_foreign_function(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  (void)ctx;
  (void)function_id;
  (void)arguments_size;
}

static const PwasmPluginContextClass plugin_class = {
  PWASM_PLUGIN_SUBCLASS(Plugin, pwasm_plugin_context_class),
  PWASM_ON(on_foreign_function, on_foreign_function),
};

PWASM_PLUGIN(.plugin_class = &plugin_class);
