#include "../script.h"

/* What the plugin was called with. */
static char events[512];
static PwasmAction answer;
static PwasmStatus status;
static PwasmTcpContext *kept;
static PwasmHostTcp *connection;

static void
note(const char *name, size_t number, bool end_of_stream)
{
  size_t len = strlen(events);

  snprintf(events + len, sizeof events - len, "%s %zu%s, ", name, number,
           end_of_stream ? " end" : "");
}

static PwasmAction
new_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  return answer;
}

static PwasmAction
downstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  note("downstream", data_size, end_of_stream);
  return answer;
}

static PwasmAction
upstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  note("upstream", data_size, end_of_stream);
  return answer;
}

static void
downstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  note("downstream close", peer, false);
}

static void
upstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  note("upstream close", peer, false);
}

static int
setup(void **state)
{
  int result = script_setup(state);

  events[0] = '\0';
  answer = PWASM_ACTION_CONTINUE;
  status = PWASM_STATUS_OK;
  kept = NULL;
  script.create_tcp_context = use_tcp;
  script.on_new_connection = new_connection;
  script.on_downstream_data = downstream_data;
  script.on_upstream_data = upstream_data;
  script.on_downstream_close = downstream_close;
  script.on_upstream_close = upstream_close;
  return result;
}

static void
keep(PwasmContext *ctx)
{
  kept = PWASM_SELF(PwasmTcpContext, ctx);
  pwasm_context_ref(ctx);
}

static void
tcp_stream__passes_and_holds_back(void **state)
{
  PwasmHostTcp *tcp = pwasm_host_tcp_open(start_plugin());

  (void)state;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abc");
  answer = PWASM_ACTION_PAUSE;
  assert_int_equal(pwasm_host_tcp_send_downstream(tcp, PWASM_STR("de"), false), answer);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("f"), false);
  assert_true(pwasm_host_tcp_is_downstream_paused(tcp));
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abc");
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("12"), false);
  assert_true(pwasm_host_tcp_is_upstream_paused(tcp));
  answer = PWASM_ACTION_CONTINUE;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR(""), true);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("3"), true);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abcdef");
  assert_str(pwasm_host_tcp_sent_to_client(tcp), "123");
  assert_string_equal(events, "downstream 3, downstream 2, downstream 3, upstream 2, "
                              "downstream 3 end, upstream 3 end, upstream close 0, ");
}

/* All that is left is to be read. */
static void
expect_closed(PwasmContext *ctx)
{
  assert_true(pwasm_context_is_closed(ctx));
  assert_status(pwasm_tcp_context_close_downstream(PWASM_SELF(PwasmTcpContext, ctx)), CLOSED);
}

static bool
done(PwasmContext *ctx)
{
  expect_closed(ctx);
  note("done", 0, false);
  return true;
}

static void
done_logged(PwasmContext *ctx)
{
  expect_closed(ctx);
  note("log", 0, false);
}

static void
finalized(PwasmContext *ctx)
{
  (void)ctx;
  note("finalize", 0, false);
}

/* A class with what the script has not: how a connection ends. */
static const PwasmTcpContextClass ending_class = {
  PWASM_TCP_SUBCLASS(ScriptTcp, pwasm_tcp_context_class),
  .base.finalize = finalized,
  PWASM_ON_BASE(on_done, done),
  PWASM_ON_BASE(on_log, done_logged),
  PWASM_ON(on_downstream_close, downstream_close),
};

static const PwasmTcpContextClass *
use_ending(PwasmPluginContext *ctx)
{
  (void)ctx;
  return &ending_class;
}

static void
tcp_stream__ends_in_envoys_order(void **state)
{
  PwasmHostTcp *tcp;

  (void)state;
  script.create_tcp_context = use_ending;
  tcp = pwasm_host_tcp_open(start_plugin());
  assert_false(pwasm_host_tcp_is_closed(tcp));
  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_int_equal(pwasm_host_tcp_closed_by(tcp), PWASM_PEER_REMOTE);
  assert_string_equal(events, "downstream close 2, done 0, log 0, finalize 0, ");
}

static PwasmAction
change_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  PwasmStr data;

  (void)ctx;
  (void)data_size;
  (void)end_of_stream;
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_DOWNSTREAM_DATA, 1, 2, &data));
  assert_str(data, "bc");
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_UPSTREAM_DATA, 0, 9, &data));
  assert_int_equal(data.len, 0);
  assert_ok(pwasm_buffer_prepend(PWASM_BUFFER_DOWNSTREAM_DATA, PWASM_STR("<")));
  assert_ok(pwasm_buffer_append(PWASM_BUFFER_DOWNSTREAM_DATA, PWASM_STR(">")));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
replace_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)ctx;
  (void)data_size;
  (void)end_of_stream;
  assert_ok(pwasm_buffer_replace(PWASM_BUFFER_UPSTREAM_DATA, PWASM_STR("other")));
  return PWASM_ACTION_CONTINUE;
}

static void
tcp_stream__data_can_be_read_and_changed(void **state)
{
  PwasmHostTcp *tcp = pwasm_host_tcp_open(start_plugin());

  (void)state;
  script.on_downstream_data = change_data;
  script.on_upstream_data = replace_data;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "<abc>");
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("abc"), false);
  assert_str(pwasm_host_tcp_sent_to_client(tcp), "other");
}

static PwasmAction
resume_and_pause(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  downstream_data(ctx, data_size, end_of_stream);
  status = pwasm_tcp_context_resume_downstream(ctx);
  return PWASM_ACTION_PAUSE;
}

static void
tcp_stream__resumes_after_the_callback(void **state)
{
  PwasmHostTcp *tcp = pwasm_host_tcp_open(start_plugin());

  (void)state;
  script.on_downstream_data = resume_and_pause;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_ok(status);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abc");
  assert_string_equal(events, "downstream 3, ");
}

/* In a callback of another connection. */
static PwasmAction
resume_kept(PwasmTcpContext *ctx)
{
  (void)ctx;
  status = pwasm_tcp_context_resume_downstream(kept);
  return PWASM_ACTION_CONTINUE;
}

static void
tcp_stream__another_can_be_resumed(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostTcp *tcp;

  (void)state;
  script.tcp_init = keep;
  tcp = pwasm_host_tcp_open(plugin);
  script.tcp_init = NULL;
  answer = PWASM_ACTION_PAUSE;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "");
  script.on_new_connection = resume_kept;
  connection = pwasm_host_tcp_open(plugin);
  assert_ok(status);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abc");
  assert_false(pwasm_host_tcp_is_downstream_paused(connection));
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 2);

  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
  assert_status(pwasm_tcp_context_resume_downstream(kept), CLOSED);
  assert_status(pwasm_tcp_context_resume_upstream(kept), CLOSED);
  assert_status(pwasm_tcp_context_close_downstream(kept), CLOSED);
  assert_status(pwasm_tcp_context_close_upstream(kept), CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 1);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 0);
  pwasm_context_unref(&kept->base);
}

static PwasmAction
resume_upstream(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  (void)data_size;
  (void)end_of_stream;
  status = pwasm_tcp_context_resume_upstream(ctx);
  return PWASM_ACTION_PAUSE;
}

static void
tcp_stream__envoy_can_not_resume_the_upstream(void **state)
{
  PwasmHostTcp *tcp = pwasm_host_tcp_open(start_plugin());

  (void)state;
  script.on_upstream_data = resume_upstream;
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("abc"), false);
  assert_status(status, UNIMPLEMENTED);
  assert_str(pwasm_host_tcp_sent_to_client(tcp), "");
}

static PwasmAction
close_downstream(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  downstream_data(ctx, data_size, end_of_stream);
  status = pwasm_tcp_context_close_downstream(ctx);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
close_upstream(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  upstream_data(ctx, data_size, end_of_stream);
  status = pwasm_tcp_context_close_upstream(ctx);
  return PWASM_ACTION_CONTINUE;
}

static void
tcp_stream__closes_after_the_callback(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostTcp *tcp = pwasm_host_tcp_open(plugin);

  (void)state;
  script.on_downstream_data = close_downstream;
  script.on_upstream_data = close_upstream;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_ok(status);
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_int_equal(pwasm_host_tcp_closed_by(tcp), PWASM_PEER_LOCAL);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abc");
  tcp = pwasm_host_tcp_open(plugin);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("xy"), false);
  assert_ok(status);
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_string_equal(events, "downstream 3, downstream close 1, upstream 2, downstream close 1, ");
  /* Each the side that was meant. */
  assert_non_null(strstr(pwasm_host_trace(host), "proxy_close_stream(DOWNSTREAM)"));
  assert_non_null(strstr(pwasm_host_trace(host), "proxy_close_stream(UPSTREAM)"));
}

static void
tcp_stream__passes_the_hosts_status_on(void **state)
{
  PwasmHostTcp *tcp = pwasm_host_tcp_open(start_plugin());

  (void)state;
  script.on_downstream_data = close_downstream;
  pwasm_host_fail(host, "proxy_close_stream", 1, PWASM_STATUS_UNIMPLEMENTED);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_status(status, UNIMPLEMENTED);
  script.on_downstream_data = resume_and_pause;
  pwasm_host_fail(host, "proxy_continue_stream", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_status(status, INTERNAL_FAILURE);
  assert_false(pwasm_host_tcp_is_closed(tcp));
}

static void
tcp_stream__a_connection_may_be_held_from_the_start(void **state)
{
  PwasmHostTcp *tcp;

  (void)state;
  answer = PWASM_ACTION_PAUSE;
  tcp = pwasm_host_tcp_open(start_plugin());
  assert_true(pwasm_host_tcp_is_downstream_paused(tcp));
  answer = PWASM_ACTION_CONTINUE;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("abc"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "abc");
  pwasm_host_tcp_free(tcp);
  assert_string_equal(events, "downstream 3, downstream close 1, ");
}

#define TCP_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TCP_TEST(tcp_stream__passes_and_holds_back),
    TCP_TEST(tcp_stream__ends_in_envoys_order),
    TCP_TEST(tcp_stream__data_can_be_read_and_changed),
    TCP_TEST(tcp_stream__resumes_after_the_callback),
    TCP_TEST(tcp_stream__another_can_be_resumed),
    TCP_TEST(tcp_stream__envoy_can_not_resume_the_upstream),
    TCP_TEST(tcp_stream__closes_after_the_callback),
    TCP_TEST(tcp_stream__passes_the_hosts_status_on),
    TCP_TEST(tcp_stream__a_connection_may_be_held_from_the_start),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
