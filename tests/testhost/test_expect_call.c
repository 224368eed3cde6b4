#include "../failures.h"

/* Expectations of what a plugin sends to others, that are not met, and what they say. */

static void
call_http(PwasmHttpContext *ctx)
{
  static const PwasmPair headers[] = {{PWASM_STR_INIT("x-a"), PWASM_STR_INIT("b")}};
  static const PwasmPair trailers[] = {{PWASM_STR_INIT("x-t"), PWASM_STR_INIT("u")}};

  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("web"),
                                                    .method = PWASM_STR("POST"),
                                                    .path = PWASM_STR("/p"),
                                                    .authority = PWASM_STR("a"),
                                                    .headers = headers,
                                                    .num_headers = 1,
                                                    .body = PWASM_STR("ask"),
                                                    .trailers = trailers,
                                                    .num_trailers = 1,
                                                    .timeout_ms = 7},
                            NULL, NULL));
}

static void
call_grpc(PwasmHttpContext *ctx)
{
  static const PwasmPair metadata[] = {{PWASM_STR_INIT("x-m"), PWASM_STR_INIT("n")}};

  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx),
                            &(PwasmGrpcCallOptions){.upstream = PWASM_STR("web"),
                                                    .service = PWASM_STR("a.B"),
                                                    .method = PWASM_STR("Do"),
                                                    .metadata = metadata,
                                                    .num_metadata = 1,
                                                    .message = PWASM_STR("\0m"),
                                                    .timeout_ms = 7},
                            NULL, NULL));
}

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){0});
}

static void
expect__http_calls_are_told(void **state)
{
  PwasmHostHttpCall *call;

  (void)state;
  PWASM_EXPECT_HTTP_CALLS(host, 0);
  run_in_request(call_http);
  call = pwasm_host_http_call(host, 0);
  PWASM_EXPECT_HTTP_CALLS(host, 1);
  PWASM_EXPECT_HTTP_CALL(call, "web", "POST", "/p");
  PWASM_EXPECT_HTTP_CALL_HEADER(call, "X-A", "b");
  PWASM_EXPECT_NO_HTTP_CALL_HEADER(call, "x-b");
  PWASM_EXPECT_HTTP_CALL_BODY(call, "ask");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_HTTP_CALLS(host, 0);
  expect_failure("expected 0 HTTP calls that wait for an answer, there are 1",
                 "HTTP call 4 of context 2 to web: POST /p, timeout 7 ms, not answered");
  PWASM_EXPECT_HTTP_CALL(call, "wed", "POST", "/p");
  expect_failure("expected an HTTP call to wed: POST /p", "to web: POST /p");
  PWASM_EXPECT_HTTP_CALL(call, "web", "GET", "/p");
  expect_failure("expected an HTTP call to web: GET /p", "\n    x-t: u");
  PWASM_EXPECT_HTTP_CALL(call, "web", "POST", "/");
  expect_failure("expected an HTTP call to web: POST /\n", "body of the call: \"ask\"");
  PWASM_EXPECT_HTTP_CALL_HEADER(call, "x-a", "c");
  expect_failure("with the header x-a: c", "\n    x-a: b");
  PWASM_EXPECT_NO_HTTP_CALL_HEADER(call, "x-a");
  expect_failure("without the header x-a", "\n    x-a: b");
  PWASM_EXPECT_HTTP_CALL_BODY(call, "as");
  expect_failure("with the body \"as\"", "\"ask\"");
}

static void
expect__grpc_calls_are_told(void **state)
{
  PwasmHostGrpcCall *call;

  (void)state;
  PWASM_EXPECT_GRPC_CALLS(host, 0);
  run_in_request(call_grpc);
  call = pwasm_host_grpc_call(host, 0);
  PWASM_EXPECT_GRPC_CALLS(host, 1);
  PWASM_EXPECT_GRPC_CALL(call, "web", "a.B", "Do");
  PWASM_EXPECT_GRPC_CALL_METADATA(call, "x-m", "n");
  PWASM_EXPECT_GRPC_CALL_MESSAGE(call, PWASM_STR("\0m"));
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_GRPC_CALLS(host, 2);
  expect_failure("expected 2 gRPC calls that have not ended, there are 1",
                 "gRPC call 5 of context 2 to web: a.B/Do, timeout 7 ms, not ended");
  PWASM_EXPECT_GRPC_CALL(call, "wed", "a.B", "Do");
  expect_failure("expected a gRPC call to wed: a.B/Do", "to web");
  PWASM_EXPECT_GRPC_CALL(call, "web", "a.C", "Do");
  expect_failure("expected a gRPC call to web: a.C/Do", "a.B/Do");
  PWASM_EXPECT_GRPC_CALL(call, "web", "a.B", "Di");
  expect_failure("expected a gRPC call to web: a.B/Di", "1 messages were sent and no more");
  PWASM_EXPECT_GRPC_CALL_METADATA(call, "x-m", "o");
  expect_failure("with the metadata x-m: o", "\n    x-m: n");
  PWASM_EXPECT_GRPC_CALL_MESSAGE(call, PWASM_STR("m"));
  expect_failure("with the message \"m\"", "the last: \"\\x00m\"");
}

/* What waits is told by any expectation. */
static void
expect__calls_that_wait_are_told(void **state)
{
  PwasmHostHttp *http = run_in_request(call_http);

  (void)state;
  run_in_request(call_grpc);
  PWASM_EXPECT_REPLY(http, 403);
  expect_failure("HTTP call 4 of context 2", "gRPC call 5 of context 4");
  pwasm_host_http_call_drop(pwasm_host_http_call(host, 0));
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 0, PWASM_STR(""));
  PWASM_EXPECT_REPLY(http, 403);
  expect_failure("expected a local reply 403", "");
  assert_null(strstr(failure, "HTTP call"));
  assert_null(strstr(failure, "gRPC call"));
}

static void
expect__a_call_that_is_none_is_told_once(void **state)
{
  PwasmHostHttpCall *http;
  PwasmHostGrpcCall *grpc;

  (void)state;
  proxy_log(PWASM_LOG_WARN, "why", 3);
  http = pwasm_host_http_call(host, 0);
  PWASM_EXPECT_HTTP_CALL(http, "web", "GET", "/");
  PWASM_EXPECT_HTTP_CALL_HEADER(http, "a", "b");
  PWASM_EXPECT_HTTP_CALL_BODY(http, "a");
  expect_failure("there are only 0 calls to be answered", "WARN 0: why");
  grpc = pwasm_host_grpc_call(host, 0);
  PWASM_EXPECT_GRPC_CALL(grpc, "web", "a.B", "Do");
  PWASM_EXPECT_GRPC_CALL_METADATA(grpc, "a", "b");
  PWASM_EXPECT_GRPC_CALL_MESSAGE(grpc, PWASM_STR("a"));
  expect_failure("there are only 0 gRPC calls", "WARN 0: why");
}

static void
expect__shared_data_is_shown(void **state)
{
  (void)state;
  PWASM_EXPECT_SHARED_DATA(host, "v", "key", "value");
  expect_failure("the shared value key of the VM id \"v\" to be \"value\", it is missing",
                 "shared data: none");
  pwasm_host_shared_data_set(host, "v", "key", PWASM_STR(""));
  PWASM_EXPECT_SHARED_DATA(host, "v", "key", "");
  PWASM_EXPECT_NO_SHARED_DATA(host, "", "key");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_NO_SHARED_DATA(host, "v", "key");
  expect_failure("to be missing, it is \"\"", "\n    \"v\" \"key\": \"\"");
  PWASM_EXPECT_SHARED_DATA(host, "v", "key", "other");
  expect_failure("to be \"other\", it is \"\"", "shared data:\n");
}

static PwasmSharedQueue queue;

static void
register_queue(void)
{
  assert_ok(pwasm_shared_queue_register(PWASM_STR("logs"), &queue));
}

static void
expect__queues_are_shown(void **state)
{
  (void)state;
  PWASM_EXPECT_EMPTY_QUEUE(host, "", "logs");
  expect_failure("expected 0 values in the queue logs of the VM id \"\": nobody has registered it",
                 "queues: none");
  PWASM_EXPECT_QUEUE(host, "", "logs", "a");
  expect_failure("expected 1 values in the queue logs of the VM id \"\": nobody", "queues: none");
  act_in_tick(register_queue);
  PWASM_EXPECT_EMPTY_QUEUE(host, "", "logs");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_QUEUE(host, "", "logs", "a", "b");
  expect_failure("value 0 is missing, expected was \"a\"", "queues:\n    \"\" \"logs\": empty");
  pwasm_host_shared_queue_enqueue(host, "", "logs", PWASM_STR("a"));
  pwasm_host_shared_queue_enqueue(host, "", "logs", PWASM_STR("b"));
  PWASM_EXPECT_QUEUE(host, "", "logs", "a", "b");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_QUEUE(host, "", "logs", "a", "c");
  expect_failure("value 1 is \"b\", expected was \"c\"",
                 "queues:\n    \"\" \"logs\":\n      \"a\"\n      \"b\"");
  PWASM_EXPECT_QUEUE(host, "", "logs", "a");
  expect_failure("value 1 is \"b\", expected was missing", "queues:");
  PWASM_EXPECT_EMPTY_QUEUE(host, "", "logs");
  expect_failure("value 0 is \"a\", expected was missing", "queues:");
  PWASM_EXPECT_QUEUE(host, "other", "logs", "a", "b");
  expect_failure("of the VM id \"other\": nobody has registered it", "queues:");
}

static void
define_histogram(void)
{
  PwasmHistogram histogram;

  assert_ok(pwasm_histogram_define(PWASM_STR("sizes"), &histogram));
}

static void
record_samples(void)
{
  PwasmHistogram histogram;

  assert_ok(pwasm_histogram_define(PWASM_STR("sizes"), &histogram));
  for (uint64_t i = 1; i <= 2; i++)
    assert_ok(pwasm_histogram_record(histogram, i * 10));
}

static void
record_many_samples(void)
{
  for (int i = 0; i < 10; i++)
    record_samples();
}

static void
expect__histograms_are_shown(void **state)
{
  (void)state;
  PWASM_EXPECT_EMPTY_HISTOGRAM(host, "sizes");
  expect_failure("expected the histogram sizes to have 0 samples; nobody has defined it",
                 "metrics: none");
  act_in_tick(define_histogram);
  PWASM_EXPECT_EMPTY_HISTOGRAM(host, "sizes");
  assert_int_equal(num_failures, 0);
  act_in_tick(record_samples);
  PWASM_EXPECT_HISTOGRAM(host, "sizes", 10, 20);
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_HISTOGRAM(host, "sizes", 20, 10);
  expect_failure("to have 2 samples: 20, 10; it has 2 samples: 10, 20",
                 "\n    histogram sizes: 2 samples: 10, 20");
  PWASM_EXPECT_HISTOGRAM(host, "sizes", 10);
  expect_failure("to have 1 samples: 10; it has 2 samples: 10, 20", "metrics:");
  PWASM_EXPECT_EMPTY_HISTOGRAM(host, "sizes");
  expect_failure("to have 0 samples; it has 2 samples: 10, 20", "metrics:");
  PWASM_EXPECT_HISTOGRAM(host, "size", 10, 20);
  expect_failure("the histogram size to have 2 samples: 10, 20; nobody has defined it", "sizes");
  act_in_tick(record_many_samples);
  PWASM_EXPECT_EMPTY_HISTOGRAM(host, "sizes");
  expect_failure("it has 22 samples: ..., 10, 20, 10", "metrics:");
}

static PwasmAction
pause_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  return end_of_stream ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
}

static void
expect__bytes_of_connections_are_shown(void **state)
{
  PwasmHostTcp *tcp;

  (void)state;
  script.create_tcp_context = use_tcp;
  script.on_downstream_data = pause_data;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("ask"), false);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("more"), true);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("tell"), false);
  PWASM_EXPECT_TCP_TO_UPSTREAM(tcp, "ask");
  PWASM_EXPECT_TCP_TO_CLIENT(tcp, "tell");
  assert_int_equal(num_failures, 0);
  PWASM_EXPECT_TCP_TO_UPSTREAM(tcp, "askmore");
  expect_failure("expected the upstream to have got \"askmore\"\n  connection 2 is open",
                 "of the client's bytes: \"ask\" went through, \"more\" held back, there are no "
                 "more\n  of the upstream's bytes: \"tell\" went through\n");
  PWASM_EXPECT_TCP_TO_CLIENT(tcp, "");
  expect_failure("expected the client to have got \"\"", "\"tell\" went through");
  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
  PWASM_EXPECT_TCP_TO_CLIENT(tcp, "");
  expect_failure("connection 2 is closed", "\"tell\"");
}

#define EXPECT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    EXPECT_TEST(expect__http_calls_are_told),
    EXPECT_TEST(expect__grpc_calls_are_told),
    EXPECT_TEST(expect__calls_that_wait_are_told),
    EXPECT_TEST(expect__a_call_that_is_none_is_told_once),
    EXPECT_TEST(expect__shared_data_is_shown),
    EXPECT_TEST(expect__queues_are_shown),
    EXPECT_TEST(expect__histograms_are_shown),
    EXPECT_TEST(expect__bytes_of_connections_are_shown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
