#include "../failures.h"

/* Streams that end or are answered in the middle of something. */

static PwasmHostHttp *http;

static int
setup(void **state)
{
  (void)state;
  http = NULL;
  return set_up_noting_host((PwasmHostOptions){0});
}

static void
end_stream(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_http_end(http);
}

static void
reset_upstream(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_http_reset_upstream(http);
}

static PwasmAction
reply_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  reply_no();
  return PWASM_ACTION_PAUSE;
}

static void
http_end__in_the_headers_of_a_reply_drops_its_body(void **state)
{
  (void)state;
  script.on_request_headers = reply_on_headers;
  script.on_response_headers = act_on_headers;
  act = log_something;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_hook(host, "proxy_log", end_stream, NULL);
  pwasm_host_http_send_request_headers(http, GET, true);
  assert_true(pwasm_host_http_is_ended(http));
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_body", 0);
  PWASM_EXPECT_RESPONSE_BODY(http, "");
}

static void
log_and_reply(void)
{
  reply_no();
  log_something();
}

static void
http_end__makes_a_reply_too_late(void **state)
{
  (void)state;
  script.on_request_headers = act_on_headers;
  act = log_and_reply;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_hook(host, "proxy_log", end_stream, NULL);
  pwasm_host_http_send_request_headers(http, GET, true);
  PWASM_EXPECT_NO_RESPONSE(http);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 0);
}

static void
http_end__a_reset_in_the_callback_answers_first(void **state)
{
  (void)state;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  script.on_request_body = act_on_body;
  act = log_and_reply;
  pwasm_host_hook(host, "proxy_log", reset_upstream, NULL);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "503");
  assert_string_not_equal(pwasm_host_http_response(http).body.data, "no");
  assert_int_equal(num_failures, 0);
}

static void
resume_in_log(PwasmContext *ctx)
{
  (void)ctx;
  assert_ok(proxy_continue_stream(0));
}

/* In a host that does all at once. */
static void
http_end__what_was_held_back_is_not_reported_any_more(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.acts_at_once = true});
  script.on_request_headers = pause_on_headers;
  script.on_http_log = resume_in_log;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), true);
  pwasm_host_http_end(http);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 0);
}

static void
resume(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_ok(proxy_set_effective_context(pwasm_host_http_id(http)));
  assert_ok(proxy_continue_stream(0));
}

static void
http_end__a_reply_to_a_body_drops_the_trailers_behind_it(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_request_headers = pause_on_headers;
  script.on_request_body = reply_on_headers;
  script.on_tick = resume;
  make_noting_host((PwasmHostOptions){.acts_at_once = true});
  plugin = start_plugin();
  http = pwasm_host_http_open(plugin);
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x", "y"));
  pwasm_host_tick(plugin);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_trailers", 0);
}

static PwasmAction
answer_3(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return (PwasmAction)3;
}

/* Any answer that is none of a body's says that the plugin has taken the bytes. */
static void
http_half__other_answers_to_a_body_take_it(void **state)
{
  (void)state;
  script.on_request_body = answer_3;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("taken"), false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  script.on_request_body = NULL;
  pwasm_host_http_send_request_body(http, PWASM_STR("left"), true);
  PWASM_EXPECT_REQUEST_BODY(http, "left");
}

static void
reply_without_body(void)
{
  assert_ok(proxy_send_local_response(403, "", 0, "", 0, "", 0, -1));
}

static void
http_reply__to_grpc_without_a_body_has_no_message(void **state)
{
  (void)state;
  script.on_request_headers = act_on_headers;
  act = reply_without_body;
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "POST", ":path", "/", "content-type", "application/grpc"),
    true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "grpc-status", "7");
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "grpc-message");
}

#define END_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    END_TEST(http_end__in_the_headers_of_a_reply_drops_its_body),
    END_TEST(http_end__makes_a_reply_too_late),
    END_TEST(http_end__a_reset_in_the_callback_answers_first),
    END_TEST(http_end__what_was_held_back_is_not_reported_any_more),
    END_TEST(http_end__a_reply_to_a_body_drops_the_trailers_behind_it),
    END_TEST(http_half__other_answers_to_a_body_take_it),
    END_TEST(http_reply__to_grpc_without_a_body_has_no_message),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
