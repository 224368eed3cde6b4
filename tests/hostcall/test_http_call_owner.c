#include "http_call_script.h"

static void
cancelled_while_closed(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  done(owner, result, data);
  assert_int_equal(result->outcome, PWASM_CALL_CANCELLED);
  assert_true(pwasm_context_is_closed(owner));
  /* All that is left to it is to be read. */
  assert_status(pwasm_http_context_resume_request(PWASM_SELF(PwasmHttpContext, owner)), CLOSED);
  assert_status(pwasm_http_call(owner, &options, done, "again"), CLOSED);
  /* Whatever else is wrong with it. */
  assert_status(pwasm_http_call(owner, &(PwasmHttpCallOptions){0}, done, "again"), CLOSED);
}

static PwasmAction
call_to_be_cancelled(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, cancelled_while_closed, "x"));
  return call_three_times(ctx, num_headers, end_of_stream);
}

static void
http_call__cancelled_when_the_stream_ends(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *other = start_call(plugin);
  PwasmHostHttp *http;
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)state;
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &before);
  script.on_request_headers = call_to_be_cancelled;
  http = pwasm_host_http_get(plugin, "/");
  assert_int_equal(pwasm_host_http_call_count(host), 5);
  pwasm_host_http_end(http);
  /* Each once, in no order that matters. */
  assert_int_equal(strlen(events), 4 * strlen("a cancelled 0, "));
  assert_non_null(strstr(events, "x cancelled 0, "));
  assert_non_null(strstr(events, "a cancelled 0, "));
  assert_non_null(strstr(events, "b cancelled 0, "));
  assert_non_null(strstr(events, "c cancelled 0, "));
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &after);
  assert_int_equal(after.contexts, before.contexts);
  assert_int_equal(after.in_use, before.in_use);

  /* The host answers all the same: nobody hears it, nobody complains. */
  events[0] = '\0';
  for (int i = 0; i < 4; i++)
    pwasm_host_http_call_answer(pwasm_host_http_call(host, 1), ANSWER_200);
  assert_string_equal(events, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_string_equal(events, "a answered 200, ");
  assert_int_equal(pwasm_context_id(last_owner), pwasm_host_http_id(other));
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_http_call_response", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
}

static size_t num_ended;

static void
forget(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  ++*(size_t *)data;
}

static PwasmAction
call_many_times(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  for (int i = 0; i < 100; i++)
    assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, forget, &num_ended));
  return PWASM_ACTION_PAUSE;
}

static void
http_call__all_are_cancelled_whatever_their_ids(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  num_ended = 0;
  script.on_request_headers = call_many_times;
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  assert_int_equal(num_ended, 100);
}

static bool
call_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, "plugin");
  return true;
}

static void
vm_done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  done(owner, result, data);
  if (result->outcome == PWASM_CALL_CANCELLED)
    assert_status(pwasm_http_call(owner, &options, done, "again"), CLOSED);
}

static bool
call_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, vm_done, "vm");
  return true;
}

static void
http_call__of_plugin_and_vm(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_configure = call_on_configure;
  script.on_vm_start = call_on_vm_start;
  plugin = start_plugin();
  assert_ok(status);
  assert_int_equal(pwasm_host_http_call_count(host), 2);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_int_equal(last_owner->kind, PWASM_CONTEXT_KIND_VM);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_int_equal(pwasm_context_id(last_owner), pwasm_host_plugin_id(plugin));
  assert_string_equal(events, "vm answered 200, plugin answered 200, ");
}

static void
http_call__cancelled_at_the_end_of_all(void **state)
{
  (void)state;
  script.on_configure = call_on_configure;
  script.on_vm_start = call_on_vm_start;
  start_call(start_plugin());
  pwasm_host_free(host);
  host = NULL;
  assert_string_equal(events, "a cancelled 0, plugin cancelled 0, vm cancelled 0, ");
}

static PwasmAction
call_and_count(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, forget, &num_ended));
  return PWASM_ACTION_PAUSE;
}

static void
http_call__memory_is_flat(void **state)
{
  PwasmHostPlugin *plugin;
  PwasmHostVm *vm;
  PwasmVmMemory before = {0};
  PwasmVmMemory after;

  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(NULL);
  plugin = start_plugin();
  vm = pwasm_host_plugin_vm(plugin);
  num_ended = 0;
  script.on_request_headers = call_and_count;
  for (size_t i = 0; i < 100000; i++) {
    PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");
    PwasmHostHttpCall *call = pwasm_host_http_call(host, 0);

    if (i % 3 == 0)
      pwasm_host_http_call_answer(call, ANSWER_200);
    else if (i % 3 == 1)
      pwasm_host_http_call_fail(call);
    pwasm_host_http_free(http);
    if (i % 3 == 2)
      pwasm_host_http_call_answer(call, ANSWER_200);
    pwasm_host_http_call_free(call);
    if (i == 1000)
      pwasm_host_vm_memory(vm, &before);
  }
  pwasm_host_vm_memory(vm, &after);
  assert_int_equal(num_ended, 100000);
  assert_int_equal(after.in_use, before.in_use);
  assert_int_equal(after.reserved, before.reserved);
  assert_int_equal(after.contexts, before.contexts);
}

static void
http_call__more_than_are_counted(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = start_call(plugin);
  PwasmContext *owner;

  (void)state;
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  owner = last_owner;
  /* As if so many were under way: from there on the number stays. */
  owner->num_calls = UINT16_MAX - 1;
  script.on_response_headers = call_three_times;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  assert_int_equal(owner->num_calls, UINT16_MAX);
  events[0] = '\0';
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_int_equal(owner->num_calls, UINT16_MAX);
  pwasm_host_http_end(http);
  assert_int_equal(strlen(events), strlen("a answered 200, ") + 2 * strlen("b cancelled 0, "));
}

static PwasmContext *kept;

/* A call for another stream, then an operation about the current one. */
static PwasmAction
call_for_kept(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  const char *next = pwasm_scratch()->next;
  PwasmStr path;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  if (kept == NULL) {
    kept = PWASM_CONTEXT(ctx);
    return PWASM_ACTION_PAUSE;
  }
  assert_ok(pwasm_http_call(kept, &options, done, "a"));
  assert_ptr_equal(pwasm_scratch()->next, next);
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  return PWASM_ACTION_CONTINUE;
}

static void
http_call__of_another_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *first;

  (void)state;
  kept = NULL;
  script.on_request_headers = call_for_kept;
  first = pwasm_host_http_get(plugin, "/first");
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/second"));
  assert_int_equal(pwasm_host_http_call(host, 0)->context_id, pwasm_host_http_id(first));
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_string_equal(events, "a answered 200, ");
  assert_ptr_equal(last_owner, kept);
}

/* As many allocations as succeed. */
static size_t num_allocations;

static PwasmAction
call_for_kept_without_memory(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  if (kept == NULL)
    return call_for_kept(ctx, num_headers, end_of_stream);
  pwasm_vm_fail_allocations_after(num_allocations);
  status = pwasm_http_call(kept, &options, done, "a");
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  /* This stream is the current one again. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  return PWASM_ACTION_CONTINUE;
}

static void
http_call__of_another_stream_without_memory(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  kept = NULL;
  script.on_request_headers = call_for_kept_without_memory;
  pwasm_host_http_get(plugin, "/first");
  num_allocations = 0;
  do {
    assert_in_range(num_allocations, 0, 20);
    pwasm_host_http_end(pwasm_host_http_get(plugin, "/second"));
    num_allocations++;
  } while (status == PWASM_STATUS_OUT_OF_MEMORY);
  assert_ok(status);
  assert_int_equal(pwasm_host_http_call_count(host), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    CALL_TEST(http_call__cancelled_when_the_stream_ends),
    CALL_TEST(http_call__all_are_cancelled_whatever_their_ids),
    CALL_TEST(http_call__of_plugin_and_vm),
    CALL_TEST(http_call__cancelled_at_the_end_of_all),
    CALL_TEST(http_call__memory_is_flat),
    CALL_TEST(http_call__more_than_are_counted),
    CALL_TEST(http_call__of_another_stream),
    CALL_TEST(http_call__of_another_stream_without_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
