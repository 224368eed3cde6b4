#include "context_private.h"

static PwasmAction
default_on_new_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
default_on_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static void
default_on_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  (void)peer;
}

const PwasmTcpContextClass pwasm_tcp_context_class = {
  PWASM__SUBCLASS_ROOT(PwasmTcpContext),
  PWASM__DEFAULT(on_new_connection, default_on_new_connection),
  PWASM__DEFAULT(on_downstream_data, default_on_data),
  PWASM__DEFAULT(on_downstream_close, default_on_close),
  PWASM__DEFAULT(on_upstream_data, default_on_data),
  PWASM__DEFAULT(on_upstream_close, default_on_close),
};

/* Here, since naming a TCP class is what makes a module contain this file. */
bool
pwasm__tcp_create(uint32_t id, PwasmPluginContext *plugin, const PwasmHttpContextClass *http_class)
{
  const PwasmTcpContextClass *tcp_class =
    PWASM__CALL_SLOT(PwasmPluginContextClass, create_tcp_context, plugin);

  if (tcp_class == NULL)
    return false;
  if (http_class != NULL)
    pwasm__undecided_new(http_class, tcp_class, id, &plugin->base);
  else
    pwasm__context_new(&tcp_class->base, PWASM_CONTEXT_KIND_TCP, id, &plugin->base);
  return true;
}
