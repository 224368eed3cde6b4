#include "http_call_script.h"

/* What a host may do with calls from inside of hostcalls. */

static PwasmHostPlugin *plugin;
static PwasmHostVm *vm;

/* Paused, and held for the other one. */
static PwasmHttpContext *first;

static int
reentry_setup(void **state)
{
  int result = setup(state);

  first = NULL;
  plugin = start_plugin();
  vm = pwasm_host_plugin_vm(plugin);
  return result;
}

#define REENTRY_TEST(function)                                                                     \
  cmocka_unit_test_setup_teardown(function, reentry_setup, unit_teardown)

static PwasmAction
hold_first(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  first = ctx;
  pwasm_context_ref(PWASM_CONTEXT(ctx));
  return PWASM_ACTION_PAUSE;
}

static PwasmHostHttp *
start_first(void)
{
  script.on_request_headers = hold_first;
  return pwasm_host_http_get(plugin, "/first");
}

static void
delete_first(PwasmHost *unused, void *data)
{
  bool *is_done = data;

  (void)unused;
  if (!*is_done)
    pwasm_host_call(vm, "proxy_on_delete", first->base.id, 0, 0);
  *is_done = true;
}

static PwasmAction
call_for_first(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_http_call(PWASM_CONTEXT(first), &options, done, "a");
  /* This stream is the current one again. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  pwasm_context_unref(PWASM_CONTEXT(first));
  return PWASM_ACTION_CONTINUE;
}

static void
call_reentry__owner_is_deleted_before_its_call_is_made(void **state)
{
  bool is_deleted = false;

  (void)state;
  start_first();
  script.on_request_headers = call_for_first;
  pwasm_host_hook(host, "proxy_set_effective_context", delete_first, &is_deleted);
  pwasm_host_http_get(plugin, "/second");
  assert_true(is_deleted);
  assert_status(status, CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 0);
  assert_string_equal(events, "");
}

static PwasmAction
keep_first(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  first = ctx;
  return PWASM_ACTION_PAUSE;
}

static void
call_for_first_on_tick(PwasmPluginContext *unused)
{
  (void)unused;
  status = pwasm_http_call(PWASM_CONTEXT(first), &options, done, "a");
}

static void
call_reentry__owner_that_nobody_holds_is_deleted_before_its_call_is_made(void **state)
{
  bool is_deleted = false;

  (void)state;
  script.on_request_headers = keep_first;
  script.on_tick = call_for_first_on_tick;
  pwasm_host_http_get(plugin, "/first");
  pwasm_host_hook(host, "proxy_set_effective_context", delete_first, &is_deleted);
  pwasm_host_tick(plugin);
  assert_true(is_deleted);
  assert_status(status, CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 0);
  assert_string_equal(events, "");
}

static void
fail_call(PwasmHost *unused, void *data)
{
  (void)unused;
  pwasm_host_call(vm, "proxy_on_http_call_response", pwasm_host_plugin_id(plugin),
                  *(uint32_t *)data, 0);
}

static void
log_end(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  done(owner, result, data);
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("ended"));
}

static PwasmAction
call_and_log_end(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, log_end, "a"));
  return PWASM_ACTION_PAUSE;
}

static void
call_reentry__a_call_ends_again_while_its_end_is_told(void **state)
{
  uint32_t id;

  (void)state;
  script.on_request_headers = call_and_log_end;
  pwasm_host_http_get(plugin, "/");
  id = pwasm_host_http_call(host, 0)->id;
  pwasm_host_hook(host, "proxy_log", fail_call, &id);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_string_equal(events, "a answered 200, ");
}

static size_t num_finalizes;

static void
count_finalize(PwasmContext *ctx)
{
  (void)ctx;
  num_finalizes++;
}

static void
delete_again(PwasmHost *unused, void *data)
{
  (void)unused;
  pwasm_host_call(vm, "proxy_on_delete", *(uint32_t *)data, 0, 0);
}

static void
call_reentry__owner_is_deleted_again_while_its_call_is_cancelled(void **state)
{
  PwasmHostHttp *http;
  uint32_t id;

  (void)state;
  num_finalizes = 0;
  script.on_request_headers = call_and_log_end;
  script.http_finalize = count_finalize;
  http = pwasm_host_http_get(plugin, "/");
  id = pwasm_host_http_id(http);
  pwasm_host_hook(host, "proxy_log", delete_again, &id);
  pwasm_host_http_end(http);
  assert_string_equal(events, "a cancelled 0, ");
  assert_int_equal(num_finalizes, 1);
}

/* Another call ends meanwhile; afterwards all is as it was before. */
static void
log_and_reply_to_first(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  uint32_t code;
  PwasmStr message;

  done(owner, result, data);
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("ended"));
  assert_string_equal(events, "outer failed 0, a failed 0, ");
  assert_ok(pwasm_call_status_get(&code, &message));
  assert_ok(pwasm_http_context_reply(first, &(PwasmHttpReply){.status_code = 403}));
  pwasm_context_unref(PWASM_CONTEXT(first));
}

static PwasmAction
call_twice(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, log_and_reply_to_first, "outer"));
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, "a"));
  return PWASM_ACTION_PAUSE;
}

static void
call_reentry__a_call_ends_while_the_end_of_another_is_told(void **state)
{
  PwasmHostHttp *http = start_first();
  uint32_t inner_id;

  (void)state;
  script.on_request_headers = call_twice;
  pwasm_host_http_get(plugin, "/second");
  inner_id = pwasm_host_http_call(host, 1)->id;
  pwasm_host_hook(host, "proxy_log", fail_call, &inner_id);
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  PWASM_EXPECT_REPLY(http, 403);
}

/* Enough for several to be in each chain of the table. */
#define NUM_CALLS 200

static size_t num_ends;

static void
count_end(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  num_ends++;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("ended"));
}

static PwasmAction
call_often(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  for (int i = 0; i < NUM_CALLS; i++)
    assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, count_end, NULL));
  return PWASM_ACTION_PAUSE;
}

static void
fail_all(PwasmHost *unused, void *data)
{
  uint32_t *ids = data;

  for (int i = 0; i < NUM_CALLS; i++) {
    uint32_t id = ids[i];

    ids[i] = 0;
    if (id != 0)
      fail_call(unused, &id);
  }
}

static void
call_reentry__other_calls_end_while_one_is_cancelled(void **state)
{
  uint32_t ids[NUM_CALLS];
  PwasmHostHttp *http;

  (void)state;
  num_ends = 0;
  script.on_request_headers = call_often;
  http = pwasm_host_http_get(plugin, "/");
  for (size_t i = 0; i < NUM_CALLS; i++)
    ids[i] = pwasm_host_http_call(host, i)->id;
  pwasm_host_hook(host, "proxy_log", fail_all, ids);
  pwasm_host_http_end(http);
  assert_int_equal(num_ends, NUM_CALLS);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    REENTRY_TEST(call_reentry__owner_is_deleted_before_its_call_is_made),
    REENTRY_TEST(call_reentry__owner_that_nobody_holds_is_deleted_before_its_call_is_made),
    REENTRY_TEST(call_reentry__a_call_ends_again_while_its_end_is_told),
    REENTRY_TEST(call_reentry__owner_is_deleted_again_while_its_call_is_cancelled),
    REENTRY_TEST(call_reentry__a_call_ends_while_the_end_of_another_is_told),
    REENTRY_TEST(call_reentry__other_calls_end_while_one_is_cancelled),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
