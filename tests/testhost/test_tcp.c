#include "../failures.h"

/* Connections as the test host makes them: what goes wrong, and what a test can do wrong. */

static PwasmHostTcp *tcp;

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  script.create_tcp_context = use_tcp;
  host = NULL;
  make_noting_host((PwasmHostOptions){0});
  return 0;
}

static PwasmAction
act_on_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  act();
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
pause_on_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
tcp__misuse_is_told(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  tcp = pwasm_host_tcp_open(plugin);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("a"), true);
  assert_int_equal(num_failures, 0);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("b"), false);
  expect_failure("nothing can follow the end of the stream", "");
  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("b"), false);
  expect_failure("the connection is closed", "");
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "a");
  assert_str(pwasm_host_tcp_sent_to_client(tcp), "");
  pwasm_host_plugin_end(plugin);
  pwasm_host_tcp_open(plugin);
  expect_failure("the plugin is not running, it is deleted", "");
  pwasm_host_tcp_free(NULL);
}

static void
close_in_host(PwasmHost *in, void *data)
{
  (void)in;
  pwasm_host_tcp_close(data, PWASM_PEER_REMOTE);
}

/* The callback that was running when it closed has returned to nobody. */
static void
tcp__closed_inside_a_callback_forwards_nothing(void **state)
{
  (void)state;
  script.on_upstream_data = act_on_data;
  act = log_something;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_hook(host, "proxy_log", close_in_host, tcp);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("a"), true);
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_str(pwasm_host_tcp_sent_to_client(tcp), "");
  PWASM_EXPECT_CALLS(host, "proxy_on_upstream_connection_close", 0);
  assert_int_equal(num_failures, 0);
}

static void
panic(void)
{
  PWASM_PANIC("no way on");
}

static void
tcp__trap_closes_the_connection(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.allow_traps = true});
  script.on_downstream_data = act_on_data;
  act = panic;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("a"), false);
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_int_equal(pwasm_host_tcp_closed_by(tcp), PWASM_PEER_LOCAL);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "");
  PWASM_EXPECT_CALLS(host, "proxy_on_delete", 0);
}

static void
resume_and_close(void)
{
  assert_ok(proxy_continue_stream(2));
  assert_ok(proxy_close_stream(3));
  assert_ok(proxy_continue_stream(2));
}

static void
tcp__closing_outlasts_resuming(void **state)
{
  (void)state;
  script.on_downstream_data = pause_on_data;
  script.on_upstream_data = act_on_data;
  act = resume_and_close;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("a"), false);
  assert_true(pwasm_host_tcp_is_downstream_paused(tcp));
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("b"), false);
  assert_str(pwasm_host_tcp_sent_to_upstream(tcp), "a");
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_int_equal(num_failures, 0);
}

static void
name_other_streams(void)
{
  assert_ok(proxy_continue_stream(0));
  expect_failure("the context has no such stream: nothing is resumed",
                 "proxy_continue_stream(HTTP_REQUEST)");
  assert_ok(proxy_close_stream(1));
  expect_failure("the context has no such stream: nothing is closed",
                 "proxy_close_stream(HTTP_RESPONSE)");
  /* In the callback that decides itself. */
  assert_ok(proxy_continue_stream(2));
  assert_int_equal(num_failures, 0);
}

static void
resume_running(void)
{
  assert_ok(proxy_continue_stream(2));
  expect_failure("nothing is paused on the connection", "proxy_continue_stream(DOWNSTREAM)");
}

static void
use_closed(PwasmContext *ctx)
{
  (void)ctx;
  assert_ok(proxy_continue_stream(2));
  expect_failure("the connection is closed", "proxy_continue_stream(DOWNSTREAM)");
  assert_ok(proxy_close_stream(2));
  expect_failure("the connection is closed", "proxy_close_stream(DOWNSTREAM)");
}

static void
close_of_context(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)peer;
  use_closed(PWASM_CONTEXT(ctx));
}

static void
tcp__strict_mode_knows_what_can_be_resumed_and_closed(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.strict = true});
  script.on_downstream_data = act_on_data;
  script.on_upstream_data = act_on_data;
  script.on_downstream_close = close_of_context;
  tcp = pwasm_host_tcp_open(start_plugin());
  act = name_other_streams;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("a"), false);
  act = resume_running;
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("b"), false);
  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 2);
}

static void
close_at_once(void)
{
  assert_ok(proxy_close_stream(2));
  assert_false(pwasm_host_tcp_is_closed(tcp));
}

/* Not even a host that does all at once closes what is still in a callback. */
static void
tcp__is_not_closed_before_its_callback_returns(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.acts_at_once = true});
  script.on_upstream_data = act_on_data;
  act = close_at_once;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("a"), false);
  assert_true(pwasm_host_tcp_is_closed(tcp));
  assert_str(pwasm_host_tcp_sent_to_client(tcp), "a");
}

static void
define_metric_again(void)
{
  uint32_t id;

  assert_ok(proxy_define_metric(0, "m", 1, &id));
  assert_int_equal(num_failures, 0);
  assert_ok(proxy_define_metric(0, "m", 1, &id));
}

static void
tcp__metrics_are_not_defined_for_each_connection(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.strict = true});
  script.on_downstream_data = act_on_data;
  act = define_metric_again;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("a"), false);
  expect_failure("keep the id", "proxy_define_metric");
}

#define TCP_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TCP_TEST(tcp__misuse_is_told),
    TCP_TEST(tcp__closed_inside_a_callback_forwards_nothing),
    TCP_TEST(tcp__trap_closes_the_connection),
    TCP_TEST(tcp__closing_outlasts_resuming),
    TCP_TEST(tcp__strict_mode_knows_what_can_be_resumed_and_closed),
    TCP_TEST(tcp__is_not_closed_before_its_callback_returns),
    TCP_TEST(tcp__metrics_are_not_defined_for_each_connection),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
