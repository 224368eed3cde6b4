#include <pwasm/buffer.h>

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

static void
default_on_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
}

static void
default_on_queue_ready(PwasmPluginContext *ctx, PwasmSharedQueue queue)
{
  (void)ctx;
  (void)queue;
}

static void
default_on_foreign_function(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  (void)ctx;
  (void)function_id;
  (void)arguments_size;
}

const PwasmPluginContextClass pwasm_plugin_context_class = {
  PWASM__SUBCLASS_ROOT(PwasmPluginContext),
  PWASM__DEFAULT(on_configure, default_on_configure),
  PWASM__DEFAULT(create_http_context, default_create_http_context),
  PWASM__DEFAULT(create_tcp_context, default_create_tcp_context),
  PWASM__DEFAULT(on_tick, default_on_tick),
  PWASM__DEFAULT(on_queue_ready, default_on_queue_ready),
  PWASM__DEFAULT(on_foreign_function, default_on_foreign_function),
};

PwasmStatus
pwasm_plugin_configuration_get(PwasmStr *ret_configuration)
{
  return pwasm_buffer_get(PWASM_BUFFER_PLUGIN_CONFIGURATION, 0, SIZE_MAX, ret_configuration);
}

static uint32_t
done(uint32_t unused)
{
  (void)unused;
  return proxy_done();
}

PwasmStatus
pwasm_plugin_context_done(PwasmPluginContext *ctx)
{
  return pwasm__effective_call(&ctx->base, done, 0);
}
