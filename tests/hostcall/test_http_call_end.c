#include "http_call_script.h"

static void
http_call__several_are_answered_in_any_order(void **state)
{
  (void)state;
  script.on_request_headers = call_three_times;
  pwasm_host_http_get(start_plugin(), "/");
  assert_int_equal(pwasm_host_http_call_count(host), 3);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 1), ANSWER_200);
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 1));
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_string_equal(events, "b answered 200, c failed 0, a answered 200, ");
}

static void
http_call__repeated_or_unknown_answers_are_ignored(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttpCall *call;

  (void)state;
  /* Before the first call, too. */
  pwasm_host_call(vm, "proxy_on_http_call_response", pwasm_host_plugin_id(plugin), 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
  start_call(plugin);
  call = pwasm_host_http_call(host, 0);
  pwasm_host_http_call_answer(call, ANSWER_200);
  pwasm_host_http_call_answer(call, ANSWER_200);
  pwasm_host_http_call_fail(call);
  pwasm_host_call(vm, "proxy_on_http_call_response", 12345, 7, 1);
  assert_string_equal(events, "a answered 200, ");
  assert_int_equal(pwasm_host_log_count(host), 1);
}

static void
http_call__an_answer_without_headers_is_none(void **state)
{
  (void)state;
  start_call(start_plugin());
  proxy_on_http_call_response(1, pwasm_host_http_call(host, 0)->id, 0, 5, 6);
  assert_string_equal(events, "a failed 0, ");
  assert_int_equal(last.body_size, 0);
  assert_int_equal(last.num_trailers, 0);
}

static void
http_call__the_first_id_may_be_zero(void **state)
{
  (void)state;
  pwasm_host_set_next_http_call_id(host, 0);
  start_call(start_plugin());
  assert_int_equal(pwasm_host_http_call(host, 0)->id, 0);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_string_equal(events, "a answered 200, ");
}

static void
http_call__an_id_used_again_ends_the_lost_call(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  start_call(plugin);
  /* It has not ended with its owner, which waits. */
  pwasm_host_set_next_http_call_id(host, 4);
  start_call(plugin);
  assert_string_equal(events, "a failed 0, ");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 1), ANSWER_200);
  assert_string_equal(events, "a failed 0, a answered 200, ");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 4");
}

static uint32_t
answer_at_once(PwasmHostHttpCall *call, void *data)
{
  pwasm_host_http_call_answer(call, ANSWER_200);
  return *(uint32_t *)data;
}

static uint32_t
fail_at_once(PwasmHostHttpCall *call, void *data)
{
  pwasm_host_http_call_fail(call);
  return *(uint32_t *)data;
}

static void
http_call__answered_inside_the_hostcall(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmVmMemory before;
  PwasmVmMemory after;
  uint32_t result = PWASM_STATUS_OK;

  (void)state;
  pwasm_host_on_http_call(host, answer_at_once, &result);
  pwasm_host_http_end(start_call(plugin));
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &before);
  assert_string_equal(events, "a answered 200, ");
  pwasm_host_on_http_call(host, fail_at_once, &result);
  pwasm_host_http_end(start_call(plugin));
  /* What was told already is not a failure a second time. */
  result = PWASM_STATUS_INTERNAL_FAILURE;
  pwasm_host_http_end(start_call(plugin));
  assert_string_equal(events, "a answered 200, a failed 0, a failed 0, ");
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &after);
  assert_int_equal(after.in_use, before.in_use);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
http_call__answered_inside_the_hostcall_is_not_waited_for(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  uint32_t result = PWASM_STATUS_OK;

  (void)state;
  pwasm_host_on_http_call(host, answer_at_once, &result);
  start_call(plugin);
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_http_call_response", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
}

static uint32_t
delete_owner(PwasmHostHttpCall *call, void *data)
{
  pwasm_host_call(data, "proxy_on_delete", call->context_id, 0, 0);
  return PWASM_STATUS_OK;
}

static void
http_call__owner_deleted_inside_the_hostcall(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_on_http_call(host, delete_owner, pwasm_host_plugin_vm(plugin));
  start_call(plugin);
  assert_string_equal(events, "a cancelled 0, ");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_string_equal(events, "a cancelled 0, ");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call");
  /* One answer was still to come, and no more. */
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_http_call_response", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
}

static uint32_t
delete_owner_and_refuse(PwasmHostHttpCall *call, void *data)
{
  delete_owner(call, data);
  return PWASM_STATUS_INTERNAL_FAILURE;
}

static void
http_call__owner_deleted_and_the_call_refused(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_on_http_call(host, delete_owner_and_refuse, pwasm_host_plugin_vm(plugin));
  start_call(plugin);
  assert_string_equal(events, "a cancelled 0, ");
  /* No answer is to come. */
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_http_call_response", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
}

static void
call_again(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  done(owner, result, data);
  assert_ok(pwasm_http_call(owner, &options, done, "second"));
}

static PwasmAction
call_twice_in_turn(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, call_again, "first"));
  return PWASM_ACTION_PAUSE;
}

static void
http_call__one_follows_another(void **state)
{
  uint32_t result = PWASM_STATUS_OK;
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call_twice_in_turn;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  assert_int_equal(pwasm_host_http_call_count(host), 1);
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  assert_string_equal(events, "first answered 200, second failed 0, ");
  /* The same, nested. */
  events[0] = '\0';
  pwasm_host_on_http_call(host, answer_at_once, &result);
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(events, "first answered 200, second answered 200, ");
}

static void
http_call__a_dropped_one_is_cancelled_at_last(void **state)
{
  PwasmHostHttp *http = start_call(start_plugin());

  (void)state;
  pwasm_host_http_call_drop(pwasm_host_http_call(host, 0));
  assert_int_equal(pwasm_host_http_call_count(host), 0);
  pwasm_host_http_end(http);
  assert_string_equal(events, "a cancelled 0, ");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    CALL_TEST(http_call__several_are_answered_in_any_order),
    CALL_TEST(http_call__repeated_or_unknown_answers_are_ignored),
    CALL_TEST(http_call__an_answer_without_headers_is_none),
    CALL_TEST(http_call__the_first_id_may_be_zero),
    CALL_TEST(http_call__an_id_used_again_ends_the_lost_call),
    CALL_TEST(http_call__answered_inside_the_hostcall),
    CALL_TEST(http_call__answered_inside_the_hostcall_is_not_waited_for),
    CALL_TEST(http_call__owner_deleted_inside_the_hostcall),
    CALL_TEST(http_call__owner_deleted_and_the_call_refused),
    CALL_TEST(http_call__one_follows_another),
    CALL_TEST(http_call__a_dropped_one_is_cancelled_at_last),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
