/* TCP: logs what goes through a connection, in both directions, and counts connections. */

#include <pwasm/pwasm.h>

typedef struct NetworkPlugin {
  PwasmPluginContext base;
  PwasmCounter counter;
  bool has_counter;
} NetworkPlugin;

typedef struct NetworkTcp {
  PwasmTcpContext base;
} NetworkTcp;

static PwasmAction
network_on_new_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("new connection!"));
  return PWASM_ACTION_CONTINUE;
}

static void
log_data(PwasmBuffer buffer, size_t size, const char *which, PwasmStr title)
{
  PwasmStr data;
  PwasmStatus status = pwasm_buffer_get(buffer, 0, size, &data);

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_CRITICAL, "failed to get %s data: %s", which, pwasm_status_text(status));
  else
    PWASM_LOG_JOIN(PWASM_LOG_INFO, title, PWASM_STR("\n"), data);
}

static PwasmAction
network_on_downstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  (void)end_of_stream;
  if (data_size > 0)
    log_data(PWASM_BUFFER_DOWNSTREAM_DATA, data_size, "downstream",
             PWASM_STR(">>>>>> downstream data received >>>>>>"));
  return PWASM_ACTION_CONTINUE;
}

static void
network_on_downstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  (void)peer;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("downstream connection close!"));
}

static void
log_upstream(void)
{
  PwasmStr address;
  PwasmPairs location;
  PwasmPair pair;
  PwasmStatus status = pwasm_property_get_string(PWASM_PATH("upstream", "address"), &address);

  if (status != PWASM_STATUS_OK)
    pwasm_logf(PWASM_LOG_WARN, "failed to get upstream remote address: %s",
               pwasm_status_text(status));
  else
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("remote address: "), address);
  status = pwasm_property_get_map(
    PWASM_PATH("xds", "cluster_metadata", "filter_metadata", "location"), &location);
  if (status != PWASM_STATUS_OK) {
    pwasm_logf(PWASM_LOG_WARN, "failed to get upstream location metadata: %s",
               pwasm_status_text(status));
    return;
  }
  while (pwasm_pairs_next(&location, &pair))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("upstream cluster metadata location["), pair.name,
                   PWASM_STR("]="), pair.value);
}

static PwasmAction
network_on_upstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  (void)end_of_stream;
  if (data_size == 0)
    return PWASM_ACTION_CONTINUE;
  log_upstream();
  log_data(PWASM_BUFFER_UPSTREAM_DATA, data_size, "upstream",
           PWASM_STR("<<<<<< upstream data received <<<<<<"));
  return PWASM_ACTION_CONTINUE;
}

static void
network_on_log(PwasmContext *ctx)
{
  NetworkPlugin *plugin =
    PWASM_SELF(NetworkPlugin, pwasm_tcp_context_plugin(PWASM_SELF(PwasmTcpContext, ctx)));

  if (plugin->has_counter)
    pwasm_ignore(pwasm_counter_increment(plugin->counter, 1));
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("connection complete!"));
}

static const PwasmTcpContextClass network_tcp_class = {
  PWASM_TCP_SUBCLASS(NetworkTcp, pwasm_tcp_context_class),
  PWASM_ON_BASE(on_log, network_on_log),
  PWASM_ON(on_new_connection, network_on_new_connection),
  PWASM_ON(on_downstream_data, network_on_downstream_data),
  PWASM_ON(on_downstream_close, network_on_downstream_close),
  PWASM_ON(on_upstream_data, network_on_upstream_data),
};

static void
network_init(PwasmContext *ctx)
{
  NetworkPlugin *self = PWASM_SELF(NetworkPlugin, PWASM_SELF(PwasmPluginContext, ctx));

  self->has_counter = pwasm_counter_define(PWASM_STR("proxy_wasm_go.connection_counter"),
                                           &self->counter) == PWASM_STATUS_OK;
}

static const PwasmPluginContextClass network_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(NetworkPlugin, pwasm_plugin_context_class),
  .base.init = network_init,
};

PWASM_PLUGIN(.plugin_class = &network_plugin_class, .tcp_class = &network_tcp_class);
