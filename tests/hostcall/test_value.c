#include "../unit.h"

#include <float.h>
#include <stdlib.h>

PWASM_PLUGIN();

/* Encodings and what each function makes of them; NO: TYPE_MISMATCH. */
#define NO "no"

typedef struct Case {
  PwasmStr bytes;
  const char *int64;
  const char *uint64;
  const char *number; /* of a double, "%.17g" */
  const char *boolean;
  const char *time;
  const char *duration;
} Case;

static const Case cases[] = {
  /* one byte */
  {PWASM_STR_INIT("\0"), "0", "0", NO, "false", NO, "0"},
  {PWASM_STR_INIT("\1"), "1", "1", NO, "true", NO, "1"},
  {PWASM_STR_INIT("\xff"), "255", "255", NO, NO, NO, "255"},
  {PWASM_STR_INIT("0"), "0", "0", "0", "false", NO, "0"},
  {PWASM_STR_INIT("1"), "1", "1", "1", "true", NO, "1"},
  {PWASM_STR_INIT("2"), "2", "2", "2", NO, NO, "2"},
  {PWASM_STR_INIT("9"), "9", "9", "9", NO, NO, "9"},
  {PWASM_STR_INIT("-"), "45", "45", NO, NO, NO, "45"},
  /* four */
  {PWASM_STR_INIT("\0\0\0\0"), "0", "0", NO, "false", NO, "0"},
  {PWASM_STR_INIT("\1\0\0\0"), "1", "1", NO, "true", NO, "1"},
  {PWASM_STR_INIT("\x94\1\0\0"), "404", "404", NO, NO, NO, "404"},
  {PWASM_STR_INIT("\xff\xff\xff\xff"), "-1", "4294967295", NO, NO, NO, NO},
  {PWASM_STR_INIT("8080"), "8080", "8080", "8080", NO, NO, "8080"},
  {PWASM_STR_INIT("-123"), "-123", NO, "-123", NO, NO, NO},
  {PWASM_STR_INIT("0001"), "1", "1", "1", "true", NO, "1"},
  {PWASM_STR_INIT("1.50"), "808791601", "808791601", "1.5", NO, NO, "808791601"},
  {PWASM_STR_INIT("true"), "1702195828", "1702195828", NO, "true", NO, "1702195828"},
  /* eight */
  {PWASM_STR_INIT("\0\0\0\0\0\0\0\0"), "0", "0", "0", "false", "0", "0"},
  {PWASM_STR_INIT("\1\0\0\0\0\0\0\0"), "1", "1", "4.9406564584124654e-324", "true", "1", "1"},
  {PWASM_STR_INIT("\xff\xff\xff\xff\xff\xff\xff\xff"), "-1", "18446744073709551615", "-nan", NO, NO,
   NO},
  {PWASM_STR_INIT("\0\0\0\0\0\0\xf8\x3f"), "4609434218613702656", "4609434218613702656", "1.5", NO,
   "4609434218613702656", "4609434218613702656"},
  {PWASM_STR_INIT("12345678"), "12345678", "12345678", "12345678", NO, "4050765991979987505",
   "12345678"},
  {PWASM_STR_INIT("-1234567"), "-1234567", NO, "-1234567", NO, "3978425819141910829", NO},
  {PWASM_STR_INIT("00000001"), "1", "1", "1", "true", "3544385890265608240", "1"},
  {PWASM_STR_INIT("1.234567"), "3978425819141910065", "3978425819141910065", "1.234567", NO,
   "3978425819141910065", "3978425819141910065"},
  /* other lengths: text only */
  {PWASM_STR_INIT(""), NO, NO, NO, NO, NO, NO},
  {PWASM_STR_INIT("42"), "42", "42", "42", NO, NO, "42"},
  {PWASM_STR_INIT("-0"), "0", "0", "-0", "false", NO, "0"},
  {PWASM_STR_INIT("+1"), NO, NO, NO, NO, NO, NO},
  {PWASM_STR_INIT(" 1"), NO, NO, NO, NO, NO, NO},
  {PWASM_STR_INIT("--1"), NO, NO, NO, NO, NO, NO},
  {PWASM_STR_INIT("0.5"), NO, NO, "0.5", NO, NO, NO},
  {PWASM_STR_INIT("false"), NO, NO, NO, "false", NO, NO},
  {PWASM_STR_INIT("False"), NO, NO, NO, NO, NO, NO},
  {PWASM_STR_INIT("1700000000000000000"), "1700000000000000000", "1700000000000000000", "1.7e+18",
   NO, "1700000000000000000", "1700000000000000000"},
  {PWASM_STR_INIT("9223372036854775807"), "9223372036854775807", "9223372036854775807",
   "9.2233720368547758e+18", NO, "9223372036854775807", "9223372036854775807"},
  {PWASM_STR_INIT("9223372036854775808"), NO, "9223372036854775808", "9.2233720368547758e+18", NO,
   NO, NO},
  {PWASM_STR_INIT("-9223372036854775808"), "-9223372036854775808", NO, "-9.2233720368547758e+18",
   NO, NO, NO},
  {PWASM_STR_INIT("-9223372036854775809"), NO, NO, "-9.2233720368547758e+18", NO, NO, NO},
  {PWASM_STR_INIT("18446744073709551615"), NO, "18446744073709551615", "1.8446744073709552e+19", NO,
   NO, NO},
  {PWASM_STR_INIT("18446744073709551616"), NO, NO, "1.8446744073709552e+19", NO, NO, NO},
};

static const char *
shown(char *to, PwasmStatus status, const char *format, ...)
{
  va_list arguments;

  if (status != PWASM_STATUS_OK) {
    assert_int_equal(status, PWASM_STATUS_TYPE_MISMATCH);
    return NO;
  }
  va_start(arguments, format);
  vsnprintf(to, 64, format, arguments);
  va_end(arguments);
  return to;
}

/* One case at each function; what each leaves alone on failure is checked too. */
static void
check(const Case *c)
{
  char text[64];
  int64_t int64 = -7;
  uint64_t uint64 = 7;
  double number = 7;
  bool boolean = true;
  uint64_t time_ns = 7;
  uint64_t duration_ns = 7;
  PwasmStatus status;

  status = pwasm_value_to_int64(c->bytes, &int64);
  assert_string_equal(shown(text, status, "%lld", (long long)int64), c->int64);
  assert_true(status == PWASM_STATUS_OK || int64 == -7);
  status = pwasm_value_to_uint64(c->bytes, &uint64);
  assert_string_equal(shown(text, status, "%llu", (unsigned long long)uint64), c->uint64);
  assert_true(status == PWASM_STATUS_OK || uint64 == 7);
  status = pwasm_value_to_double(c->bytes, &number);
  assert_string_equal(shown(text, status, "%.17g", number), c->number);
  assert_true(status == PWASM_STATUS_OK || number == 7);
  status = pwasm_value_to_bool(c->bytes, &boolean);
  assert_string_equal(shown(text, status, "%s", boolean ? "true" : "false"), c->boolean);
  assert_true(status == PWASM_STATUS_OK || boolean);
  status = pwasm_value_to_time(c->bytes, &time_ns);
  assert_string_equal(shown(text, status, "%llu", (unsigned long long)time_ns), c->time);
  assert_true(status == PWASM_STATUS_OK || time_ns == 7);
  status = pwasm_value_to_duration(c->bytes, &duration_ns);
  assert_string_equal(shown(text, status, "%llu", (unsigned long long)duration_ns), c->duration);
  assert_true(status == PWASM_STATUS_OK || duration_ns == 7);
}

static void
value__each_encoding_at_each_function(void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    check(&cases[i]);
}

static void
value__a_missing_value_has_no_type(void **state)
{
  const Case missing = {{NULL, 0}, NO, NO, NO, NO, NO, NO};

  (void)state;
  check(&missing);
}

static double
to_double(const char *text)
{
  double number;

  assert_ok(pwasm_value_to_double(pwasm_str_from_cstr(text), &number));
  return number;
}

static void
value__decimals_are_rounded_correctly(void **state)
{
  static const char *const texts[] = {
    "0",      "0.0",         "1",       "0.1",     "3.14",    "2.5e10",
    "1E+3",   "1e-3",        "1e22",    "123e-22", "0.3",     "0.7",
    "100000", "0.000000001", "1.7e300", "-2.25",   "1e5",     "9007199254740992",
    "1e-22",  "0e999",       "0e-9999", "12.5e0",  "-0.0625", "123456789012345e7",
  };

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    double expected = strtod(texts[i], NULL);
    double number = to_double(texts[i]);

    if (strcmp(texts[i], "1.7e300") == 0)
      assert_true(number / expected - 1 < 8 * DBL_EPSILON &&
                  1 - number / expected < 8 * DBL_EPSILON);
    else
      assert_memory_equal(&number, &expected, sizeof number);
  }
}

static void
value__decimals_with_many_digits_are_close(void **state)
{
  static const char *const texts[] = {
    "3.14159265358979323846264338327950288419716939937510",
    "12345678901234567890123456789012345678901234567890",
    "0.000000000000000000000000000000000000000000012345678901234567890",
    "2.2250738585072014e-300",
    "1.7976931348623150e308",
    "123456789.123456789e-100",
  };
  static char digits[3000];
  double number;

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    double ratio = to_double(texts[i]) / strtod(texts[i], NULL);

    assert_true(ratio > 1 - 16 * DBL_EPSILON && ratio < 1 + 16 * DBL_EPSILON);
  }
  /* More digits than any double has. */
  memset(digits, '9', sizeof digits);
  assert_status(pwasm_value_to_double(pwasm_str(digits, sizeof digits), &number), TYPE_MISMATCH);
  assert_true(to_double("1e-999999999999") == 0);
  assert_true(to_double("1e-400") == 0);
}

static void
value__no_decimals(void **state)
{
  static const char *const texts[] = {
    ".5",  "5.", "1e",    "1e+", "e5",    "1.e5",  "0x10",  "nan",  "1e309", "1e99999999999",
    "inf", "-",  "1.5.5", "1 2", "1e5.5", "--1.5", "1_000", "1,5 ", "\t1",
  };
  double number = 7;

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_status(pwasm_value_to_double(pwasm_str_from_cstr(texts[i]), &number), TYPE_MISMATCH);
  assert_true(number == 7);
}

#define WIRE_MAP                                                                                   \
  "\2\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0a\0"                                                    \
  "1\0b\0\0"
#define WIRE_LIST "\2\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0a\0\0bc\0\0"

static void
value__maps(void **state)
{
  PwasmPairs pairs;
  PwasmPair pair;

  (void)state;
  assert_ok(pwasm_value_to_map(PWASM_STR(WIRE_MAP), &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 2);
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, "a");
  assert_str(pair.value, "1");
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, "b");
  assert_str(pair.value, "");
  assert_false(pwasm_pairs_next(&pairs, &pair));
  assert_ok(pwasm_value_to_map(PWASM_STR(""), &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
  assert_ok(pwasm_value_to_map(PWASM_STR("\0\0\0\0"), &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
}

static void
value__lists(void **state)
{
  PwasmList list;
  PwasmStr element;

  (void)state;
  assert_ok(pwasm_value_to_list(PWASM_STR(WIRE_LIST), &list));
  assert_int_equal(pwasm_list_count(&list), 2);
  assert_true(pwasm_list_next(&list, &element));
  assert_str(element, "a");
  assert_true(pwasm_list_next(&list, &element));
  assert_str(element, "bc");
  assert_false(pwasm_list_next(&list, &element));
  assert_str(element, "bc");
  assert_ok(pwasm_value_to_list(PWASM_STR(""), &list));
  assert_int_equal(pwasm_list_count(&list), 0);
}

static void
value__no_maps_and_no_lists(void **state)
{
  static const PwasmStr values[] = {
    PWASM_STR_INIT("a"),
    PWASM_STR_INIT("abc"),
    PWASM_STR_INIT("text that is longer than a count"),
    PWASM_STR_INIT("\1\0\0\0"),
    PWASM_STR_INIT("\0\0\0\0\0"),
    PWASM_STR_INIT(WIRE_MAP "x"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0\0\1\0\0\0a\0"
                   "1"),
  };
  PwasmPairs pairs;
  PwasmList list;

  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    assert_status(pwasm_value_to_map(values[i], &pairs), TYPE_MISMATCH);
    assert_status(pwasm_value_to_list(values[i], &list), TYPE_MISMATCH);
  }
  assert_status(pwasm_value_to_list(PWASM_STR(WIRE_MAP), &list), TYPE_MISMATCH);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(value__each_encoding_at_each_function),
    cmocka_unit_test(value__a_missing_value_has_no_type),
    cmocka_unit_test(value__decimals_are_rounded_correctly),
    cmocka_unit_test(value__decimals_with_many_digits_are_close),
    cmocka_unit_test(value__no_decimals),
    cmocka_unit_test(value__maps),
    cmocka_unit_test(value__lists),
    cmocka_unit_test(value__no_maps_and_no_lists),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
