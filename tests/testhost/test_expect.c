#include "../failures.h"

/* Expectations that are not met, and what they say. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){0});
}

static PwasmAction
reply(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(
    pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 403, .body = PWASM_STR("no")}));
  return PWASM_ACTION_PAUSE;
}

static void
expect__headers_say_what_there_was(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/there");

  (void)state;
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/there");
  PWASM_EXPECT_REQUEST_HEADER(http, ":PATH", "/there");
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-none");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/here");
  expect_failure("expected a request with the header :path: /here", ":path: /there");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-none", "");
  expect_failure("x-none", ":method: GET");
  PWASM_EXPECT_NO_REQUEST_HEADER(http, ":path");
  expect_failure("without the header :path", "all was forwarded");
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
  expect_failure("expected a response with the header :status: 200", "nothing was sent");
  /* Without a response nothing can be said of its headers. */
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "x-none");
  expect_failure("expected a response without the header x-none", "nothing was sent");
}

static void
expect__a_pause_is_told(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = pause_on_headers;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_NO_REQUEST(http);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/");
  expect_failure("is request paused", "headers held back");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  expect_failure("expected all of the request", "nothing was forwarded");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RUNNING);
  expect_failure("expected the stream to be running", "request paused");
}

static void
expect__bodies_are_compared(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("abc\n"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "abc\n");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REQUEST_BODY(http, "abc");
  expect_failure("the body \"abc\"", "body: \"abc\\n\"");
  PWASM_EXPECT_RESPONSE_BODY(http, "abc");
  expect_failure("expected a response with the body", "nothing was sent");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  expect_failure("expected all of the request", "a part was forwarded");
  PWASM_EXPECT_NO_REQUEST(http);
  expect_failure("expected no request yet", ":path");
}

static void
expect__replies_are_told(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REPLY(http, 403);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REPLY(http, 401);
  expect_failure("expected a local reply 401", "local reply: 403 \"no\"");
  PWASM_EXPECT_NO_REPLY(http);
  expect_failure("expected no local reply", "local reply: 403 \"no\"");
  script.on_request_headers = NULL;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_NO_REPLY(http);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REPLY(http, 403);
  expect_failure("expected a local reply 403", "is running");
}

static void
expect__the_log_is_shown(void **state)
{
  (void)state;
  start_plugin();
  proxy_log(PWASM_LOG_WARN, "something else", 14);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "else");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "else");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "else");
  expect_failure("expected a line of level INFO with \"else\"", "WARN 0: something else");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  expect_failure("expected no line of level WARN", "WARN 0: something else");
}

static void
expect__calls_and_plugins(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  PWASM_EXPECT_CALLS(host, "proxy_on_configure", 1);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_configure", 2);
  expect_failure("expected 2 calls of proxy_on_configure", "there were 1");
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  expect_failure("that is deleted", "it is running");
}

static void
expect__long_reports_are_cut(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());
  static char value[20000]; /* more than a report has room for */
  PwasmPair pair = {PWASM_STR("x-long"), pwasm_str(value, sizeof value)};

  (void)state;
  memset(value, 'v', sizeof value);
  pwasm_host_http_send_request_headers(http, (PwasmHostHeaders){&pair, 1}, true);
  PWASM_EXPECT_REQUEST_HEADER(http, "x-none", "");
  expect_failure("x-none", "x-long: vvvvv");
}

static void
misuse__is_told(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  expect_failure("the headers were not sent yet", "");
  pwasm_host_http_send_request_headers(http, GET, true);
  assert_int_equal(num_failures, 0);
  pwasm_host_http_send_request_headers(http, GET, true);
  expect_failure("nothing can follow the end", "");
  pwasm_host_http_send_request_trailers(http, GET);
  expect_failure("nothing can follow the end", "");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  expect_failure("the headers were sent already", "");
  (void)pwasm_host_calls(host, "proxy_nonsense");
  expect_failure("there is no hostcall or callback proxy_nonsense", "");
  pwasm_host_fail(host, "proxy_on_log", 1, 1);
  expect_failure("there is no hostcall proxy_on_log", "");
  pwasm_host_hook(host, "nonsense", NULL, NULL);
  expect_failure("there is no hostcall nonsense", "");
  pwasm_host_answer(host, "proxy_log", 1, PWASM_STR(""));
  expect_failure("proxy_log returns no bytes", "");
  (void)pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_log", 1, 0, 0);
  expect_failure("there is no callback proxy_log", "");
  (void)pwasm_host_trace(host);
  expect_failure("keep_trace", "");
  pwasm_host_http_end(http);
  pwasm_host_plugin_end(plugin);
  (void)pwasm_host_plugin_configure(plugin, PWASM_STR(""));
  expect_failure("the plugin is not running, it is deleted", "");
  pwasm_host_http_open(plugin);
  expect_failure("the plugin is not running, it is deleted", "");
}

static void
end_again_in_log(PwasmContext *ctx)
{
  (void)ctx;
  assert_int_equal(proxy_send_local_response(200, "", 0, "", 0, "", 0, -1), PWASM_STATUS_OK);
  expect_failure("stream 2 has ended", "makes Envoy crash");
  assert_int_equal(proxy_close_stream(0), PWASM_STATUS_OK);
  expect_failure("stream 2 has ended", "makes Envoy crash");
  /* This does no harm. */
  assert_int_equal(proxy_continue_stream(0), PWASM_STATUS_OK);
  /* Nor is this one of a response that has not come yet. */
  assert_int_equal(proxy_continue_stream(1), PWASM_STATUS_OK);
}

static bool
end_again_in_done(PwasmContext *ctx)
{
  end_again_in_log(ctx);
  return true;
}

static void
misuse__of_a_stream_that_has_ended_is_told(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_http_log = end_again_in_log;
  script.on_http_done = end_again_in_done;
  pwasm_host_http_end(http);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 2);
}

#define EXPECT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    EXPECT_TEST(expect__headers_say_what_there_was),
    EXPECT_TEST(expect__a_pause_is_told),
    EXPECT_TEST(expect__bodies_are_compared),
    EXPECT_TEST(expect__replies_are_told),
    EXPECT_TEST(expect__the_log_is_shown),
    EXPECT_TEST(expect__calls_and_plugins),
    EXPECT_TEST(expect__long_reports_are_cut),
    EXPECT_TEST(misuse__is_told),
    EXPECT_TEST(misuse__of_a_stream_that_has_ended_is_told),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
