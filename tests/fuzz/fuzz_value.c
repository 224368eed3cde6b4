/* The values of properties, text and binary, against what C's own conversions make of them. */

#include "fuzz.h"

#include <errno.h>

#include <pwasm/value.h>

#define MAX_TEXT 400

static bool
is_all_of(const char *text, size_t len, const char *accepted)
{
  for (size_t i = 0; i < len; i++) {
    if (text[i] == '\0' || strchr(accepted, text[i]) == NULL)
      return false;
  }
  return true;
}

/* Digits, perhaps with a minus before them. */
static bool
is_integer(PwasmStr value)
{
  size_t sign = value.len > 0 && value.data[0] == '-';

  return value.len > sign && is_all_of(value.data + sign, value.len - sign, "0123456789");
}

static void
check_integers(PwasmStr value, const char *text)
{
  int64_t int64 = 77;
  uint64_t uint64 = 77;
  PwasmStatus signed_status = pwasm_value_to_int64(value, &int64);
  PwasmStatus unsigned_status = pwasm_value_to_uint64(value, &uint64);

  FUZZ_CHECK(signed_status == PWASM_STATUS_OK ||
             (signed_status == PWASM_STATUS_TYPE_MISMATCH && int64 == 77));
  FUZZ_CHECK(unsigned_status == PWASM_STATUS_OK ||
             (unsigned_status == PWASM_STATUS_TYPE_MISMATCH && uint64 == 77));
  if (is_integer(value)) {
    long long number;
    unsigned long long magnitude;
    bool is_in_range;

    errno = 0;
    magnitude = strtoull(text + (text[0] == '-'), NULL, 10);
    is_in_range = errno == 0;
    /* Text of eight digits and the like are also the bytes of a number: text wins while it fits
     * in 64 bits. */
    if (!is_in_range)
      return;
    errno = 0;
    number = strtoll(text, NULL, 10);
    FUZZ_CHECK((signed_status == PWASM_STATUS_OK) == (errno == 0));
    if (errno == 0)
      FUZZ_CHECK(int64 == number);
    FUZZ_CHECK((unsigned_status == PWASM_STATUS_OK) == (text[0] != '-' || magnitude == 0));
    if (unsigned_status == PWASM_STATUS_OK)
      FUZZ_CHECK(uint64 == magnitude);
  } else {
    bool is_binary = value.len == 1 || value.len == 4 || value.len == 8;
    uint64_t bits = 0;

    FUZZ_CHECK((signed_status == PWASM_STATUS_OK) == is_binary);
    FUZZ_CHECK((unsigned_status == PWASM_STATUS_OK) == is_binary);
    if (!is_binary)
      return;
    memcpy(&bits, value.data, value.len);
    FUZZ_CHECK(uint64 == bits);
    FUZZ_CHECK(int64 == (value.len == 4 ? (int32_t)(uint32_t)bits : (int64_t)bits));
  }
}

static void
check_double(PwasmStr value, const char *text)
{
  double number = 77;
  double expected;
  char *end;
  PwasmStatus status = pwasm_value_to_double(value, &number);

  if (status != PWASM_STATUS_OK) {
    FUZZ_CHECK(status == PWASM_STATUS_TYPE_MISMATCH && number >= 77 && number <= 77);
    return;
  }
  /* What is text for certain; of eight bytes others may be binary. */
  if (value.len == 0 || !is_all_of(value.data, value.len, "0123456789.eE+-") || value.len == 8)
    return;
  expected = strtod(text, &end);
  if (end != text + value.len)
    return;
  /* Documented to be within a few units of the last place. */
  if (expected < -1e300 || expected > 1e300 || (expected < 1e-300 && expected > -1e-300))
    return;
  FUZZ_CHECK(number - expected <= (expected < 0 ? -expected : expected) * 1e-14 &&
             expected - number <= (expected < 0 ? -expected : expected) * 1e-14);
}

static void
check_others(PwasmStr value)
{
  bool boolean = true;
  uint64_t time_ns = 77;
  uint64_t duration_ns = 77;
  PwasmStatus status = pwasm_value_to_bool(value, &boolean);

  FUZZ_CHECK(status == PWASM_STATUS_OK || (status == PWASM_STATUS_TYPE_MISMATCH && boolean));
  if (pwasm_str_equal(value, PWASM_STR("true")))
    FUZZ_CHECK(status == PWASM_STATUS_OK && boolean);
  if (pwasm_str_equal(value, PWASM_STR("false")))
    FUZZ_CHECK(status == PWASM_STATUS_OK && !boolean);
  status = pwasm_value_to_time(value, &time_ns);
  FUZZ_CHECK(status == PWASM_STATUS_OK ? time_ns <= INT64_MAX
                                       : status == PWASM_STATUS_TYPE_MISMATCH && time_ns == 77);
  status = pwasm_value_to_duration(value, &duration_ns);
  FUZZ_CHECK(status == PWASM_STATUS_OK ? duration_ns <= INT64_MAX
                                       : status == PWASM_STATUS_TYPE_MISMATCH && duration_ns == 77);
}

static void
check_collections(PwasmStr value)
{
  PwasmPairs pairs = {.num_left = 77};
  PwasmList list = {{.num_left = 77}};
  PwasmStatus map_status = pwasm_value_to_map(value, &pairs);
  PwasmStatus list_status = pwasm_value_to_list(value, &list);
  PwasmPair pair;
  PwasmStr element;
  size_t size = 4;
  bool only_names = true;

  if (map_status != PWASM_STATUS_OK) {
    FUZZ_CHECK(map_status == PWASM_STATUS_TYPE_MISMATCH && pairs.num_left == 77);
    FUZZ_CHECK(list_status == PWASM_STATUS_TYPE_MISMATCH && list.pairs.num_left == 77);
    return;
  }
  while (pwasm_pairs_next(&pairs, &pair)) {
    FUZZ_CHECK(pair.name.data >= value.data);
    FUZZ_CHECK(pair.value.data + pair.value.len < value.data + value.len);
    size += 10 + pair.name.len + pair.value.len;
    only_names = only_names && pair.value.len == 0;
  }
  FUZZ_CHECK(size == value.len || value.len == 0);
  FUZZ_CHECK((list_status == PWASM_STATUS_OK) == only_names);
  if (list_status != PWASM_STATUS_OK)
    return;
  size = 4;
  while (pwasm_list_next(&list, &element))
    size += 10 + element.len;
  FUZZ_CHECK(size == value.len || value.len == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  PwasmStr value = pwasm_str((const char *)data, size);
  char text[MAX_TEXT + 1];

  if (size == 0)
    value.data = "";
  check_others(value);
  check_collections(value);
  if (size > MAX_TEXT)
    return 0;
  memcpy(text, value.data, size);
  text[size] = '\0';
  check_integers(value, text);
  check_double(value, text);
  return 0;
}
