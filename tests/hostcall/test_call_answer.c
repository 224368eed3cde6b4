#include "../script.h"

/* The answer to a call is there while its owner is told of it, and no longer. */

#define ANSWER                                                                                     \
  (&(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200"),                         \
                          .body = PWASM_STR("body"),                                               \
                          .trailers = PWASM_HOST_HEADERS("t", "u")})

static unsigned num_ended;

static void
expect_no_answer(void)
{
  static const PwasmMap maps[] = {
    PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS,
    PWASM_MAP_GRPC_CALL_INITIAL_METADATA, PWASM_MAP_GRPC_CALL_TRAILING_METADATA};
  PwasmStr bytes = PWASM_STR("before");
  PwasmPairs pairs;

  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
    assert_status(pwasm_header_get(maps[i], PWASM_STR(":status"), &bytes), BAD_ARGUMENT);
    /* As Envoy has it. */
    assert_ok(pwasm_header_get_all(maps[i], &pairs));
    assert_int_equal(pwasm_pairs_count(&pairs), 0);
  }
  assert_status(pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, SIZE_MAX, &bytes),
                NOT_FOUND);
  assert_status(pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, SIZE_MAX, &bytes), NOT_FOUND);
  assert_str(bytes, "before");
}

static void
http_done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmStr bytes;

  (void)owner;
  (void)data;
  num_ended++;
  if (result->outcome != PWASM_CALL_ANSWERED) {
    expect_no_answer();
    return;
  }
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, SIZE_MAX, &bytes));
  assert_str(bytes, "body");
}

static void
grpc_done(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  PwasmStr bytes;

  (void)owner;
  (void)data;
  num_ended++;
  if (result->outcome != PWASM_CALL_ANSWERED) {
    expect_no_answer();
    return;
  }
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, SIZE_MAX, &bytes));
  assert_str(bytes, "message");
}

static PwasmAction
make_calls(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  const PwasmHttpCallOptions http_options = {.upstream = PWASM_STR("web"),
                                             .method = PWASM_STR("GET"),
                                             .path = PWASM_STR("/"),
                                             .authority = PWASM_STR("a")};
  const PwasmGrpcCallOptions grpc_options = {
    .upstream = PWASM_STR("web"), .service = PWASM_STR("a.B"), .method = PWASM_STR("Do")};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(&ctx->base, &http_options, http_done, NULL));
  assert_ok(pwasm_grpc_call(&ctx->base, &grpc_options, grpc_done, NULL));
  return PWASM_ACTION_CONTINUE;
}

static void
read_in_vain(PwasmPluginContext *ctx)
{
  (void)ctx;
  expect_no_answer();
}

static PwasmHostPlugin *
start(void)
{
  num_ended = 0;
  script.on_request_headers = make_calls;
  script.on_tick = read_in_vain;
  return start_plugin();
}

static void
call_answer__is_gone_afterwards(void **state)
{
  PwasmHostPlugin *plugin = start();

  (void)state;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER);
  pwasm_host_tick(plugin);
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("message"));
  pwasm_host_tick(plugin);
  assert_int_equal(num_ended, 2);
}

static void
call_answer__is_not_that_of_a_call_before(void **state)
{
  PwasmHostPlugin *plugin = start();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 1), ANSWER);
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 1), PWASM_STR("message"));
  /* Cancels one of each. */
  pwasm_host_http_end(http);
  assert_int_equal(num_ended, 4);
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 1));
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 14, PWASM_STR(""));
  assert_int_equal(num_ended, 6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(call_answer__is_gone_afterwards),
    SCRIPT_TEST(call_answer__is_not_that_of_a_call_before),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
