#include "../unit.h"

/* A plugin of TCP connections only, driven by raw callbacks. */

static char events[256];
static PwasmAction answer;

static void
note(const char *name, size_t number, bool end_of_stream)
{
  size_t len = strlen(events);

  snprintf(events + len, sizeof events - len, "%s %zu%s, ", name, number,
           end_of_stream ? " end" : "");
}

typedef struct Proxy {
  PwasmTcpContext base;
  size_t total;
} Proxy;

static PwasmAction
proxy_new_connection(PwasmTcpContext *ctx)
{
  assert_int_equal(PWASM_SELF(Proxy, ctx)->total, 0);
  assert_non_null(pwasm_tcp_context_plugin(ctx));
  assert_ptr_equal(PWASM_CONTEXT(ctx), &ctx->base);
  note("new", 0, false);
  return answer;
}

static PwasmAction
proxy_downstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  note("downstream", data_size, end_of_stream);
  PWASM_SELF(Proxy, ctx)->total += data_size;
  return answer;
}

static void
proxy_downstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  note("downstream close", peer, false);
}

static PwasmAction
proxy_upstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  note("upstream", data_size, end_of_stream);
  PWASM_SELF(Proxy, ctx)->total += data_size;
  return answer;
}

static void
proxy_upstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  note("upstream close", peer, false);
}

static void
proxy_finalize(PwasmContext *ctx)
{
  note("total", PWASM_SELF(Proxy, PWASM_SELF(PwasmTcpContext, ctx))->total, false);
}

static const PwasmTcpContextClass proxy_class = {
  PWASM_TCP_SUBCLASS(Proxy, pwasm_tcp_context_class),
  .base.finalize = proxy_finalize,
  PWASM_ON(on_new_connection, proxy_new_connection),
  PWASM_ON(on_downstream_data, proxy_downstream_data),
  PWASM_ON(on_downstream_close, proxy_downstream_close),
  PWASM_ON(on_upstream_data, proxy_upstream_data),
  PWASM_ON(on_upstream_close, proxy_upstream_close),
};
PWASM_DECLARE_CLASS(proxy_class, Proxy);

/* All that it inherits. */
typedef struct Heir {
  Proxy base;
} Heir;

static PwasmAction
heir_new_connection(PwasmTcpContext *ctx)
{
  PWASM_CHAIN_UP(pwasm_tcp_context_class, on_new_connection, ctx);
  PWASM_CHAIN_UP(pwasm_tcp_context_class, on_downstream_data, ctx, 1, false);
  PWASM_CHAIN_UP(pwasm_tcp_context_class, on_downstream_close, ctx, PWASM_PEER_LOCAL);
  PWASM_CHAIN_UP(pwasm_tcp_context_class, on_upstream_data, ctx, 1, false);
  PWASM_CHAIN_UP(pwasm_tcp_context_class, on_upstream_close, ctx, PWASM_PEER_LOCAL);
  return PWASM_CHAIN_UP(proxy_class, on_new_connection, ctx);
}

static const PwasmTcpContextClass heir_class = {
  PWASM_TCP_SUBCLASS(Heir, proxy_class),
  PWASM_ON(on_new_connection, heir_new_connection),
};

PWASM_PLUGIN(.tcp_class = &heir_class);

static int
setup(void **state)
{
  events[0] = '\0';
  answer = PWASM_ACTION_CONTINUE;
  return unit_setup(state);
}

static PwasmHostVm *
connect(uint32_t id)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  pwasm_host_call(vm, "proxy_on_context_create", id, pwasm_host_plugin_id(plugin), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_new_connection", id, 0, 0), answer);
  return vm;
}

static void
tcp_context__gets_each_callback_with_its_arguments(void **state)
{
  PwasmHostVm *vm = connect(900);

  (void)state;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_downstream_data", 900, 10, 0), 0);
  answer = PWASM_ACTION_PAUSE;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_downstream_data", 900, 20, 1), 1);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_upstream_data", 900, 5, 1), 1);
  pwasm_host_call(vm, "proxy_on_upstream_connection_close", 900, PWASM_PEER_UNKNOWN, 0);
  pwasm_host_call(vm, "proxy_on_downstream_connection_close", 900, PWASM_PEER_REMOTE, 0);
  pwasm_host_call(vm, "proxy_on_delete", 900, 0, 0);
  assert_string_equal(events, "new 0, downstream 10, downstream 20 end, upstream 5 end, "
                              "upstream close 0, downstream close 2, total 35, ");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
tcp_context__is_not_http(void **state)
{
  PwasmHostVm *vm = connect(900);

  (void)state;
  /* Nothing in this module overrides a callback of HTTP. */
  assert_false(pwasm_host_has_callback(vm, "proxy_on_request_headers"));
  assert_string_equal(events, "new 0, ");
  pwasm_host_call(vm, "proxy_on_delete", 900, 0, 0);
}

static void
tcp_context__may_pause_a_new_connection(void **state)
{
  (void)state;
  answer = PWASM_ACTION_PAUSE;
  connect(901);
}

#define TCP_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TCP_TEST(tcp_context__gets_each_callback_with_its_arguments),
    TCP_TEST(tcp_context__is_not_http),
    TCP_TEST(tcp_context__may_pause_a_new_connection),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
