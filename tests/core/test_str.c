#include "../unit.h"

PWASM_PLUGIN();

static const PwasmStr missing = {NULL, 0};

static void
str__literals_have_no_nul(void **state)
{
  static const PwasmStr constant = PWASM_STR_INIT("a\0b");

  (void)state;
  assert_int_equal(constant.len, 3);
  assert_int_equal(PWASM_STR("").len, 0);
  assert_true(pwasm_str_is_present(PWASM_STR("")));
  assert_str(PWASM_STR("x-hello"), "x-hello");
}

static void
str__missing_is_not_empty(void **state)
{
  (void)state;
  assert_false(pwasm_str_is_present(missing));
  assert_true(pwasm_str_is_present(pwasm_str("", 0)));
  assert_false(pwasm_str_is_present(pwasm_str_from_cstr(NULL)));
  assert_int_equal(pwasm_str_from_cstr(NULL).len, 0);
  assert_str(pwasm_str_from_cstr("abc"), "abc");
}

static void
str__equal_compares_bytes(void **state)
{
  (void)state;
  assert_true(pwasm_str_equal(PWASM_STR("abc"), PWASM_STR("abc")));
  assert_true(pwasm_str_equal(PWASM_STR("a\0c"), PWASM_STR("a\0c")));
  assert_false(pwasm_str_equal(PWASM_STR("a\0c"), PWASM_STR("a\0d")));
  assert_false(pwasm_str_equal(PWASM_STR("abc"), PWASM_STR("Abc")));
  assert_false(pwasm_str_equal(PWASM_STR("abc"), PWASM_STR("ab")));
  assert_false(pwasm_str_equal(PWASM_STR("abc"), PWASM_STR("bbc")));
  assert_true(pwasm_str_equal(missing, PWASM_STR("")));
  assert_true(pwasm_str_equal(missing, missing));
  assert_false(pwasm_str_equal(missing, PWASM_STR("a")));
}

static void
str__equal_ignore_case_is_for_ascii_letters(void **state)
{
  (void)state;
  assert_true(pwasm_str_equal_ignore_case(PWASM_STR("Content-TYPE"), PWASM_STR("cOnTeNt-type")));
  assert_false(pwasm_str_equal_ignore_case(PWASM_STR("abc"), PWASM_STR("abcd")));
  assert_true(pwasm_str_equal_ignore_case(missing, PWASM_STR("")));
  for (int a = 0; a < 256; a++) {
    for (int b = 0; b < 256; b++) {
      char x = (char)a;
      char y = (char)b;
      bool is_upper = a >= 'A' && a <= 'Z' && b == a + 32;
      bool is_lower = b >= 'A' && b <= 'Z' && a == b + 32;

      assert_int_equal(pwasm_str_equal_ignore_case(pwasm_str(&x, 1), pwasm_str(&y, 1)),
                       a == b || is_upper || is_lower);
    }
  }
}

static void
str__starts_and_ends(void **state)
{
  PwasmStr str = PWASM_STR("/api/v1");

  (void)state;
  assert_true(pwasm_str_starts_with(str, PWASM_STR("/api")));
  assert_true(pwasm_str_starts_with(str, str));
  assert_true(pwasm_str_starts_with(str, PWASM_STR("")));
  assert_true(pwasm_str_starts_with(str, missing));
  assert_false(pwasm_str_starts_with(str, PWASM_STR("api")));
  assert_false(pwasm_str_starts_with(str, PWASM_STR("/api/v1/")));
  assert_true(pwasm_str_ends_with(str, PWASM_STR("/v1")));
  assert_true(pwasm_str_ends_with(str, str));
  assert_true(pwasm_str_ends_with(str, PWASM_STR("")));
  assert_false(pwasm_str_ends_with(str, PWASM_STR("/v")));
  assert_false(pwasm_str_ends_with(str, PWASM_STR("x/api/v1")));
  assert_true(pwasm_str_starts_with(missing, PWASM_STR("")));
  assert_true(pwasm_str_ends_with(missing, missing));
  assert_false(pwasm_str_starts_with(missing, PWASM_STR("a")));
  assert_false(pwasm_str_ends_with(missing, PWASM_STR("a")));
}

static void
str__find_gives_the_first_place(void **state)
{
  (void)state;
  assert_int_equal(pwasm_str_find(PWASM_STR("abcabc"), PWASM_STR("abc")), 0);
  assert_int_equal(pwasm_str_find(PWASM_STR("xabcabc"), PWASM_STR("abc")), 1);
  assert_int_equal(pwasm_str_find(PWASM_STR("aab"), PWASM_STR("ab")), 1);
  assert_int_equal(pwasm_str_find(PWASM_STR("a\0b"), PWASM_STR("\0b")), 1);
  assert_int_equal(pwasm_str_find(PWASM_STR("abc"), PWASM_STR("")), 0);
  assert_int_equal(pwasm_str_find(missing, PWASM_STR("")), 0);
  assert_int_equal(pwasm_str_find(PWASM_STR("abc"), PWASM_STR("abd")), SIZE_MAX);
  assert_int_equal(pwasm_str_find(PWASM_STR("abc"), PWASM_STR("abcd")), SIZE_MAX);
  assert_int_equal(pwasm_str_find(PWASM_STR(""), PWASM_STR("a")), SIZE_MAX);
  assert_int_equal(pwasm_str_find(missing, PWASM_STR("a")), SIZE_MAX);
}

static void
str__slice_is_cut_to_what_is_there(void **state)
{
  PwasmStr str = PWASM_STR("abcdef");

  (void)state;
  assert_str(pwasm_str_slice(str, 0, SIZE_MAX), "abcdef");
  assert_str(pwasm_str_slice(str, 2, 3), "cde");
  assert_str(pwasm_str_slice(str, 4, 10), "ef");
  assert_str(pwasm_str_slice(str, 6, 1), "");
  assert_str(pwasm_str_slice(str, SIZE_MAX, SIZE_MAX), "");
  assert_str(pwasm_str_slice(str, 3, 0), "");
  assert_true(pwasm_str_is_present(pwasm_str_slice(str, 100, 1)));
  assert_false(pwasm_str_is_present(pwasm_str_slice(missing, 1, 1)));
}

static void
str__trim_takes_blanks_off_both_ends(void **state)
{
  (void)state;
  assert_str(pwasm_str_trim(PWASM_STR(" \t\r\n a b \n")), "a b");
  assert_str(pwasm_str_trim(PWASM_STR("a")), "a");
  assert_str(pwasm_str_trim(PWASM_STR("  \t ")), "");
  assert_str(pwasm_str_trim(PWASM_STR("")), "");
  assert_str(pwasm_str_trim(PWASM_STR("\v\fa\v")), "\v\fa\v");
  assert_false(pwasm_str_is_present(pwasm_str_trim(missing)));
}

static void
str__reads_numbers(void **state)
{
  uint64_t value;

  (void)state;
  assert_ok(pwasm_str_to_uint64(PWASM_STR("0"), &value));
  assert_int_equal(value, 0);
  assert_ok(pwasm_str_to_uint64(PWASM_STR("0042"), &value));
  assert_int_equal(value, 42);
  assert_ok(pwasm_str_to_uint64(PWASM_STR("18446744073709551615"), &value));
  assert_true(value == UINT64_MAX);
  assert_ok(pwasm_str_to_uint64(PWASM_STR("18446744073709551609"), &value));
  assert_true(value == UINT64_MAX - 6);
}

static void
str__refuses_what_is_no_number(void **state)
{
  static const PwasmStr bad[] = {
    PWASM_STR_INIT(""),
    PWASM_STR_INIT(" 1"),
    PWASM_STR_INIT("1 "),
    PWASM_STR_INIT("-1"),
    PWASM_STR_INIT("+1"),
    PWASM_STR_INIT("0x1"),
    PWASM_STR_INIT("1.0"),
    PWASM_STR_INIT("1\0"),
    PWASM_STR_INIT("18446744073709551616"),
    PWASM_STR_INIT("18446744073709551620"),
    PWASM_STR_INIT("99999999999999999999"),
    PWASM_STR_INIT("1/"),
    PWASM_STR_INIT("1:"),
    {NULL, 0},
  };
  uint64_t value = 7;

  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    assert_status(pwasm_str_to_uint64(bad[i], &value), PARSE_FAILURE);
  assert_int_equal(value, 7);
}

static void
str__writes_numbers(void **state)
{
  PwasmDigits digits;

  (void)state;
  assert_str(pwasm_str_from_uint64(0, &digits), "0");
  assert_str(pwasm_str_from_uint64(9, &digits), "9");
  assert_str(pwasm_str_from_uint64(10, &digits), "10");
  assert_str(pwasm_str_from_uint64(UINT64_MAX, &digits), "18446744073709551615");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(str__literals_have_no_nul),
    cmocka_unit_test(str__missing_is_not_empty),
    cmocka_unit_test(str__equal_compares_bytes),
    cmocka_unit_test(str__equal_ignore_case_is_for_ascii_letters),
    cmocka_unit_test(str__starts_and_ends),
    cmocka_unit_test(str__find_gives_the_first_place),
    cmocka_unit_test(str__slice_is_cut_to_what_is_there),
    cmocka_unit_test(str__trim_takes_blanks_off_both_ends),
    cmocka_unit_test(str__reads_numbers),
    cmocka_unit_test(str__refuses_what_is_no_number),
    cmocka_unit_test(str__writes_numbers),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
