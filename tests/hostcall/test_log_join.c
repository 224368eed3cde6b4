#include "../unit.h"

PWASM_PLUGIN();

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
log_join__makes_one_message(void **state)
{
  PwasmStr value = PWASM_STR("v\0v");

  (void)state;
  PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("name: "), value, pwasm_str(NULL, 0), PWASM_STR("!"));
  assert_int_equal(pwasm_host_log_count(host), 1);
  assert_true(pwasm_str_equal(last_message(), PWASM_STR("name: v\0v!")));
  PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("alone"));
  assert_str(last_message(), "alone");
  pwasm_log_join(PWASM_LOG_WARN, NULL, 0);
  assert_int_equal(pwasm_host_log_count(host), 2);
}

static void
log_join__gives_its_memory_back(void **state)
{
  static char large[100000];
  PwasmVmMemory before;
  PwasmVmMemory after;
  char *bytes = pwasm_arena_alloc(pwasm_scratch(), 10);

  (void)state;
  strcpy(bytes, "kept");
  pwasm_vm_memory(&before);
  memset(large, 'x', sizeof large);
  PWASM_LOG_JOIN(PWASM_LOG_INFO, pwasm_str(large, sizeof large), PWASM_STR("y"));
  assert_int_equal(last_message().len, sizeof large + 1);
  pwasm_vm_memory(&after);
  assert_int_equal(after.in_use, before.in_use);
  assert_string_equal(bytes, "kept");
  pwasm_arena_reset(pwasm_scratch());
}

static void
log_join__does_nothing_when_off(void **state)
{
  (void)state;
  pwasm_log_set_level(PWASM_LOG_ERROR);
  PWASM_LOG_JOIN(PWASM_LOG_WARN, PWASM_STR("a"), PWASM_STR("b"));
  assert_int_equal(pwasm_host_log_count(host), 0);
}

static void
log_join__without_memory_shows_the_beginning(void **state)
{
  (void)state;
  pwasm_vm_fail_allocations_after(0);
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("begin"), PWASM_STR("end"));
  assert_true(pwasm_str_starts_with(last_message(), PWASM_STR("begin")));
}

#define JOIN_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    JOIN_TEST(log_join__makes_one_message),
    JOIN_TEST(log_join__gives_its_memory_back),
    JOIN_TEST(log_join__does_nothing_when_off),
    JOIN_TEST(log_join__without_memory_shows_the_beginning),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
