#include "reentry_script.h"

/* What is done to streams, also on behalf of others, while the host calls from inside of hostcalls. */

static PwasmHttpContext *paused;

static void
resume_paused(void *unused)
{
  (void)unused;
  assert_ok(pwasm_http_context_resume_request(paused));
}

static void
resume_in_init(PwasmContext *ctx)
{
  if (paused != NULL && ctx->id == 70)
    resume_paused(NULL);
}

static PwasmAction
pause_and_log(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  if (ctx->base.id == 70) {
    if (script.http_init == NULL)
      assert_ok(pwasm_arena_add_cleanup(pwasm_scratch(), resume_paused, NULL));
    return PWASM_ACTION_CONTINUE;
  }
  paused = ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("pausing"));
  paused = NULL;
  return PWASM_ACTION_PAUSE;
}

/* Inside of a callback of a stream, which stream 70 resumes. */
static void
check_resumed(void)
{
  inside = (Inside){"proxy_on_request_headers", 70, 0, false};
  paused = NULL;
  pwasm_host_call(vm, "proxy_on_context_create", 70, pwasm_host_plugin_id(plugin), 0);
  script.on_request_headers = pause_and_log;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 1);
  /* The host has called for stream 70 last: so it must have been told. */
  assert_int_not_equal(pwasm_host_calls(host, "proxy_set_effective_context"), 0);
  pwasm_host_call(vm, "proxy_on_delete", 70, 0, 0);
}

static void
reentry_stream__init_of_a_settled_stream_acts_for_others(void **state)
{
  (void)state;
  script.create_tcp_context = use_tcp;
  script.http_init = resume_in_init;
  check_resumed();
}

static void
reentry_stream__cleanups_act_for_others(void **state)
{
  (void)state;
  check_resumed();
}

static PwasmAction
pause_or_resume_paused(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  if (paused == NULL) {
    paused = ctx;
    return PWASM_ACTION_PAUSE;
  }
  resume_paused(NULL);
  /* This stream is the current one again. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  return PWASM_ACTION_CONTINUE;
}

static void
reentry_stream__callback_inside_what_is_done_for_others(void **state)
{
  (void)state;
  inside = (Inside){"proxy_on_tick", pwasm_host_plugin_id(plugin), 0, false};
  paused = NULL;
  script.on_request_headers = pause_or_resume_paused;
  pwasm_host_http_get(plugin, "/first");
  pwasm_host_hook(host, "proxy_continue_stream", call_once, &inside);
  pwasm_host_http_get(plugin, "/second");
  assert_true(inside.is_called);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 2);
}

/* The host no longer knows it by its id, but still as whom it has called. */
static void
reentry_stream__current_stream_is_gone_while_another_is_acted_for(void **state)
{
  (void)state;
  paused = NULL;
  script.on_request_headers = pause_or_resume_paused;
  pwasm_host_http_get(plugin, "/first");
  pwasm_host_fail(host, "proxy_set_effective_context", 2, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_http_get(plugin, "/second");
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 3);
}

static PwasmStatus status_for_paused;

static void
reply_to_paused(PwasmPluginContext *unused)
{
  (void)unused;
  status_for_paused = pwasm_http_context_reply(paused, &(PwasmHttpReply){.status_code = 403});
}

static void
close_paused(PwasmPluginContext *unused)
{
  (void)unused;
  status_for_paused = pwasm_http_context_close(paused);
}

static PwasmAction
pause_here(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  paused = ctx;
  return PWASM_ACTION_PAUSE;
}

/* A tick acts on a stream, which nobody holds, while the host calls about it from inside of a hostcall. */
static PwasmHostHttp *
act_from_tick(void (*on_tick)(PwasmPluginContext *ctx), const char *hostcall, const char *callback)
{
  PwasmHostHttp *http;

  script.on_request_headers = pause_here;
  script.on_tick = on_tick;
  http = pwasm_host_http_get(plugin, "/");
  inside = (Inside){callback, pwasm_host_http_id(http), 0, false};
  pwasm_host_hook(host, hostcall, call_once, &inside);
  pwasm_host_tick(plugin);
  assert_true(inside.is_called);
  return http;
}

static void
reentry_stream__stream_is_deleted_before_it_is_replied_to(void **state)
{
  (void)state;
  act_from_tick(reply_to_paused, "proxy_set_effective_context", "proxy_on_delete");
  assert_status(status_for_paused, CLOSED);
  assert_int_equal(num_finalizes, 1);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
}

static void
reentry_stream__stream_is_deleted_while_it_is_replied_to(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_INTERNAL_FAILURE);
  act_from_tick(reply_to_paused, "proxy_send_local_response", "proxy_on_delete");
  assert_status(status_for_paused, INTERNAL_FAILURE);
  assert_int_equal(num_finalizes, 1);
}

static void
reentry_stream__stream_is_deleted_while_it_is_closed(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_close_stream", 1, PWASM_STATUS_INTERNAL_FAILURE);
  act_from_tick(close_paused, "proxy_close_stream", "proxy_on_delete");
  assert_status(status_for_paused, INTERNAL_FAILURE);
  assert_int_equal(num_finalizes, 1);
}

static PwasmAction
reply_here(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 404}));
  return PWASM_ACTION_PAUSE;
}

static void
reentry_stream__stream_is_replied_to_before_it_is_replied_to(void **state)
{
  (void)state;
  script.on_request_body = reply_here;
  PWASM_EXPECT_REPLY(
    act_from_tick(reply_to_paused, "proxy_set_effective_context", "proxy_on_request_body"), 404);
  assert_status(status_for_paused, ALREADY_REPLIED);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
}

static void
reply_in_finalize(PwasmContext *ctx)
{
  if (ctx->id == pwasm_host_plugin_id(plugin))
    reply_to_paused(NULL);
}

static void
delete_stream_and_plugin(PwasmHost *unused, void *data)
{
  (void)unused;
  if (inside.is_called)
    return;
  inside.is_called = true;
  pwasm_host_call(vm, "proxy_on_delete", 70, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", *(uint32_t *)data, 0, 0);
}

/* The end of a plugin acts for a stream of another's, when the stream that was current is no more. */
static void
reentry_stream__new_stream_and_its_plugin_are_deleted(void **state)
{
  PwasmHostPlugin *other = pwasm_host_plugin_start(host, NULL);
  uint32_t id = pwasm_host_plugin_id(plugin);
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = pause_here;
  http = pwasm_host_http_get(other, "/");
  inside = (Inside){0};
  script.http_init = log_in_init;
  script.plugin_finalize = reply_in_finalize;
  pwasm_host_hook(host, "proxy_log", delete_stream_and_plugin, &id);
  status_for_paused = PWASM_STATUS_INTERNAL_FAILURE;
  pwasm_host_call(vm, "proxy_on_context_create", 70, id, 0);
  assert_true(inside.is_called);
  assert_ok(status_for_paused);
  PWASM_EXPECT_REPLY(http, 403);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    REENTRY_TEST(reentry_stream__init_of_a_settled_stream_acts_for_others),
    REENTRY_TEST(reentry_stream__cleanups_act_for_others),
    REENTRY_TEST(reentry_stream__callback_inside_what_is_done_for_others),
    REENTRY_TEST(reentry_stream__current_stream_is_gone_while_another_is_acted_for),
    REENTRY_TEST(reentry_stream__stream_is_deleted_before_it_is_replied_to),
    REENTRY_TEST(reentry_stream__stream_is_deleted_while_it_is_replied_to),
    REENTRY_TEST(reentry_stream__stream_is_deleted_while_it_is_closed),
    REENTRY_TEST(reentry_stream__stream_is_replied_to_before_it_is_replied_to),
    REENTRY_TEST(reentry_stream__new_stream_and_its_plugin_are_deleted),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
