#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

#define GRANTED PWASM_STR("{\"uuid\": \"0\"}")
#define FORBIDDEN PWASM_STR("{\"uuid\": \"1\"}")

static PwasmHostHttp *
ask(PwasmHost *host)
{
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

  pwasm_host_http_send_request_headers(
    http,
    PWASM_HOST_HEADERS(":method", "GET", ":path", "/uuid", ":authority", "localhost", "x-a", "b"),
    true);
  return http;
}

static void
answer(PwasmHost *host, PwasmStr body)
{
  pwasm_host_http_call_answer(
    pwasm_host_http_call(host, 0),
    &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200", "x-c", "d"),
                           .body = body});
}

static void
http_auth_random__asks_with_the_requests_headers(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);
  const PwasmHostHttpCall *call = pwasm_host_http_call(host, 0);

  (void)state;
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  assert_true(pwasm_str_equal(call->upstream, PWASM_STR("httpbin")));
  assert_int_equal(call->timeout_ms, 50000);
  assert_int_equal(call->headers.num_pairs, 4);
  assert_true(pwasm_str_equal(pwasm_host_headers_get(call->headers, ":path"), PWASM_STR("/uuid")));
  assert_true(pwasm_str_equal(pwasm_host_headers_get(call->headers, "x-a"), PWASM_STR("b")));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "request header: x-a: b");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "http call dispatched to httpbin");
  pwasm_host_free(host);
}

/* The call has no body: with the request's length, the service would wait for one. */
static void
http_auth_random__asks_without_the_requests_length(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

  (void)state;
  pwasm_host_http_send_request_headers(http,
                                       PWASM_HOST_HEADERS(":method", "POST", ":path", "/uuid",
                                                          ":authority", "localhost",
                                                          "content-length", "4", "x-a", "b"),
                                       false);
  assert_int_equal(pwasm_host_http_call(host, 0)->headers.num_pairs, 4);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "request header: content-length: 4");
  answer(host, GRANTED);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  PWASM_EXPECT_REQUEST_HEADER(http, "content-length", "4");
  PWASM_EXPECT_REQUEST_BODY(http, "body");
  pwasm_host_free(host);
}

static void
http_auth_random__grants(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);

  (void)state;
  answer(host, GRANTED);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_NO_REPLY(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response header from httpbin: x-c: d");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "access granted");
  pwasm_host_free(host);
}

static void
http_auth_random__forbids(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = ask(host);

  (void)state;
  answer(host, FORBIDDEN);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_REPLY_BODY(http, "access forbidden");
  PWASM_EXPECT_RESPONSE_HEADER(http, "powered-by", "proxy-wasm-go-sdk!!");
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "access forbidden");
  pwasm_host_free(host);
}

/* In Envoy with `allow_on_headers_stop_iteration` the body comes before the answer. */
static void
http_auth_random__holds_the_body_too(void **state)
{
  const PwasmStr bodies[] = {GRANTED, FORBIDDEN};

  (void)state;
  for (size_t i = 0; i < 2; i++) {
    PwasmHost *host = pwasm_host_new(NULL);
    PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

    pwasm_host_http_send_request_headers(
      http, PWASM_HOST_HEADERS(":method", "POST", ":path", "/uuid", ":authority", "localhost"),
      false);
    pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
    pwasm_host_http_send_request_body(http, PWASM_STR("two"), true);
    PWASM_EXPECT_NO_REQUEST(http);
    answer(host, bodies[i]);
    if (i == 0) {
      PWASM_EXPECT_REQUEST_COMPLETE(http);
      PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
    } else {
      PWASM_EXPECT_NO_REQUEST(http);
      PWASM_EXPECT_REPLY(http, 403);
    }
    pwasm_host_free(host);
  }
}

static void
http_auth_random__does_not_wait_for_ever(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_http_call", 1, PWASM_STATUS_BAD_ARGUMENT);
  http = ask(host);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "dipatch httpcall failed: bad argument");

  http = ask(host);
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  answer(host, FORBIDDEN);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to get response body: not found");
  pwasm_host_free(host);
}

static void
http_auth_random__the_client_may_go(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_http_abort(ask(host));
  answer(host, GRANTED);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "access");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_CRITICAL, "");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  const PwasmStr bodies[] = {GRANTED, FORBIDDEN};

  (void)data;
  for (size_t i = 0; i < 2; i++) {
    ask(host);
    if (pwasm_host_http_call_count(host) > 0)
      answer(host, bodies[i]);
  }
  /* This one is not answered, and its client goes. */
  pwasm_host_http_abort(ask(host));
}

static void
http_auth_random__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(http_auth_random__asks_with_the_requests_headers),
    cmocka_unit_test(http_auth_random__asks_without_the_requests_length),
    cmocka_unit_test(http_auth_random__grants),
    cmocka_unit_test(http_auth_random__forbids),
    cmocka_unit_test(http_auth_random__holds_the_body_too),
    cmocka_unit_test(http_auth_random__does_not_wait_for_ever),
    cmocka_unit_test(http_auth_random__the_client_may_go),
    cmocka_unit_test(http_auth_random__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
