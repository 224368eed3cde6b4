#include "context_private.h"

static bool
default_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  return true;
}

static const PwasmHttpContextClass *
default_create_http_context(PwasmPluginContext *ctx)
{
  (void)ctx;
  return pwasm_plugin.http_class;
}

static const PwasmTcpContextClass *
default_create_tcp_context(PwasmPluginContext *ctx)
{
  (void)ctx;
  return pwasm_plugin.tcp_class;
}

const PwasmPluginContextClass pwasm_plugin_context_class = {
  PWASM__SUBCLASS_ROOT(PwasmPluginContext),
  PWASM__DEFAULT(on_configure, default_on_configure),
  PWASM__DEFAULT(create_http_context, default_create_http_context),
  PWASM__DEFAULT(create_tcp_context, default_create_tcp_context),
};
