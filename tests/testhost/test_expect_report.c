#include "../failures.h"

/* How a stream, its log and its calls stand, as any expectation that is not met says it. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){0});
}

/* What is told of the stream. */
static void
report(PwasmHostHttp *http)
{
  PWASM_EXPECT_REPLY(http, 999);
  expect_failure("expected a local reply 999", "");
}

static const char *name_of_header;
static const char *value_of_header;

static void
change_header(void)
{
  assert_ok(pwasm_header_replace(PWASM_MAP_HTTP_REQUEST_HEADERS,
                                 pwasm_str_from_cstr(name_of_header),
                                 pwasm_str_from_cstr(value_of_header)));
}

static void
remove_path(void)
{
  assert_ok(pwasm_header_remove(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path")));
}

static void
remove_last(void)
{
  assert_ok(pwasm_header_remove(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":scheme")));
  assert_ok(pwasm_header_remove(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":authority")));
}

static void
report__says_what_a_plugin_has_made_of_headers(void **state)
{
  (void)state;
  name_of_header = "x-new";
  value_of_header = "1";
  report(act_in_request(change_header));
  expect_in_failure("headers as they were sent:");
  name_of_header = ":path";
  value_of_header = "/other";
  report(act_in_request(change_header));
  expect_in_failure("headers as they were sent:");
  expect_in_failure(":path: /other");
  report(act_in_request(remove_path));
  expect_in_failure("headers as they were sent:");
  report(act_in_request(remove_last));
  expect_in_failure("headers as they were sent:");
  value_of_header = "/";
  report(act_in_request(change_header));
  assert_null(strstr(failure, "headers as they were sent:"));
}

static PwasmAction
pause_on_body(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
pause_on_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  (void)num_trailers;
  return PWASM_ACTION_PAUSE;
}

static void
report__says_where_a_body_is(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_headers = pause_on_headers;
  script.on_response_body = pause_on_body;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("early"), false);
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("held"), false);
  report(http);
  expect_in_failure("body not reported yet: \"early\"");
  expect_in_failure("5 bytes of body were sent");
  expect_in_failure("body held back: \"held\"");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RUNNING);
  expect_failure("expected the stream to be running", "response paused");
}

static void
report__says_where_trailers_are(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_response_trailers = pause_on_trailers;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x-request", "1"));
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("x-response", "1"));
  report(http);
  expect_in_failure("trailers:\n    x-request: 1");
  expect_in_failure("trailers held back:\n    x-response: 1");
}

static void
report__says_how_a_stream_went(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_abort(http);
  report(http);
  expect_in_failure("and has ended");
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_reset_upstream(http);
  report(http);
  expect_in_failure("is reset");
  http = pwasm_host_http_open(plugin);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  report(http);
  expect_in_failure("the plugin never got the request, so it does not get the response");
}

static void
report__compares_the_body_of_a_reply(void **state)
{
  (void)state;
  PWASM_EXPECT_REPLY_BODY(act_in_request(reply_no), "no");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REPLY_BODY(act_in_request(reply_no), "yes");
  expect_failure("expected a local reply with the body \"yes\"", "local reply: 403 \"no\"");
  script.on_request_headers = NULL;
  PWASM_EXPECT_REPLY_BODY(pwasm_host_http_get(start_plugin(), "/"), "");
  expect_failure("expected a local reply with the body \"\"", "is running");
}

static void
reply_with_a_header(void)
{
  assert_ok(proxy_send_local_response(403, "", 0, "", 0,
                                      "\x01\0\0\0\x05\0\0\0\x02\0\0\0x-why\0no\0", 21, -1));
}

static void
report__compares_the_headers_of_a_reply(void **state)
{
  PwasmHostHttp *http = act_in_request(reply_with_a_header);

  (void)state;
  PWASM_EXPECT_REPLY_HEADER(http, "X-Why", "no");
  PWASM_EXPECT_NO_REPLY_HEADER(http, "x-who");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REPLY_HEADER(http, "x-why", "yes");
  expect_failure("expected a local reply with the header x-why: yes",
                 "headers of the local reply:\n    x-why: no");
  PWASM_EXPECT_NO_REPLY_HEADER(http, "x-why");
  expect_failure("expected a local reply without the header x-why",
                 "headers of the local reply:\n    x-why: no");
  script.on_request_headers = NULL;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REPLY_HEADER(http, "x-why", "no");
  expect_failure("with the header x-why: no", "is running");
  PWASM_EXPECT_NO_REPLY_HEADER(http, "x-why");
  expect_failure("without the header x-why", "is running");
}

static void
expect__trailers_are_compared(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_response_trailers = pause_on_trailers;
  pwasm_host_http_send_request_headers(http, GET, false);
  PWASM_EXPECT_NO_REQUEST_TRAILER(http, "x-b");
  expect_failure("expected a whole request without the trailer x-b", "a part was forwarded");
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x-a", "1", "x-a", "2"));
  PWASM_EXPECT_REQUEST_TRAILER(http, "x-a", "1");
  PWASM_EXPECT_REQUEST_TRAILER(http, "X-A", "2");
  PWASM_EXPECT_NO_REQUEST_TRAILER(http, "x-b");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_REQUEST_TRAILER(http, "x-a", "3");
  expect_failure("expected a request with the trailer x-a: 3", "trailers:\n    x-a: 1");
  PWASM_EXPECT_NO_REQUEST_TRAILER(http, "x-a");
  expect_failure("without the trailer x-a", "trailers:\n    x-a: 1");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("x-a", "1"));
  PWASM_EXPECT_RESPONSE_TRAILER(http, "x-a", "1");
  expect_failure("expected a response with the trailer x-a: 1", "trailers held back:\n    x-a: 1");
  PWASM_EXPECT_NO_RESPONSE_TRAILER(http, "x-b");
  expect_failure("expected a whole response without the trailer x-b", "trailers held back");
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_NO_REQUEST_TRAILER(http, "x-a");
  assert_int_equal(num_failures, 0);
}

static void
reply_at_length(void)
{
  assert_ok(proxy_send_local_response(403, "why", 3, "0123456789 0123456789 0123456789 01", 35,
                                      "\x01\0\0\0\x01\0\0\0\x01\0\0\0x\0y\0", 16, -1));
}

static void
report__says_where_long_bodies_differ(void **state)
{
  PwasmHostHttp *http = act_in_request(reply_at_length);

  (void)state;
  PWASM_EXPECT_REPLY_BODY(http, "0123456789 0123456789 0123456789 0");
  expect_failure("they differ at byte 34: expected from byte 26 on was \"456789 0\", there is "
                 "\"456789 01\"",
                 "local reply: 403 \"0123456789 0123456789 0123456789\"... 35 (why)\n"
                 "  headers of the local reply:\n    x: y");
  PWASM_EXPECT_REPLY_BODY(http, "0123456789 0123456789 0123456789 012");
  expect_failure("they differ at byte 35: expected from byte 27 on was \"56789 012\", there is "
                 "\"56789 01\"",
                 "");
  PWASM_EXPECT_RESPONSE_BODY(http, "0123 456789");
  expect_failure("they differ at byte 4: expected from byte 0 on was \"0123 456789\", there is "
                 "\"0123456789 0123456789 0123456789\"... 35",
                 "expected a response with the body");
  PWASM_EXPECT_RESPONSE_BODY(http, "");
  expect_failure("they differ at byte 0", "");
}

static void
report__says_no_more_of_short_bodies(void **state)
{
  (void)state;
  PWASM_EXPECT_REPLY_BODY(act_in_request(reply_no), "yes");
  expect_failure("local reply: 403 \"no\"\n", "");
  assert_null(strstr(failure, "differ"));
}

static void
define_metrics(void)
{
  uint32_t id;

  assert_ok(proxy_define_metric(0, "requests", 8, &id));
  assert_ok(proxy_increment_metric(id, 3));
  assert_ok(proxy_define_metric(2, "sizes", 5, &id));
  assert_ok(proxy_record_metric(id, 9));
}

static void
report__tells_which_metrics_there_are(void **state)
{
  (void)state;
  PWASM_EXPECT_COUNTER(host, "requests", 1);
  expect_failure("expected the counter requests to be 1, nobody has defined it", "metrics: none");
  act_in_request(define_metrics);
  PWASM_EXPECT_COUNTER(host, "requests", 3);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_COUNTER(host, "requests", 1);
  expect_failure("expected the counter requests to be 1, it is 3",
                 "metrics:\n    histogram sizes: 1 samples: 9\n    counter requests: 3\n");
  PWASM_EXPECT_GAUGE(host, "requests", 3);
  expect_failure("expected the gauge requests to be 3, nobody has defined it", "the log has");
}

static void
report__shows_the_end_of_the_log(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");
  char line[] = "line 00";

  (void)state;
  for (char i = 0; i < 40; i++) {
    line[5] = (char)('0' + i / 10);
    line[6] = (char)('0' + i % 10);
    proxy_log(PWASM_LOG_INFO, line, 7);
  }
  report(http);
  expect_in_failure("the log has 40 lines:\n    ...\n    INFO 0: line 10\n");
  expect_in_failure("line 39");
  assert_null(strstr(failure, "line 09"));
}

static void
call_others(void)
{
  uint32_t id;

  assert_ok(proxy_http_call("a", 1,
                            "\x03\0\0\0\x07\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0"
                            ":method\0\0:path\0\0:authority\0\0",
                            28 + 9 + 7 + 12, "", 0, "", 0, 0, &id));
  assert_ok(proxy_grpc_stream("a", 1, "s", 1, "m", 1, "", 0, &id));
  assert_ok(proxy_grpc_send(id, "message", 7, 0));
}

/* Nothing is said of what a call has not. */
static void
report__says_what_calls_have(void **state)
{
  (void)state;
  pwasm_host_add_cluster(host, "a");
  act_in_request(call_others);
  PWASM_EXPECT_HTTP_CALL_BODY(pwasm_host_http_call(host, 0), "b");
  expect_failure("HTTP call 4 of context 2 to a:  , not answered", "");
  assert_null(strstr(failure, "body of the call"));
  assert_null(strstr(failure, "trailers of the call"));
  PWASM_EXPECT_GRPC_CALL_MESSAGE(pwasm_host_grpc_call(host, 0), PWASM_STR("b"));
  expect_failure("gRPC stream 6 of context 2 to a: s/m\n",
                 "1 messages were sent, the last: \"message\"");
  assert_null(strstr(failure, "metadata of the call"));
}

#define REPORT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    REPORT_TEST(report__says_what_a_plugin_has_made_of_headers),
    REPORT_TEST(report__says_where_a_body_is),
    REPORT_TEST(report__says_where_trailers_are),
    REPORT_TEST(report__says_how_a_stream_went),
    REPORT_TEST(report__compares_the_body_of_a_reply),
    REPORT_TEST(report__compares_the_headers_of_a_reply),
    REPORT_TEST(expect__trailers_are_compared),
    REPORT_TEST(report__says_where_long_bodies_differ),
    REPORT_TEST(report__says_no_more_of_short_bodies),
    REPORT_TEST(report__tells_which_metrics_there_are),
    REPORT_TEST(report__shows_the_end_of_the_log),
    REPORT_TEST(report__says_what_calls_have),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
