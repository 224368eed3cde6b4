#include "../unit.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#include "core/format_private.h"

PWASM_PLUGIN();

/* What both formatters make of the same arguments must be the same. The format is not a literal for
 * either. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static char ours[2048];
static char theirs[2048];

static void
format_both(const char *format, ...)
{
  va_list arguments;
  size_t our_len;
  int their_len;

  memset(ours, '#', sizeof ours);
  va_start(arguments, format);
  our_len = pwasm__format(ours, sizeof ours - 1, format, arguments);
  va_end(arguments);
  assert_in_range(our_len, 0, sizeof ours - 1);
  /* Nothing past the end, not even a NUL. */
  assert_int_equal(ours[our_len], '#');
  ours[our_len] = '\0';
  va_start(arguments, format);
  their_len = vsnprintf(theirs, sizeof theirs, format, arguments);
  va_end(arguments);
  if ((size_t)their_len != our_len || memcmp(ours, theirs, our_len) != 0)
    fail_msg("\"%s\": we have \"%s\", libc has \"%s\"", format, ours, theirs);
}

static void
format__text_without_conversions(void **state)
{
  (void)state;
  format_both("%s", "");
  format_both("plain");
  format_both("100%%");
  format_both("%%%d%%", 1);
}

static void
format__integers(void **state)
{
  (void)state;
  format_both("%d %i %u", 0, -1, 1u);
  format_both("%d %d", INT32_MAX, INT32_MIN);
  format_both("%u %x %X %o", UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
  format_both("%ld %lu", LONG_MIN, ULONG_MAX);
  format_both("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, ULLONG_MAX);
  format_both("%jd %ju", INTMAX_MIN, UINTMAX_MAX);
  format_both("%zu %zx", SIZE_MAX, SIZE_MAX);
  format_both("%td", PTRDIFF_MIN);
  format_both("%hhd %hhu %hd %hu", 511, 511, 131071, 131071);
  format_both("%hhd %hd", -129, -32769);
  format_both("%" PRId64 " %" PRIu64 " %" PRIx64, INT64_MIN, UINT64_MAX, UINT64_MAX);
}

static void
format__flags_widths_and_precisions(void **state)
{
  static const char *const flags[] = {"",   "-",  "0",  "+",  " ",  "#",  "-0",   "+0",
                                      " 0", "-+", "- ", "#0", "#-", "+ ", "-+0 #"};
  static const char *const widths[] = {"", "1", "5", "12"};
  static const char *const precisions[] = {"", ".", ".0", ".1", ".4", ".15"};
  static const int values[] = {0, 1, -1, 8, 42, -42, 255, 12345, -12345, INT32_MAX, INT32_MIN};
  static const char conversions[] = "dioxXu";
  char format[32];

  (void)state;
  for (size_t f = 0; f < sizeof flags / sizeof flags[0]; f++) {
    for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
      for (size_t p = 0; p < sizeof precisions / sizeof precisions[0]; p++) {
        for (const char *c = conversions; *c != '\0'; c++) {
          snprintf(format, sizeof format, "[%%%s%s%s%c]", flags[f], widths[w], precisions[p], *c);
          for (size_t v = 0; v < sizeof values / sizeof values[0]; v++)
            format_both(format, values[v]);
        }
      }
    }
  }
}

static void
format__widths_from_arguments(void **state)
{
  (void)state;
  format_both("[%*d]", 6, 42);
  format_both("[%*d]", -6, 42);
  format_both("[%-*d]", 6, 42);
  format_both("[%.*d]", 6, 42);
  format_both("[%.*d]", -1, 42);
  format_both("[%.*d]", -1, 0);
  format_both("[%.*f]", -1, 0.5);
  format_both("[%*.*d]", 8, 3, 42);
  format_both("[%*.*f]", 10, 2, 3.14159);
  format_both("[%0*d]", 6, -42);
  format_both("[%*s]", 5, "ab");
}

static void
format__strings_and_characters(void **state)
{
  /* Without a NUL: only as many bytes as the precision says are read. */
  static const char unterminated[] = {'a', 'b', 'c'};

  (void)state;
  format_both("[%s] [%10s] [%-10s]", "abc", "abc", "abc");
  format_both("[%.2s] [%.0s] [%.s] [%.10s] [%5.1s]", "abc", "abc", "abc", "abc", "abc");
  format_both("[%.*s]", 3, unterminated);
  format_both("[%.*s]", 0, unterminated);
  format_both("[%.*s]", -1, "terminated");
  format_both("[%c] [%5c] [%-5c]", 'x', 'y', 'z');
  format_both("[%c]", 0);
}

static void
format__a_null_string_is_shown(void **state)
{
  (void)state;
  format_both("[%s] [%10s]", (char *)NULL, (char *)NULL);
  /* The missing value of a PwasmStr. */
  format_both("[%.*s]", 0, (char *)NULL);
  format_both("[%.*s]", 5, (char *)NULL);
}

static void
format__pointers(void **state)
{
  (void)state;
  format_both("%p", (void *)(uintptr_t)0x1234abcd);
  format_both("[%20p]", (void *)(uintptr_t)0xffff);
}

static void
format__doubles(void **state)
{
  static const double values[] = {
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    1.5,
    2.5,
    -2.5,
    0.25,
    0.125,
    0.375,
    3.14159265358979,
    99.9999999,
    999999.9999995,
    0.1,
    0.2,
    0.3,
    1e-7,
    123456789.123456789,
    1e15,
    4294967296.0,
    0.999999999,
    0.9999999999,
    9.5,
    10.5,
    1e18,
    9223372036854775808.0,
  };
  char format[32];

  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    format_both("%f", values[i]);
    for (int precision = 0; precision <= 6; precision++) {
      snprintf(format, sizeof format, "[%%12.%df] [%%-+9.%df]", precision, precision);
      format_both(format, values[i], values[i]);
    }
  }
  format_both("[%08.3f] [%+.1f] [% .1f] [%#.0f] [%-10.2f]", -3.14159, 2.0, 2.0, 3.0, 1.0);
}

static size_t
format_into(char *to, size_t size, const char *format, ...)
{
  va_list arguments;
  size_t len;

  va_start(arguments, format);
  len = pwasm__format(to, size, format, arguments);
  va_end(arguments);
  return len;
}

/* There is one way in which doubles are shown. */
static void
format__other_conversions_of_doubles(void **state)
{
  static const char *const formats[] = {"%F", "%e", "%E", "%g", "%G", "%a", "%A"};
  char to[64];

  (void)state;
  for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
    assert_int_equal(format_into(to, sizeof to, formats[i], 1234.5), 11);
    assert_memory_equal(to, "1234.500000", 11);
  }
  assert_int_equal(format_into(to, sizeof to, "%.15f", 0.125), 11);
  assert_memory_equal(to, "0.125000000", 11);
}

static void
format__infinities_and_nans(void **state)
{
  (void)state;
  format_both("%f %f [%10f] [%-10f] [%010f] [%+f]", (double)INFINITY, -(double)INFINITY,
              (double)INFINITY, (double)INFINITY, (double)INFINITY, (double)INFINITY);
  format_both("%f", __builtin_nan(""));
}

static void
format__huge_doubles_have_the_right_magnitude(void **state)
{
  static const double values[] = {1e19, 1.8446744073709552e19, 1e100, 1.797e308};

  (void)state;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    double back;
    int their_len;
    size_t our_len;
    char format[] = "%.2f";

    /* Their digits past the nineteenth are noise, ours are zeros: the length and value agree. */
    their_len = snprintf(theirs, sizeof theirs, "%.2f", values[i]);
    our_len = 0;
    {
      PwasmArena arena = {0};
      PwasmStr text;

      assert_ok(pwasm_str_format(&arena, &text, format, values[i]));
      our_len = text.len;
      assert_int_equal(sscanf(text.data, "%lf", &back), 1);
      pwasm_arena_reset(&arena);
    }
    assert_int_equal(our_len, their_len);
    if (fabs(back - values[i]) > values[i] * 1e-13)
      fail_msg("%.17g came out as %.17g", values[i], back);
  }
}

static void
format__random_integers(void **state)
{
  static const char *const formats[] = {
    "[%lld]",    "[%llu]",    "[%llx]",    "[%#llo]",      "[%+30lld]",
    "[%-30llX]", "[%030lld]", "[%.25lld]", "[%#20.10llx]", "[% lld]",
  };
  uint64_t random = 88172645463325252u;

  (void)state;
  for (int i = 0; i < 20000; i++) {
    uint64_t value;

    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    /* All magnitudes alike. */
    value = random >> (random & 63);
    format_both(formats[(size_t)i % (sizeof formats / sizeof formats[0])], (long long)value);
  }
}

static double
power_of_ten(int exponent)
{
  double power = 1;

  for (; exponent > 0; exponent--)
    power *= 10;
  return power;
}

static void
format__random_doubles(void **state)
{
  uint64_t random = 1181783497276652981u;
  size_t num_off_by_one = 0;

  (void)state;
  for (int i = 0; i < 20000; i++) {
    double value;
    PwasmArena arena = {0};
    PwasmStr text;
    double difference;

    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    value = (double)(int64_t)(random >> (random & 31)) / 65536.0 / 3.0;
    snprintf(theirs, sizeof theirs, "%.*f", i % 10, value);
    assert_ok(pwasm_str_format(&arena, &text, "%.*f", i % 10, value));
    if (strcmp(text.data, theirs) != 0) {
      double our_value = 0;
      double their_value = 0;

      num_off_by_one++;
      assert_int_equal(text.len, strlen(theirs));
      assert_int_equal(sscanf(text.data, "%lf", &our_value), 1);
      assert_int_equal(sscanf(theirs, "%lf", &their_value), 1);
      /* One in the last place, no more. */
      difference = fabs(our_value - their_value) * power_of_ten(i % 10);
      if (difference > 1.001 + fabs(value) * 1e-15 * power_of_ten(i % 10))
        fail_msg("%.17g with %d digits: we have %s, libc has %s", value, i % 10, text.data, theirs);
    }
    pwasm_arena_reset(&arena);
  }
  /* Where the last digit is a matter of less than a double holds, it may differ. */
  assert_in_range(num_off_by_one, 0, 200);
}

static void
format__writes_no_more_than_there_is_room_for(void **state)
{
  const char *whole = "abc 00042 [  xy] 1.50";

  (void)state;
  for (size_t size = 0; size <= strlen(whole) + 2; size++) {
    size_t written = size < strlen(whole) ? size : strlen(whole);
    char to[64];

    memset(to, '#', sizeof to);
    assert_int_equal(format_into(to, size, "%s %05d [%4s] %.2f", "abc", 42, "xy", 1.5),
                     strlen(whole));
    assert_memory_equal(to, whole, written);
    assert_int_equal(to[written], '#');
  }
  assert_int_equal(format_into(NULL, 0, "%s %05d [%4s] %.2f", "abc", 42, "xy", 1.5), strlen(whole));
}

static void
format__what_is_no_conversion_is_shown_as_it_is(void **state)
{
  static const char *const formats[] = {"%", "%y", "a%", "%-5", "%.", "%ly", "%5.3y!", "%*"};
  char to[64];

  (void)state;
  for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
    size_t len = format_into(to, sizeof to, formats[i], 3, 3);

    assert_int_equal(len, strlen(formats[i]));
    assert_memory_equal(to, formats[i], len);
  }
}

static void
format__absurd_widths_end(void **state)
{
  char to[16];

  (void)state;
  assert_true(format_into(to, sizeof to, "%99999999999999999999d", 1) < 10000000);
  assert_true(format_into(to, sizeof to, "%.99999999999999999999d", 1) < 10000000);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(format__text_without_conversions),
    cmocka_unit_test(format__integers),
    cmocka_unit_test(format__flags_widths_and_precisions),
    cmocka_unit_test(format__widths_from_arguments),
    cmocka_unit_test(format__strings_and_characters),
    cmocka_unit_test(format__a_null_string_is_shown),
    cmocka_unit_test(format__pointers),
    cmocka_unit_test(format__doubles),
    cmocka_unit_test(format__other_conversions_of_doubles),
    cmocka_unit_test(format__infinities_and_nans),
    cmocka_unit_test(format__huge_doubles_have_the_right_magnitude),
    cmocka_unit_test(format__random_integers),
    cmocka_unit_test(format__random_doubles),
    cmocka_unit_test(format__writes_no_more_than_there_is_room_for),
    cmocka_unit_test(format__what_is_no_conversion_is_shown_as_it_is),
    cmocka_unit_test(format__absurd_widths_end),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
