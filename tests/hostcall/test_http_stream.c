#include "http_stream_script.h"

static void
http_stream__resume_another_stream(void **state)
{
  (void)state;
  act_from_another_stream(pwasm_http_context_resume_request);
  PWASM_EXPECT_STATE(first_http, PWASM_HOST_HTTP_RUNNING);
  PWASM_EXPECT_REQUEST_HEADER(first_http, ":path", "/first");
  assert_non_null(strstr(pwasm_host_trace(host), "  proxy_set_effective_context(2) = OK\n"
                                                 "  proxy_continue_stream(HTTP_REQUEST) = OK\n"
                                                 "  proxy_set_effective_context(3) = OK\n"));
}

static void
http_stream__resume_response_of_another_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_response_headers = pause;
  first_http = pwasm_host_http_get(plugin, "/first");
  pwasm_host_http_send_response_headers(first_http, STATUS_200, true);
  PWASM_EXPECT_STATE(first_http, PWASM_HOST_HTTP_RESPONSE_PAUSED);
  do_to_first = pwasm_http_context_resume_response;
  script.on_request_headers = act_for_first;
  pwasm_host_trace_clear(host);
  second_http = pwasm_host_http_get(plugin, "/second");
  PWASM_EXPECT_RESPONSE_COMPLETE(first_http);
  assert_non_null(strstr(pwasm_host_trace(host), "  proxy_set_effective_context(2) = OK\n"
                                                 "  proxy_continue_stream(HTTP_RESPONSE) = OK\n"
                                                 "  proxy_set_effective_context(3) = OK\n"));
}

static void
http_stream__close_another_stream(void **state)
{
  (void)state;
  act_from_another_stream(pwasm_http_context_close);
  PWASM_EXPECT_STATE(first_http, PWASM_HOST_HTTP_RESET);
  assert_true(pwasm_host_http_is_ended(first_http));
  PWASM_EXPECT_STATE(second_http, PWASM_HOST_HTTP_RUNNING);
  assert_non_null(strstr(pwasm_host_trace(host), "  proxy_set_effective_context(2) = OK\n"
                                                 "  proxy_close_stream(HTTP_RESPONSE) = OK\n"
                                                 "  proxy_set_effective_context(3) = OK\n"));
}

static PwasmStatus
act_in_vain(PwasmHttpContext *ctx)
{
  PwasmHttpReply reply = {.status_code = 403};

  assert_status(pwasm_http_context_reply(ctx, &reply), BAD_ARGUMENT);
  assert_false(pwasm_http_context_is_replied(ctx));
  assert_status(pwasm_http_context_resume_request(ctx), BAD_ARGUMENT);
  assert_status(pwasm_http_context_resume_response(ctx), BAD_ARGUMENT);
  assert_status(pwasm_http_context_close(ctx), BAD_ARGUMENT);
  pwasm_host_fail(host, "proxy_set_effective_context", 0, PWASM_STATUS_OK);
  return PWASM_STATUS_OK;
}

static void
http_stream__does_nothing_on_behalf_of_the_wrong_stream(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_set_effective_context", 0, PWASM_STATUS_BAD_ARGUMENT);
  act_from_another_stream(act_in_vain);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 0);
  PWASM_EXPECT_STATE(first_http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_REQUEST_COMPLETE(second_http);
}

static PwasmStatus
fail_and_go_on(PwasmHttpContext *ctx)
{
  assert_status(pwasm_http_context_resume_request(ctx), UNIMPLEMENTED);
  assert_status(pwasm_http_context_close(ctx), UNIMPLEMENTED);
  return PWASM_STATUS_OK;
}

static void
http_stream__is_the_current_one_again_after_a_failure(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_continue_stream", 1, PWASM_STATUS_UNIMPLEMENTED);
  pwasm_host_fail(host, "proxy_close_stream", 1, PWASM_STATUS_UNIMPLEMENTED);
  act_from_another_stream(fail_and_go_on);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 4);
}

static PwasmStatus
resume_twice(PwasmHttpContext *ctx)
{
  assert_ok(pwasm_http_context_resume_request(ctx));
  return pwasm_http_context_resume_request(ctx);
}

static void
http_stream__may_be_resumed_twice(void **state)
{
  (void)state;
  act_from_another_stream(resume_twice);
  PWASM_EXPECT_REQUEST_COMPLETE(first_http);
}

static PwasmAction
pause_and_resume(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_resume_request(ctx));
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__may_be_resumed_before_it_is_paused(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = pause_and_resume;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static PwasmAction
resume_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_resume_response(ctx));
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__resume_response_lets_it_go_on(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_response_headers = resume_response;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static PwasmAction
close_own(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply reply = {.status_code = 403};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_close(ctx));
  /* Not before the callback is over. */
  assert_false(pwasm_context_is_closed(&ctx->base));
  /* Envoy crashes if it is asked: it is not. */
  assert_status(pwasm_http_context_reply(ctx, &reply), CLOSED);
  assert_false(pwasm_http_context_is_replied(ctx));
  assert_status(pwasm_http_context_resume_request(ctx), CLOSED);
  assert_status(pwasm_http_context_resume_response(ctx), CLOSED);
  assert_status(pwasm_http_context_close(ctx), CLOSED);
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__close_resets_it(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = close_own;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  PWASM_EXPECT_NO_RESPONSE(http);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 1);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_log", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_delete", 1);
}

static PwasmAction
close_at_once(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply reply = {.status_code = 200};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_close(ctx));
  /* Gone, and still valid memory while the callback runs. */
  assert_true(pwasm_context_is_closed(&ctx->base));
  assert_status(pwasm_http_context_reply(ctx, &reply), CLOSED);
  assert_status(pwasm_http_context_close(ctx), CLOSED);
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__may_be_deleted_inside_its_own_callback(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.acts_at_once = true});
  script.http_init = NULL;
  script.on_request_headers = close_at_once;
  http = pwasm_host_http_get(start_plugin(), "/");
  assert_true(pwasm_host_http_is_ended(http));
}

static bool
act_after_the_end(PwasmContext *ctx)
{
  PwasmHttpContext *http = PWASM_SELF(PwasmHttpContext, ctx);
  PwasmHttpReply reply = {.status_code = 200};

  /* Envoy crashes if it is asked: it is not. */
  assert_status(pwasm_http_context_reply(http, &reply), CLOSED);
  assert_status(pwasm_http_context_resume_request(http), CLOSED);
  assert_status(pwasm_http_context_resume_response(http), CLOSED);
  assert_status(pwasm_http_context_close(http), CLOSED);
  return true;
}

static void
log_after_the_end(PwasmContext *ctx)
{
  act_after_the_end(ctx);
}

static void
http_stream__that_is_logged_or_done_is_left_alone(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_http_log = log_after_the_end;
  script.on_http_done = act_after_the_end;
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  /* In the order of other hosts, too. */
  script.on_http_log = NULL;
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 0);
}

static PwasmAction
reply_once(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(reply_to(ctx));
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__that_has_replied_and_is_done_is_closed(void **state)
{
  (void)state;
  script.on_request_headers = reply_once;
  script.on_http_done = act_after_the_end;
  pwasm_host_http_end(pwasm_host_http_get(start_plugin(), "/"));
  PWASM_EXPECT_CALLS(host, "proxy_on_done", 1);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
}

static int num_nested_responses;

static PwasmAction
count_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply again = {.status_code = 500};

  (void)num_headers;
  (void)end_of_stream;
  num_nested_responses++;
  assert_true(pwasm_http_context_is_replied(ctx));
  assert_status(pwasm_http_context_reply(ctx, &again), ALREADY_REPLIED);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
reply_and_look_around(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply reply = {.status_code = 200, .body = PWASM_STR("nested")};
  PwasmStr before;
  PwasmStr copy;

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &before));
  assert_ok(pwasm_str_dup(pwasm_context_arena(&ctx->base), before, &copy));
  assert_ok(pwasm_http_context_reply(ctx, &reply));
  assert_int_equal(num_nested_responses, 1);
  assert_true(pwasm_str_equal(before, copy));
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__bears_a_host_that_replies_at_once(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.acts_at_once = true});
  num_nested_responses = 0;
  script.http_init = NULL;
  script.on_request_headers = reply_and_look_around;
  script.on_response_headers = count_response;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_RESPONSE_BODY(http, "nested");
}

static bool
finish_later(PwasmContext *ctx)
{
  (void)ctx;
  return false;
}

static PwasmPluginContext *pending_plugin;

static void
keep_plugin(PwasmContext *ctx)
{
  if (pending_plugin == NULL)
    pending_plugin = PWASM_SELF(PwasmPluginContext, ctx);
}

static PwasmAction
finish_plugin(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_plugin_context_done(pending_plugin));
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__plugin_done_is_on_the_plugins_behalf(void **state)
{
  PwasmHostPlugin *first;
  PwasmHostPlugin *second;

  (void)state;
  pending_plugin = NULL;
  script.plugin_init = keep_plugin;
  script.on_plugin_done = finish_later;
  first = start_plugin();
  second = start_plugin();
  pwasm_host_plugin_end(first);
  PWASM_EXPECT_PLUGIN_STATE(first, PWASM_HOST_PLUGIN_DONE_PENDING);
  script.on_request_headers = finish_plugin;
  pwasm_host_trace_clear(host);
  pwasm_host_http_get(second, "/");
  PWASM_EXPECT_PLUGIN_STATE(first, PWASM_HOST_PLUGIN_DELETED);
  assert_non_null(strstr(pwasm_host_trace(host), "  proxy_set_effective_context(1) = OK\n"
                                                 "  proxy_done() = OK\n"
                                                 "  proxy_set_effective_context(3) = OK\n"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STREAM_TEST(http_stream__resume_another_stream),
    STREAM_TEST(http_stream__resume_response_of_another_stream),
    STREAM_TEST(http_stream__close_another_stream),
    STREAM_TEST(http_stream__does_nothing_on_behalf_of_the_wrong_stream),
    STREAM_TEST(http_stream__is_the_current_one_again_after_a_failure),
    STREAM_TEST(http_stream__may_be_resumed_twice),
    STREAM_TEST(http_stream__may_be_resumed_before_it_is_paused),
    STREAM_TEST(http_stream__resume_response_lets_it_go_on),
    STREAM_TEST(http_stream__close_resets_it),
    STREAM_TEST(http_stream__may_be_deleted_inside_its_own_callback),
    STREAM_TEST(http_stream__that_is_logged_or_done_is_left_alone),
    STREAM_TEST(http_stream__that_has_replied_and_is_done_is_closed),
    STREAM_TEST(http_stream__bears_a_host_that_replies_at_once),
    STREAM_TEST(http_stream__plugin_done_is_on_the_plugins_behalf),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
