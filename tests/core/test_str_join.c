#include "../unit.h"

PWASM_PLUGIN();

static void
str_join__joins(void **state)
{
  static const PwasmStr parts[] = {
    PWASM_STR_INIT("a"),
    {NULL, 0},
    PWASM_STR_INIT(""),
    PWASM_STR_INIT("bc\0d"),
  };
  PwasmArena arena = {0};
  PwasmStr text;

  (void)state;
  assert_ok(pwasm_str_join(&arena, parts, 4, &text));
  assert_int_equal(text.len, 5);
  /* The NUL behind it too. */
  assert_memory_equal(text.data, "abc\0d", 6);
  pwasm_arena_reset(&arena);
}

static void
str_join__nothing_is_empty_not_missing(void **state)
{
  static const PwasmStr missing = {NULL, 0};
  PwasmArena arena = {0};
  PwasmStr text;

  (void)state;
  assert_ok(pwasm_str_join(&arena, NULL, 0, &text));
  assert_true(pwasm_str_is_present(text));
  assert_string_equal(text.data, "");
  assert_ok(pwasm_str_join(&arena, &missing, 1, &text));
  assert_true(pwasm_str_is_present(text));
  assert_int_equal(text.len, 0);
  pwasm_arena_reset(&arena);
}

static void
str_join__sizes_that_overflow_are_refused(void **state)
{
  const PwasmStr too_long[] = {pwasm_str("a", SIZE_MAX / 2 + 1), pwasm_str("a", SIZE_MAX / 2 + 1)};
  const PwasmStr longest[] = {pwasm_str("a", SIZE_MAX)};
  PwasmArena arena = {0};
  PwasmStr text = PWASM_STR("before");

  (void)state;
  assert_status(pwasm_str_join(&arena, too_long, 2, &text), OUT_OF_MEMORY);
  assert_status(pwasm_str_join(&arena, longest, 1, &text), OUT_OF_MEMORY);
  assert_str(text, "before");
}

static void
str_join__says_when_memory_is_out(void **state)
{
  const PwasmStr part = PWASM_STR("a");
  PwasmArena arena = {0};
  PwasmStr text = PWASM_STR("before");

  (void)state;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_str_join(&arena, &part, 1, &text), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(text, "before");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(str_join__joins),
    cmocka_unit_test(str_join__nothing_is_empty_not_missing),
    cmocka_unit_test(str_join__sizes_that_overflow_are_refused),
    cmocka_unit_test(str_join__says_when_memory_is_out),
  };
  int num_failed = cmocka_run_group_tests(tests, NULL, NULL);

  return pwasm_vm_free(NULL) != 0 ? 1 : num_failed;
}
