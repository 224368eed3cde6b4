#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

static PwasmHostHttp *
respond(PwasmHost *host)
{
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  return http;
}

static void
answer(PwasmHost *host)
{
  pwasm_host_http_call_answer(
    pwasm_host_http_call(host, 0),
    &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200")});
}

static void
multiple_dispatches__waits_for_all(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "calls are made for requests only");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "calls are made for requests only");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = respond(host);

  (void)state;
  assert_int_equal(pwasm_host_http_call_count(host), 10);
  for (int i = 0; i < 9; i++)
    answer(host);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESPONSE_PAUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "pending dispatched requests: 9");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "pending dispatched requests: 1");
  answer(host);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, "total-dispatched", "10");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "response resumed after processed 10 dispatched request");
  pwasm_host_free(host);
}

/* In Envoy with `allow_on_headers_stop_iteration` the body comes before the answers. */
static void
multiple_dispatches__hold_the_body_too(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "calls are made for requests only");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "calls are made for requests only");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), true);
  for (int i = 0; i < 10; i++) {
    PWASM_EXPECT_NO_RESPONSE(http);
    answer(host);
  }
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, "total-dispatched", "10");
  PWASM_EXPECT_RESPONSE_BODY(http, "body");
  pwasm_host_free(host);
}

static void
multiple_dispatches__some_may_not_begin(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "calls are made for requests only");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "calls are made for requests only");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_http_call", 4, PWASM_STATUS_INTERNAL_FAILURE);
  http = respond(host);
  assert_int_equal(pwasm_host_http_call_count(host), 9);
  for (int i = 0; i < 9; i++)
    answer(host);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);

  pwasm_host_fail(host, "proxy_http_call", 0, PWASM_STATUS_BAD_ARGUMENT);
  http = respond(host);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "dispatch httpcall failed: bad argument");
  pwasm_host_free(host);
}

static uint32_t
answer_at_once(PwasmHostHttpCall *call, void *num_left)
{
  if (*(int *)num_left > 0) {
    --*(int *)num_left;
    pwasm_host_http_call_answer(
      call, &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200")});
  }
  return PWASM_STATUS_OK;
}

/* Some hosts answer inside the hostcall: some of the calls, or all. */
static void
multiple_dispatches__are_answered_at_once(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "calls are made for requests only");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "calls are made for requests only");
  (void)state;
  for (int num_at_once = 3; num_at_once <= 10; num_at_once += 7) {
    PwasmHost *host = pwasm_host_new(NULL);
    int num_left = num_at_once;
    PwasmHostHttp *http;

    pwasm_host_on_http_call(host, answer_at_once, &num_left);
    http = respond(host);
    for (int i = num_at_once; i < 10; i++) {
      PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESPONSE_PAUSED);
      answer(host);
    }
    PWASM_EXPECT_RESPONSE_COMPLETE(http);
    PWASM_EXPECT_RESPONSE_HEADER(http, "total-dispatched", "10");
    PWASM_EXPECT_CALLS(host, "proxy_add_header_map_value", 1);
    PWASM_EXPECT_CALLS(host, "proxy_continue_stream", num_at_once < 10);
    pwasm_host_free(host);
  }
}

static void
multiple_dispatches__the_client_may_go(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "calls are made for requests only");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "calls are made for requests only");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = respond(host);

  (void)state;
  answer(host);
  pwasm_host_http_abort(http);
  while (pwasm_host_http_call_count(host) > 0)
    answer(host);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "response resumed");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  (void)data;
  respond(host);
  while (pwasm_host_http_call_count(host) > 0)
    answer(host);
}

static void
multiple_dispatches__bears_any_failure(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "calls are made for requests only");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "calls are made for requests only");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(multiple_dispatches__waits_for_all),
    cmocka_unit_test(multiple_dispatches__hold_the_body_too),
    cmocka_unit_test(multiple_dispatches__some_may_not_begin),
    cmocka_unit_test(multiple_dispatches__are_answered_at_once),
    cmocka_unit_test(multiple_dispatches__the_client_may_go),
    cmocka_unit_test(multiple_dispatches__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
