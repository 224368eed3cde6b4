#include "../unit.h"

PWASM_PLUGIN();

static void
str_format__formats_into_an_arena(void **state)
{
  PwasmArena arena = {0};
  PwasmStr text;
  PwasmStr name = PWASM_STR("na\0me");

  (void)state;
  assert_ok(pwasm_str_format(&arena, &text, "%.*s=%d", PWASM_STR_ARG(pwasm_str(name.data, 2)), 42));
  assert_int_equal(text.len, 5);
  assert_string_equal(text.data, "na=42");
  assert_ok(pwasm_str_format(&arena, &text, "%s", ""));
  assert_int_equal(text.len, 0);
  assert_string_equal(text.data, "");
  assert_ok(pwasm_str_format(&arena, &text, "%5000d", 1));
  assert_int_equal(text.len, 5000);
  assert_int_equal(text.data[4999], '1');
  assert_int_equal(text.data[5000], '\0');
  pwasm_arena_reset(&arena);
}

static void
str_format__leaves_its_result_alone_when_memory_is_out(void **state)
{
  PwasmArena arena = {0};
  PwasmStr text = PWASM_STR("before");

  (void)state;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_str_format(&arena, &text, "%d", 1), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(text, "before");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(str_format__formats_into_an_arena),
    cmocka_unit_test(str_format__leaves_its_result_alone_when_memory_is_out),
  };
  int num_failed = cmocka_run_group_tests(tests, NULL, NULL);

  return pwasm_vm_free(NULL) != 0 ? 1 : num_failed;
}
