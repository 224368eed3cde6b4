#include "../unit.h"

PWASM_PLUGIN();

/* Outside of callbacks the host takes log lines too. */

static int
setup(void **state)
{
  int result = unit_setup(state);

  pwasm_vm_switch(pwasm_host_vm_native(pwasm_host_vm_new(host, NULL)));
  return result;
}

static PwasmStr
last_message(void)
{
  return pwasm_host_log_line(host, pwasm_host_log_count(host) - 1)->message;
}

static void
logf__formats(void **state)
{
  PwasmStr name = PWASM_STR("name");

  (void)state;
  pwasm_logf(PWASM_LOG_WARN, "%.*s: %d of %zu, %#x, %.2f%%", PWASM_STR_ARG(name), -1, (size_t)7,
             255u, 99.5);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "name: -1 of 7, 0xff, 99.50%");
  pwasm_logf(PWASM_LOG_INFO, "plain");
  assert_str(last_message(), "plain");
}

static void
logf__messages_of_any_length_come_through_whole(void **state)
{
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)state;
  pwasm_vm_memory(&before);
  for (int len = 1; len < 600; len++) {
    pwasm_logf(PWASM_LOG_INFO, "%*d", len, 7);
    assert_int_equal(last_message().len, len);
    assert_int_equal(last_message().data[len - 1], '7');
  }
  pwasm_logf(PWASM_LOG_INFO, "%99999d", 7);
  assert_int_equal(last_message().len, 99999);
  /* Their memory is given back at once. */
  pwasm_vm_memory(&after);
  assert_int_equal(after.in_use, before.in_use);
}

static void
logf__takes_memory_for_long_messages_only(void **state)
{
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)state;
  pwasm_vm_memory(&before);
  pwasm_logf(PWASM_LOG_INFO, "%256d", 7);
  pwasm_vm_memory(&after);
  assert_int_equal(after.allocations, before.allocations);
  pwasm_logf(PWASM_LOG_INFO, "%257d", 7);
  pwasm_vm_memory(&after);
  assert_int_equal(after.allocations, before.allocations + 1);
}

static void
logf__without_memory_shows_the_beginning(void **state)
{
  (void)state;
  pwasm_vm_fail_allocations_after(0);
  pwasm_logf(PWASM_LOG_INFO, "%s%600d", "begin", 7);
  assert_int_equal(last_message().len, 256);
  assert_true(pwasm_str_starts_with(last_message(), PWASM_STR("begin  ")));
  pwasm_logf(PWASM_LOG_INFO, "%256d", 7);
  assert_int_equal(last_message().len, 256);
  assert_int_equal(last_message().data[255], '7');
}

static void
logf__needs_no_memory_for_what_is_off(void **state)
{
  (void)state;
  pwasm_log_set_level(PWASM_LOG_ERROR);
  pwasm_logf(PWASM_LOG_WARN, "%d", 1);
  PWASM_LOG(PWASM_LOG_WARN, "%d", 1);
  assert_int_equal(pwasm_host_log_count(host), 0);
}

static void
logf__keeps_what_is_in_scratch(void **state)
{
  char *bytes = pwasm_arena_alloc(pwasm_scratch(), 10);

  (void)state;
  strcpy(bytes, "kept");
  pwasm_logf(PWASM_LOG_INFO, "%1000d", 7);
  assert_string_equal(bytes, "kept");
  pwasm_arena_reset(pwasm_scratch());
}

#define LOGF_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    LOGF_TEST(logf__formats),
    LOGF_TEST(logf__messages_of_any_length_come_through_whole),
    LOGF_TEST(logf__takes_memory_for_long_messages_only),
    LOGF_TEST(logf__without_memory_shows_the_beginning),
    LOGF_TEST(logf__needs_no_memory_for_what_is_off),
    LOGF_TEST(logf__keeps_what_is_in_scratch),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
