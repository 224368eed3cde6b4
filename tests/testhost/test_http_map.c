#include "../script.h"

/* When the plugin has the maps of a stream. */

/* What it answers to headers. */
static PwasmAction on_headers;

static PwasmAction
answer_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return on_headers;
}

static PwasmAction
read_headers_again(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmStr method;

  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  assert_int_equal(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":method"), &method),
                   on_headers == PWASM_ACTION_PAUSE ? PWASM_STATUS_OK : PWASM_STATUS_BAD_ARGUMENT);
  return PWASM_ACTION_CONTINUE;
}

static void
http_map__headers_are_readable_while_they_are_held_back(void **state)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.allow_on_headers_stop_iteration = true});
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = answer_headers;
  script.on_request_body = read_headers_again;
  for (int i = 0; i < 2; i++) {
    on_headers = i == 0 ? PWASM_ACTION_CONTINUE : PWASM_ACTION_PAUSE;
    http = pwasm_host_http_open(plugin);
    pwasm_host_http_send_request_headers(http, GET, false);
    pwasm_host_http_send_request_body(http, PWASM_STR("x"), true);
  }
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 2);
}

static PwasmAction
resume_then_read(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr method;

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":method"), &method));
  assert_ok(pwasm_http_context_resume_request(ctx));
  assert_status(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":method"), &method),
                BAD_ARGUMENT);
  return PWASM_ACTION_CONTINUE;
}

static void
http_map__resuming_takes_the_request_from_the_plugin(void **state)
{
  (void)state;
  script.on_request_headers = resume_then_read;
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(start_plugin(), "/"));
}

static PwasmAction
add_trailer(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmStr value;

  (void)ctx;
  (void)body_size;
  /* Reading does not make trailers, writing does, and only when the body is at its end. */
  assert_status(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_TRAILERS, PWASM_STR("t"), &value),
                BAD_ARGUMENT);
  assert_int_equal(
    pwasm_header_add(PWASM_MAP_HTTP_REQUEST_TRAILERS, PWASM_STR("t"), PWASM_STR("made")),
    end_of_stream ? PWASM_STATUS_OK : PWASM_STATUS_BAD_ARGUMENT);
  return PWASM_ACTION_CONTINUE;
}

static void
http_map__trailers_can_be_made_at_the_end_of_a_body(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_body = add_trailer;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), true);
  PWASM_EXPECT_REQUEST_BODY(http, "onetwo");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_str(pwasm_host_headers_get(pwasm_host_http_request(http).trailers, "t"), "made");
  /* They are not reported to who made them. */
  PWASM_EXPECT_CALLS(host, "proxy_on_request_trailers", 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(http_map__headers_are_readable_while_they_are_held_back),
    SCRIPT_TEST(http_map__resuming_takes_the_request_from_the_plugin),
    SCRIPT_TEST(http_map__trailers_can_be_made_at_the_end_of_a_body),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
