#include "../failures.h"

/* Streams that end because too much is held back, or because the upstream goes away. */

static PwasmAction answer;
static char events[256];

static PwasmAction
answer_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  return answer;
}

static void
note(const char *event)
{
  strncat(events, event, sizeof events - strlen(events) - 1);
}

static PwasmAction
note_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr status;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR(":status"), &status));
  note("response ");
  strncat(events, status.data, status.len);
  assert_ok(
    pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-seen"), PWASM_STR("yes")));
  return PWASM_ACTION_CONTINUE;
}

static bool
note_done(PwasmContext *ctx)
{
  (void)ctx;
  note(" done");
  return true;
}

static void
make_host(size_t limit, PwasmHostProfile profile)
{
  pwasm_host_free(host);
  host = pwasm_host_new(
    &(PwasmHostOptions){.buffer_limit = limit, .profile = profile, .keep_trace = true});
}

static int
setup(void **state)
{
  int result = script_setup(state);

  make_host(4, PWASM_HOST_PROFILE_DEFAULT);
  answer = PWASM_ACTION_PAUSE;
  events[0] = '\0';
  script.on_request_body = answer_body;
  script.on_response_headers = note_response_headers;
  script.on_http_done = note_done;
  return result;
}

static PwasmHostHttp *
post(const char *first, const char *second)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, pwasm_str_from_cstr(first), false);
  pwasm_host_http_send_request_body(http, pwasm_str_from_cstr(second), true);
  return http;
}

static void
http_limit__a_request_held_back_over_it_is_refused(void **state)
{
  PwasmHostHttp *http = post("ab", "cde");

  (void)state;
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "413");
  PWASM_EXPECT_RESPONSE_BODY(http, "Payload Too Large");
  PWASM_EXPECT_REQUEST_BODY(http, "");
  /* It is not the plugin's, which gets to see it. */
  PWASM_EXPECT_NO_REPLY(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-seen", "yes");
  assert_string_equal(events, "response 413");
  /* The client may not have noticed yet. */
  pwasm_host_http_send_request_body(http, PWASM_STR("f"), true);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 2);
  pwasm_host_http_end(http);
  assert_string_equal(events, "response 413 done");
}

static PwasmAction
continue_at_the_end(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  return end_of_stream ? PWASM_ACTION_CONTINUE : PWASM_ACTION_PAUSE;
}

static void
http_limit__the_last_piece_may_be_the_one_too_many(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_body = continue_at_the_end;
  http = post("abc", "d");
  PWASM_EXPECT_REQUEST_BODY(http, "abcd");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  http = post("abc", "de");
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 4);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "413");
  PWASM_EXPECT_REQUEST_BODY(http, "");
  /* What was let go is not held back. */
  answer = PWASM_ACTION_CONTINUE;
  script.on_request_body = answer_body;
  http = post("abcde", "abcde");
  PWASM_EXPECT_REQUEST_BODY(http, "abcdeabcde");
}

static PwasmAction
pause_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

/* The client has nothing of it yet, so it can be told. */
static void
http_limit__the_last_piece_of_a_response_that_waits(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_host(4, PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION);
  script.on_response_headers = pause_response;
  script.on_response_body = continue_at_the_end;
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("abc"), false);
  PWASM_EXPECT_NO_RESPONSE(http);
  pwasm_host_http_send_response_body(http, PWASM_STR("de"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "500");
}

static PwasmAction
reply_at_the_end(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)body_size;
  if (end_of_stream)
    assert_ok(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 403}));
  return PWASM_ACTION_PAUSE;
}

static void
http_limit__comes_before_the_plugins_reply(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_body = reply_at_the_end;
  http = post("abc", "d");
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  http = post("abc", "de");
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "413");
  assert_string_equal(events, "response 403response 413");
}

static void
http_limit__is_for_what_is_held_back(void **state)
{
  PwasmHostHttp *http = post("ab", "cd");

  (void)state;
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  answer = PWASM_ACTION_CONTINUE;
  http = post("abcdef", "abcdef");
  PWASM_EXPECT_REQUEST_BODY(http, "abcdefabcdef");
  /* Envoy's StopIterationAndWatermark makes the client wait instead. */
  memcpy(&answer, &(uint32_t){2}, sizeof answer);
  http = post("abcdef", "abcdef");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  make_host(0, PWASM_HOST_PROFILE_DEFAULT);
  answer = PWASM_ACTION_PAUSE;
  http = post("abcdef", "abcdef");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
}

static void
http_limit__a_response_whose_headers_are_gone_is_reset(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_response_body = answer_body;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("abcde"), false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
  PWASM_EXPECT_RESPONSE_BODY(http, "");
  assert_string_equal(events, "response 200 done");
}

static void
http_limit__a_response_whose_headers_are_held_back_becomes_500(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_host(4, PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION);
  script.on_response_headers = pause_on_headers;
  script.on_response_body = answer_body;
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("abcde"), false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "500");
  PWASM_EXPECT_RESPONSE_BODY(http, "Internal Server Error");
}

static PwasmAction
reply(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_reply(
    ctx, &(PwasmHttpReply){.status_code = 403, .body = PWASM_STR("abcde")}));
  return PWASM_ACTION_PAUSE;
}

static void
http_limit__a_reply_held_back_over_it_is_reset(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply;
  script.on_response_body = answer_body;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  assert_string_equal(events, "response 403 done");
}

static void
http_limit__what_is_added_to_a_response_resets_it_unseen(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_response_body = continue_at_the_end;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("abc"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR("de"), true);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  PWASM_EXPECT_RESPONSE_BODY(http, "");
  PWASM_EXPECT_CALLS(host, "proxy_on_response_body", 1);
  assert_string_equal(events, "response 200 done");
}

static PwasmAction
expect_no_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmStr body;

  (void)ctx;
  assert_int_equal(body_size, 6);
  assert_true(end_of_stream);
  assert_status(pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, SIZE_MAX, &body), NOT_FOUND);
  return PWASM_ACTION_PAUSE;
}

static void
http_limit__in_ngx_the_body_is_in_a_file(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_host(4, PWASM_HOST_PROFILE_NGX_WASM_MODULE);
  script.on_request_body = expect_no_body;
  http = post("abc", "def");
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 1);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
}

static void
http_reset__before_the_response_is_a_503(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  pwasm_host_http_reset_upstream(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "503");
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-seen", "yes");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_NO_REPLY(http);
  pwasm_host_http_reset_upstream(http);
  assert_string_equal(events, "response 503");
  make_host(0, PWASM_HOST_PROFILE_NGX_WASM_MODULE);
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_reset_upstream(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "502");
}

static void
http_reset__later_resets_the_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_reset_upstream(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  assert_true(pwasm_host_http_is_ended(http));
  assert_string_equal(events, "response 200 done");
  /* Again, and when all is over. */
  pwasm_host_http_reset_upstream(http);
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  pwasm_host_http_reset_upstream(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RUNNING);
  /* The router has seen the headers, though the client has not. */
  script.on_response_headers = pause_on_headers;
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_reset_upstream(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
}

static void
http_reset__needs_an_upstream(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_noting_host((PwasmHostOptions){0});
  script.on_request_headers = pause_on_headers;
  http = pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_http_reset_upstream(http);
  expect_failure("the upstream has not got the request of stream 2", "");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
}

#define LIMIT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    LIMIT_TEST(http_limit__a_request_held_back_over_it_is_refused),
    LIMIT_TEST(http_limit__the_last_piece_may_be_the_one_too_many),
    LIMIT_TEST(http_limit__the_last_piece_of_a_response_that_waits),
    LIMIT_TEST(http_limit__comes_before_the_plugins_reply),
    LIMIT_TEST(http_limit__is_for_what_is_held_back),
    LIMIT_TEST(http_limit__a_response_whose_headers_are_gone_is_reset),
    LIMIT_TEST(http_limit__a_response_whose_headers_are_held_back_becomes_500),
    LIMIT_TEST(http_limit__a_reply_held_back_over_it_is_reset),
    LIMIT_TEST(http_limit__what_is_added_to_a_response_resets_it_unseen),
    LIMIT_TEST(http_limit__in_ngx_the_body_is_in_a_file),
    LIMIT_TEST(http_reset__before_the_response_is_a_503),
    LIMIT_TEST(http_reset__later_resets_the_stream),
    LIMIT_TEST(http_reset__needs_an_upstream),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
