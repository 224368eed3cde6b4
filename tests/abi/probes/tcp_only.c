/* Overrides all callbacks of TCP, so that all of them are exported, and nothing of HTTP. */
#include <pwasm/pwasm.h>

typedef struct Probe {
  PwasmTcpContext base;
} Probe;

static PwasmAction
probe_on_new_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
probe_on_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  (void)data_size;
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static void
probe_on_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  (void)peer;
}

static const PwasmTcpContextClass probe_class = {
  PWASM_TCP_SUBCLASS(Probe, pwasm_tcp_context_class),
  PWASM_ON(on_new_connection, probe_on_new_connection),
  PWASM_ON(on_downstream_data, probe_on_data),
  PWASM_ON(on_downstream_close, probe_on_close),
  PWASM_ON(on_upstream_data, probe_on_data),
  PWASM_ON(on_upstream_close, probe_on_close),
};

PWASM_PLUGIN(.tcp_class = &probe_class);
