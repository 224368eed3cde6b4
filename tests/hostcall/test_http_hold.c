#include "http_stream_script.h"

/* Messages that wait for something, whatever comes of them meanwhile. */

static PwasmHttpContext *held;

static PwasmAction
hold_request(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  held = ctx;
  return pwasm_http_context_hold_request(ctx);
}

static PwasmAction
hold_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  held = ctx;
  return pwasm_http_context_hold_response(ctx);
}

static PwasmHostPlugin *plugin;
static PwasmStatus resume_status;

static void
resume_request_on_tick(PwasmPluginContext *unused)
{
  (void)unused;
  resume_status = pwasm_http_context_resume_request(held);
}

static void
resume_response_on_tick(PwasmPluginContext *unused)
{
  (void)unused;
  resume_status = pwasm_http_context_resume_response(held);
}

static void
resume(void (*on_tick)(PwasmPluginContext *ctx))
{
  script.on_tick = on_tick;
  pwasm_host_tick(plugin);
}

static int
setup_stop_iteration(void **state)
{
  int result = setup(state);

  pwasm_host_free(host);
  host = pwasm_host_new(
    &(PwasmHostOptions){.profile = PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION, .strict = true});
  plugin = start_plugin();
  return result;
}

static void
send_request(PwasmHostHttp *http)
{
  pwasm_host_http_send_request_headers(http, GET, false);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(pwasm_host_http_send_request_body(http, PWASM_STR("abc"), false),
                     PWASM_ACTION_PAUSE);
    PWASM_EXPECT_NO_REQUEST(http);
  }
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("t", "1"));
  PWASM_EXPECT_NO_REQUEST(http);
}

static void
http_hold__holds_all_of_a_request(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  script.on_request_headers = hold_request;
  send_request(http);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 3);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_trailers", 1);
  resume(resume_request_on_tick);
  assert_ok(resume_status);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, "abcabcabc");
  assert_str(pwasm_host_headers_get(pwasm_host_http_request(http).trailers, "t"), "1");
}

static void
send_response(PwasmHostHttp *http)
{
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  for (int i = 0; i < 3; i++) {
    pwasm_host_http_send_response_body(http, PWASM_STR("abc"), false);
    PWASM_EXPECT_NO_RESPONSE(http);
  }
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("t", "1"));
  PWASM_EXPECT_NO_RESPONSE(http);
}

static void
http_hold__holds_all_of_a_response(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_response_headers = hold_response;
  http = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  send_response(http);
  resume(resume_response_on_tick);
  assert_ok(resume_status);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_BODY(http, "abcabcabc");
}

/* A request that is held says nothing about its response. */
static void
http_hold__is_of_one_direction(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  script.on_request_headers = hold_request;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("abc"), true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_NO_REQUEST(http);
}

/* What the callback answers counts again once the message is let go. */
static void
http_hold__is_over_with_the_resume(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  script.on_request_headers = hold_request;
  pwasm_host_http_send_request_headers(http, GET, false);
  resume(resume_request_on_tick);
  assert_ok(resume_status);
  assert_int_equal(pwasm_host_http_send_request_body(http, PWASM_STR("abc"), false),
                   PWASM_ACTION_CONTINUE);
  script.on_request_body = pause;
  assert_int_equal(pwasm_host_http_send_request_body(http, PWASM_STR("def"), false),
                   PWASM_ACTION_PAUSE);
  PWASM_EXPECT_REQUEST_BODY(http, "abc");
}

static void
http_hold__stays_when_the_host_does_not_resume(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  script.on_request_headers = hold_request;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_fail(host, "proxy_continue_stream", 1, PWASM_STATUS_INTERNAL_FAILURE);
  resume(resume_request_on_tick);
  assert_status(resume_status, INTERNAL_FAILURE);
  assert_int_equal(pwasm_host_http_send_request_body(http, PWASM_STR("abc"), true),
                   PWASM_ACTION_PAUSE);
  PWASM_EXPECT_NO_REQUEST(http);
  resume(resume_request_on_tick);
  assert_ok(resume_status);
  PWASM_EXPECT_REQUEST_BODY(http, "abc");
}

#define HOLD_TEST(function)                                                                        \
  cmocka_unit_test_setup_teardown(function, setup_stop_iteration, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    HOLD_TEST(http_hold__holds_all_of_a_request),
    HOLD_TEST(http_hold__holds_all_of_a_response),
    HOLD_TEST(http_hold__is_of_one_direction),
    HOLD_TEST(http_hold__is_over_with_the_resume),
    HOLD_TEST(http_hold__stays_when_the_host_does_not_resume),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
