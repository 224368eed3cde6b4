#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

static PwasmHostHttp *
send_headers(PwasmHost *host, const char *path, const char *content_type, bool end_of_stream)
{
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

  pwasm_host_http_send_request_headers(http,
                                       PWASM_HOST_HEADERS(":method", "POST", ":path", path,
                                                          ":authority", "localhost", "content-type",
                                                          content_type),
                                       end_of_stream);
  return http;
}

static PwasmHostHttp *
send(PwasmHost *host, const char *path, const char *content_type)
{
  return send_headers(host, path, content_type, true);
}

static PwasmHostHttp *
ask(PwasmHost *host)
{
  return send(host, "/hello.HelloService/SayHello", "application/grpc+proto");
}

static void
answer(PwasmHost *host, uint32_t grpc_status)
{
  PwasmHostGrpcCall *call = pwasm_host_grpc_call(host, 0);

  if (grpc_status == PWASM_GRPC_STATUS_OK)
    pwasm_host_grpc_receive(call, PWASM_STR(""));
  else
    pwasm_host_grpc_close(call, grpc_status, PWASM_STR("at random"));
}

static void
expect_refusal(const PwasmHostHttp *http)
{
  PWASM_EXPECT_REPLY(http, 200);
  PWASM_EXPECT_RESPONSE_HEADER(http, "grpc-status", "10");
  PWASM_EXPECT_RESPONSE_HEADER(http, "grpc-message", "Aborted by Proxy-Wasm!");
  PWASM_EXPECT_RESPONSE_HEADER(http, "powered-by", "proxy-wasm");
  PWASM_EXPECT_NO_REQUEST(http);
}

static void
grpc_auth_random__asks(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);
  const PwasmHostGrpcCall *call = pwasm_host_grpc_call(host, 0);

  (void)state;
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  assert_false(call->is_stream);
  assert_true(pwasm_str_equal(call->upstream, PWASM_STR("grpcbin")));
  assert_true(pwasm_str_equal(call->service, PWASM_STR("grpcbin.GRPCBin")));
  assert_true(pwasm_str_equal(call->method, PWASM_STR("RandomError")));
  assert_int_equal(call->metadata.num_pairs, 0);
  assert_int_equal(call->message.len, 0);
  assert_int_equal(call->timeout_ms, 1000);
  pwasm_host_free(host);
}

/* In Envoy with `allow_on_headers_stop_iteration` the message comes before the answer. */
static void
grpc_auth_random__holds_the_message_too(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http =
    send_headers(host, "/hello.HelloService/SayHello", "application/grpc", false);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("message"), true);
  PWASM_EXPECT_NO_REQUEST(http);
  answer(host, PWASM_GRPC_STATUS_OK);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, "message");
  pwasm_host_free(host);
}

static void
grpc_auth_random__grants_with_an_even_status(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  const uint32_t even[] = {PWASM_GRPC_STATUS_OK, PWASM_GRPC_STATUS_UNKNOWN};

  (void)state;
  for (size_t i = 0; i < 2; i++) {
    PwasmHost *host = pwasm_host_new(NULL);
    PwasmHostHttp *http = ask(host);

    answer(host, even[i]);
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    PWASM_EXPECT_NO_REPLY(http);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "Access granted.");
    pwasm_host_free(host);
  }
}

static void
grpc_auth_random__forbids_with_an_odd_status(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);

  (void)state;
  answer(host, PWASM_GRPC_STATUS_NOT_FOUND);
  expect_refusal(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "Access forbidden.");
  pwasm_host_free(host);
}

static void
grpc_auth_random__turns_others_away(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = send(host, "/", "text/plain");

  (void)state;
  PWASM_EXPECT_REPLY(http, 503);
  PWASM_EXPECT_REPLY_BODY(http, "Service accessible only to gRPC clients.\n");
  PWASM_EXPECT_RESPONSE_HEADER(http, "powered-by", "proxy-wasm");
  PWASM_EXPECT_REPLY(pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/"), 503);
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
  pwasm_host_free(host);
}

static void
grpc_auth_random__does_not_ask_for_reflection(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http =
    send(host, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "application/grpc");

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
  pwasm_host_free(host);
}

static void
grpc_auth_random__marks_responses(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);

  (void)state;
  answer(host, PWASM_GRPC_STATUS_OK);
  pwasm_host_http_send_response_headers(
    http, PWASM_HOST_HEADERS(":status", "200", "powered-by", "something else"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "powered-by", "proxy-wasm");
  pwasm_host_free(host);
}

static void
grpc_auth_random__refuses_if_nobody_can_be_asked(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_fail(host, "proxy_grpc_call", 1, PWASM_STATUS_INTERNAL_FAILURE);
  expect_refusal(ask(host));
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "failed to ask grpcbin: internal failure of the host");
  pwasm_host_free(host);
}

static void
grpc_auth_random__does_not_wait_for_ever(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);

  (void)state;
  pwasm_host_fail(host, "proxy_continue_stream", 1, PWASM_STATUS_BAD_ARGUMENT);
  answer(host, PWASM_GRPC_STATUS_OK);
  expect_refusal(http);

  http = ask(host);
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_BAD_ARGUMENT);
  answer(host, PWASM_GRPC_STATUS_CANCELLED);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_free(host);
}

static void
grpc_auth_random__the_client_may_go(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_http_abort(ask(host));
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "Access");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  (void)data;
  for (uint32_t grpc_status = 0; grpc_status < 3; grpc_status++) {
    ask(host);
    if (pwasm_host_grpc_call_count(host) > 0)
      answer(host, grpc_status);
  }
  send(host, "/", "text/plain");
  /* This one is not answered, and its client goes. */
  pwasm_host_http_abort(ask(host));
}

static void
grpc_auth_random__bears_any_failure(void **state)
{
  PWASM_HOST_NEEDS("proxy_grpc_call");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(grpc_auth_random__asks),
    cmocka_unit_test(grpc_auth_random__holds_the_message_too),
    cmocka_unit_test(grpc_auth_random__grants_with_an_even_status),
    cmocka_unit_test(grpc_auth_random__forbids_with_an_odd_status),
    cmocka_unit_test(grpc_auth_random__turns_others_away),
    cmocka_unit_test(grpc_auth_random__does_not_ask_for_reflection),
    cmocka_unit_test(grpc_auth_random__marks_responses),
    cmocka_unit_test(grpc_auth_random__refuses_if_nobody_can_be_asked),
    cmocka_unit_test(grpc_auth_random__does_not_wait_for_ever),
    cmocka_unit_test(grpc_auth_random__the_client_may_go),
    cmocka_unit_test(grpc_auth_random__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
