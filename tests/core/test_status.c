#include "../unit.h"

PWASM_PLUGIN();

typedef struct Case {
  PwasmStatus status;
  int value;
  const char *name;
} Case;

/* Written out, so that a renumbered status is seen: hosts know these numbers. */
static const Case cases[] = {
  {PWASM_STATUS_OK, 0, "OK"},
  {PWASM_STATUS_NOT_FOUND, 1, "NOT_FOUND"},
  {PWASM_STATUS_BAD_ARGUMENT, 2, "BAD_ARGUMENT"},
  {PWASM_STATUS_SERIALIZATION_FAILURE, 3, "SERIALIZATION_FAILURE"},
  {PWASM_STATUS_PARSE_FAILURE, 4, "PARSE_FAILURE"},
  {PWASM_STATUS_BAD_EXPRESSION, 5, "BAD_EXPRESSION"},
  {PWASM_STATUS_INVALID_MEMORY_ACCESS, 6, "INVALID_MEMORY_ACCESS"},
  {PWASM_STATUS_EMPTY, 7, "EMPTY"},
  {PWASM_STATUS_CAS_MISMATCH, 8, "CAS_MISMATCH"},
  {PWASM_STATUS_RESULT_MISMATCH, 9, "RESULT_MISMATCH"},
  {PWASM_STATUS_INTERNAL_FAILURE, 10, "INTERNAL_FAILURE"},
  {PWASM_STATUS_BROKEN_CONNECTION, 11, "BROKEN_CONNECTION"},
  {PWASM_STATUS_UNIMPLEMENTED, 12, "UNIMPLEMENTED"},
  {PWASM_STATUS_OUT_OF_MEMORY, 256, "OUT_OF_MEMORY"},
  {PWASM_STATUS_CLOSED, 257, "CLOSED"},
  {PWASM_STATUS_ALREADY_REPLIED, 258, "ALREADY_REPLIED"},
  {PWASM_STATUS_TOO_LARGE, 259, "TOO_LARGE"},
  {PWASM_STATUS_MALFORMED, 260, "MALFORMED"},
  {PWASM_STATUS_TYPE_MISMATCH, 261, "TYPE_MISMATCH"},
};

#define COUNT_ONE(name, value, text) +1

_Static_assert(sizeof cases / sizeof cases[0] == 0 PWASM_STATUS_LIST(COUNT_ONE),
               "every status is tested");

static void
status__values_and_names_are_those_of_the_abi(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(cases[i].status, cases[i].value);
    assert_string_equal(pwasm_status_name(cases[i].status), cases[i].name);
  }
}

static void
status__texts_are_there_and_differ(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *text = pwasm_status_text(cases[i].status);

    assert_true(strlen(text) > 3);
    assert_string_not_equal(text, "unknown status");
    for (size_t k = 0; k < i; k++)
      assert_string_not_equal(text, pwasm_status_text(cases[k].status));
  }
}

static void
status__unlisted_values_are_unknown(void **state)
{
  static const int values[] = {13, 255, 262, 1000, 0x7fffffff};

  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    assert_string_equal(pwasm_status_name((PwasmStatus)values[i]), "UNKNOWN");
    assert_string_equal(pwasm_status_text((PwasmStatus)values[i]), "unknown status");
  }
}

static void
status__may_be_ignored_on_purpose(void **state)
{
  (void)state;
  pwasm_ignore(PWASM_STATUS_NOT_FOUND);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(status__values_and_names_are_those_of_the_abi),
    cmocka_unit_test(status__texts_are_there_and_differ),
    cmocka_unit_test(status__unlisted_values_are_unknown),
    cmocka_unit_test(status__may_be_ignored_on_purpose),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
