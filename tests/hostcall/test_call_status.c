#include "../script.h"

static uint32_t code;
static PwasmStr message;
static char message_text[32];
static PwasmStatus status;

static PwasmAction
read_status(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  code = 77;
  message = PWASM_STR("before");
  status = pwasm_call_status_get(&code, &message);
  snprintf(message_text, sizeof message_text, "%.*s", PWASM_STR_ARG(message));
  return PWASM_ACTION_CONTINUE;
}

static void
call_status__may_be_empty(void **state)
{
  (void)state;
  script.on_request_headers = read_status;
  pwasm_host_http_get(start_plugin(), "/");
  assert_ok(status);
  assert_int_equal(code, 0);
  assert_string_equal(message_text, "");
}

static void
call_status__has_a_message(void **state)
{
  (void)state;
  script.on_request_headers = read_status;
  pwasm_host_answer(host, "proxy_get_status", 1, PWASM_STR("reset"));
  pwasm_host_http_get(start_plugin(), "/");
  assert_ok(status);
  assert_string_equal(message_text, "reset");
}

static void
call_status__may_be_unknown(void **state)
{
  (void)state;
  script.on_request_headers = read_status;
  pwasm_host_fail(host, "proxy_get_status", 1, PWASM_STATUS_UNIMPLEMENTED);
  pwasm_host_http_get(start_plugin(), "/");
  assert_int_equal(status, PWASM_STATUS_UNIMPLEMENTED);
  assert_int_equal(code, 77);
  assert_string_equal(message_text, "before");
}

static PwasmAction
read_status_without_memory(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  pwasm_vm_fail_allocations_after(0);
  read_status(ctx, num_headers, end_of_stream);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  return PWASM_ACTION_CONTINUE;
}

static void
call_status__says_when_memory_is_out(void **state)
{
  (void)state;
  script.on_request_headers = read_status_without_memory;
  pwasm_host_answer(host, "proxy_get_status", 1, PWASM_STR("reset"));
  pwasm_host_http_get(start_plugin(), "/");
  assert_int_equal(status, PWASM_STATUS_OUT_OF_MEMORY);
  assert_int_equal(code, 77);
  assert_string_equal(message_text, "before");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(call_status__may_be_empty),
    SCRIPT_TEST(call_status__has_a_message),
    SCRIPT_TEST(call_status__may_be_unknown),
    SCRIPT_TEST(call_status__says_when_memory_is_out),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
