#include "../failures.h"

/* Bodies in ngx_wasm_module that are held back, and that end early. */

static PwasmHostHttp *http;

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
}

static PwasmHttpContext *asking;

static void
resume(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  assert_ok(pwasm_http_context_resume_request(asking));
}

static void
ask(PwasmHttpContext *ctx, PwasmHttpCallFn *callback)
{
  asking = ctx;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("a"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a")},
                            callback, NULL));
}

static PwasmAction
pause_until_answer(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  ask(ctx, resume);
  return PWASM_ACTION_PAUSE;
}

static void
answer(void)
{
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0),
                              &(PwasmHostHttpAnswer){.headers = STATUS_200});
}

static void
profile__ngx_collects_a_body_after_a_pause(void **state)
{
  (void)state;
  script.on_request_headers = pause_until_answer;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), false);
  answer();
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 0);
  pwasm_host_http_send_request_body(http, PWASM_STR("b"), true);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 1);
  PWASM_EXPECT_REQUEST_BODY(http, "ab");
  assert_int_equal(num_failures, 0);
}

static void
profile__ngx_passes_trailers_on_after_a_pause(void **state)
{
  (void)state;
  script.on_request_headers = pause_until_answer;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x", "y"));
  PWASM_EXPECT_NO_REQUEST(http);
  answer();
  PWASM_EXPECT_REQUEST_BODY(http, "a");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_str(pwasm_host_headers_get(pwasm_host_http_request(http).trailers, "x"), "y");
  assert_int_equal(num_failures, 0);
}

static void
end_stream(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_http_end(http);
}

static void
profile__ngx_drops_trailers_of_a_stream_that_ends(void **state)
{
  (void)state;
  script.on_request_body = act_on_body;
  act = log_something;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), false);
  pwasm_host_hook(host, "proxy_log", end_stream, NULL);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x", "y"));
  assert_true(pwasm_host_http_is_ended(http));
  assert_false(pwasm_host_http_request(http).has_trailers);
}

static void
profile__ngx_reports_the_empty_end_of_a_response(void **state)
{
  (void)state;
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_body", 1);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
ask_again(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  ask(asking, resume);
}

static PwasmAction
pause_for_two(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  ask(ctx, ask_again);
  return PWASM_ACTION_PAUSE;
}

static void
profile__ngx_makes_calls_in_the_callback_of_another(void **state)
{
  (void)state;
  script.on_request_headers = pause_for_two;
  http = pwasm_host_http_get(start_plugin(), "/");
  answer();
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  answer();
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_int_equal(num_failures, 0);
}

#define PROFILE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    PROFILE_TEST(profile__ngx_collects_a_body_after_a_pause),
    PROFILE_TEST(profile__ngx_passes_trailers_on_after_a_pause),
    PROFILE_TEST(profile__ngx_drops_trailers_of_a_stream_that_ends),
    PROFILE_TEST(profile__ngx_reports_the_empty_end_of_a_response),
    PROFILE_TEST(profile__ngx_makes_calls_in_the_callback_of_another),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
