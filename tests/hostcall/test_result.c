#include "../unit.h"

#include "core/vm_private.h"
#include "hostcall/result_private.h"

PWASM_PLUGIN();

static void
result__bytes_become_a_view(void **state)
{
  PwasmStr bytes;

  (void)state;
  assert_ok(pwasm__result(0, "abcdef", 3, &bytes));
  assert_str(bytes, "abc");
}

static void
result__an_empty_one_is_not_missing(void **state)
{
  PwasmStr bytes = {NULL, 99};

  (void)state;
  /* As hosts return nothing: no pointer, a pointer without bytes, a size without a pointer. */
  assert_ok(pwasm__result(0, NULL, 0, &bytes));
  assert_true(pwasm_str_is_present(bytes));
  assert_int_equal(bytes.len, 0);
  assert_ok(pwasm__result(0, "x", 0, &bytes));
  assert_int_equal(bytes.len, 0);
  assert_ok(pwasm__result(0, NULL, 99, &bytes));
  assert_true(pwasm_str_is_present(bytes));
  assert_int_equal(bytes.len, 0);
}

static void
result__a_failure_leaves_the_view_alone(void **state)
{
  PwasmStr bytes = PWASM_STR("before");

  (void)state;
  assert_status(pwasm__result(1, "x", 1, &bytes), NOT_FOUND);
  assert_status(pwasm__result(12, "x", 1, &bytes), UNIMPLEMENTED);
  assert_int_equal(pwasm__result(0x7fffffff, "x", 1, &bytes), 0x7fffffff);
  assert_str(bytes, "before");
}

static void
result__a_refused_allocation_is_out_of_memory_whatever_the_host_says(void **state)
{
  static const uint32_t statuses[] = {0, PWASM_STATUS_INVALID_MEMORY_ACCESS,
                                      PWASM_STATUS_INTERNAL_FAILURE};
  PwasmStr bytes = PWASM_STR("before");

  (void)state;
  for (size_t i = 0; i < 3; i++) {
    pwasm__vm()->allocation_failed = true;
    assert_status(pwasm__result(statuses[i], NULL, 0, &bytes), OUT_OF_MEMORY);
    /* Once. */
    assert_status(pwasm__result(1, NULL, 0, &bytes), NOT_FOUND);
  }
  assert_str(bytes, "before");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(result__bytes_become_a_view),
    cmocka_unit_test(result__an_empty_one_is_not_missing),
    cmocka_unit_test(result__a_failure_leaves_the_view_alone),
    cmocka_unit_test(result__a_refused_allocation_is_out_of_memory_whatever_the_host_says),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
