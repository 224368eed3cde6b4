#include "../script.h"

/* What the plugin answers, by phase; and what it has seen. */
static PwasmAction on_headers;
static PwasmAction on_body;
static PwasmAction on_trailers;
static char events[512];
static PwasmHttpContext *stream;
static PwasmStatus (*resume)(PwasmHttpContext *ctx);

static void
note(const char *name, size_t number, bool end_of_stream)
{
  size_t len = strlen(events);

  snprintf(events + len, sizeof events - len, "%s %zu%s, ", name, number,
           end_of_stream ? " end" : "");
}

static PwasmAction
answer_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  stream = ctx;
  note("headers", num_headers, end_of_stream);
  return on_headers;
}

static PwasmAction
answer_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  stream = ctx;
  note("body", body_size, end_of_stream);
  return on_body;
}

static PwasmAction
answer_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  stream = ctx;
  note("trailers", num_trailers, false);
  return on_trailers;
}

static int
setup(void **state)
{
  int result = script_setup(state);

  on_headers = PWASM_ACTION_CONTINUE;
  on_body = PWASM_ACTION_CONTINUE;
  on_trailers = PWASM_ACTION_CONTINUE;
  resume = pwasm_http_context_resume_request;
  events[0] = '\0';
  script.on_request_headers = answer_headers;
  script.on_request_body = answer_body;
  script.on_request_trailers = answer_trailers;
  script.on_response_headers = answer_headers;
  script.on_response_body = answer_body;
  script.on_response_trailers = answer_trailers;
  return result;
}

#define POST PWASM_HOST_HEADERS(":method", "POST")
#define TRAILERS PWASM_HOST_HEADERS("t", "1")

/* As an answer of another service would let it go on. */
static PwasmAction
resume_in_other_stream(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(resume(stream));
  return PWASM_ACTION_CONTINUE;
}

static void
resume_from_another_stream(PwasmHostPlugin *plugin)
{
  script.on_request_headers = resume_in_other_stream;
  pwasm_host_http_free(pwasm_host_http_get(plugin, "/"));
  script.on_request_headers = answer_headers;
}

static void
http_half__passes_everything_on(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_request_headers(http, POST, false);
  PWASM_EXPECT_REQUEST_HEADER(http, ":method", "POST");
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "one");
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
  assert_false(pwasm_host_http_request(http).is_complete);
  pwasm_host_http_send_request_trailers(http, TRAILERS);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_true(pwasm_host_http_request(http).has_trailers);
  assert_str(pwasm_host_headers_get(pwasm_host_http_request(http).trailers, "t"), "1");
  assert_string_equal(events, "headers 1, body 3, body 3, trailers 1, ");
}

static void
http_half__paused_headers_hold_back_everything(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  on_headers = PWASM_ACTION_PAUSE;
  assert_int_equal(pwasm_host_http_send_request_headers(http, POST, false), PWASM_ACTION_PAUSE);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
  pwasm_host_http_send_request_trailers(http, TRAILERS);
  assert_string_equal(events, "headers 1, ");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_NO_REQUEST(http);
  /* What came meanwhile is reported in one piece. */
  resume_from_another_stream(plugin);
  assert_string_equal(events, "headers 1, body 6, trailers 1, ");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
}

static void
http_half__an_empty_end_is_not_reported_after_a_pause(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  on_headers = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_request_headers(http, POST, false);
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  resume_from_another_stream(plugin);
  assert_string_equal(events, "headers 1, ");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
http_half__stop_iteration_lets_the_body_come(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.allow_on_headers_stop_iteration = true}));

  (void)state;
  on_headers = PWASM_ACTION_PAUSE;
  on_body = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_request_headers(http, POST, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  PWASM_EXPECT_NO_REQUEST(http);
  on_body = PWASM_ACTION_CONTINUE;
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), true);
  assert_string_equal(events, "headers 1, body 3, body 6 end, ");
  /* A body that goes on takes the headers with it. */
  PWASM_EXPECT_REQUEST_HEADER(http, ":method", "POST");
  PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
http_half__other_answers_are_envoys_own(void **state)
{
  static const struct {
    uint32_t answer;
    bool allow;
    PwasmHostHttpState state;
    bool body_comes;
  } cases[] = {
    {0, true, PWASM_HOST_HTTP_RUNNING, true},
    {1, true, PWASM_HOST_HTTP_REQUEST_PAUSED, true},
    {1, false, PWASM_HOST_HTTP_REQUEST_PAUSED, false},
    {2, false, PWASM_HOST_HTTP_RUNNING, true},
    {3, true, PWASM_HOST_HTTP_REQUEST_PAUSED, false},
    {4, true, PWASM_HOST_HTTP_REQUEST_PAUSED, false},
    {99, true, PWASM_HOST_HTTP_REQUEST_PAUSED, false},
  };

  (void)state;
  on_body = PWASM_ACTION_PAUSE;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(
      host, &(PwasmHostPluginOptions){.allow_on_headers_stop_iteration = cases[i].allow}));

    memcpy(&on_headers, &cases[i].answer, sizeof on_headers);
    events[0] = '\0';
    pwasm_host_http_send_request_headers(http, POST, false);
    PWASM_EXPECT_STATE(http, cases[i].state);
    pwasm_host_http_send_request_body(http, PWASM_STR("x"), false);
    assert_int_equal(strstr(events, "body") != NULL, cases[i].body_comes);
  }
}

static void
http_half__a_paused_body_is_reported_whole(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  on_body = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_request_headers(http, POST, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  on_body = PWASM_ACTION_CONTINUE;
  pwasm_host_http_send_request_body(http, PWASM_STR("three"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "onetwothree");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RUNNING);
  /* And by pieces again. */
  pwasm_host_http_send_request_body(http, PWASM_STR("four"), true);
  PWASM_EXPECT_REQUEST_BODY(http, "onetwothreefour");
  assert_string_equal(events, "headers 1, body 3, body 6, body 11, body 4 end, ");
}

static void
http_half__a_paused_body_is_not_reported_again_when_resumed(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  on_body = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_request_headers(http, POST, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), true);
  resume_from_another_stream(plugin);
  PWASM_EXPECT_REQUEST_BODY(http, "one");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_string_equal(events, "headers 1, body 3 end, ");
}

static void
http_half__trailers_release_a_paused_body(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  on_body = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_request_headers(http, POST, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_trailers(http, TRAILERS);
  PWASM_EXPECT_REQUEST_BODY(http, "one");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
http_half__paused_trailers_wait(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  on_trailers = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_request_headers(http, POST, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_trailers(http, TRAILERS);
  PWASM_EXPECT_REQUEST_BODY(http, "one");
  assert_false(pwasm_host_http_request(http).is_complete);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  resume_from_another_stream(plugin);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_string_equal(events, "headers 1, body 3, trailers 1, ");
}

static void
http_half__a_response_can_be_paused_too(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  on_headers = PWASM_ACTION_PAUSE;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESPONSE_PAUSED);
  PWASM_EXPECT_NO_RESPONSE(http);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), false);
  pwasm_host_http_send_response_trailers(http, TRAILERS);
  on_headers = PWASM_ACTION_CONTINUE;
  resume = pwasm_http_context_resume_response;
  resume_from_another_stream(plugin);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
  PWASM_EXPECT_RESPONSE_BODY(http, "body");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
http_half__the_plugin_that_got_no_request_gets_no_response(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  assert_string_equal(events, "");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
http_half__a_resume_outside_of_callbacks_is_on_nobodys_behalf(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  on_headers = PWASM_ACTION_PAUSE;
  http = pwasm_host_http_get(start_plugin(), "/");
  assert_status(pwasm_http_context_resume_request(stream), BAD_ARGUMENT);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
}

#define HALF_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    HALF_TEST(http_half__passes_everything_on),
    HALF_TEST(http_half__paused_headers_hold_back_everything),
    HALF_TEST(http_half__an_empty_end_is_not_reported_after_a_pause),
    HALF_TEST(http_half__stop_iteration_lets_the_body_come),
    HALF_TEST(http_half__other_answers_are_envoys_own),
    HALF_TEST(http_half__a_paused_body_is_reported_whole),
    HALF_TEST(http_half__a_paused_body_is_not_reported_again_when_resumed),
    HALF_TEST(http_half__trailers_release_a_paused_body),
    HALF_TEST(http_half__paused_trailers_wait),
    HALF_TEST(http_half__a_response_can_be_paused_too),
    HALF_TEST(http_half__the_plugin_that_got_no_request_gets_no_response),
    HALF_TEST(http_half__a_resume_outside_of_callbacks_is_on_nobodys_behalf),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
