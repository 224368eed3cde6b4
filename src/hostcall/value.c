#include <pwasm/value.h>

#include <string.h>

#include "pairs_private.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "binary values are little-endian");

/* `negative` becomes whether there is a sign, which is left out of the magnitude. */
static bool
text_to_integer(const char *text, size_t len, bool *ret_negative, uint64_t *ret_magnitude)
{
  bool negative;

  if (len == 0)
    return false;
  negative = text[0] == '-';
  *ret_negative = negative;
  return pwasm__bytes_to_uint64(text + negative, len - negative, ret_magnitude) == PWASM_STATUS_OK;
}

PwasmStatus
pwasm__value_to_int64(const char *bytes, size_t len, int64_t *ret_value)
{
  uint64_t magnitude;
  bool negative;
  int32_t narrow;

  if (text_to_integer(bytes, len, &negative, &magnitude)) {
    if (magnitude > (uint64_t)INT64_MAX + negative)
      return PWASM_STATUS_TYPE_MISMATCH;
    *ret_value = (int64_t)(negative ? 0 - magnitude : magnitude);
    return PWASM_STATUS_OK;
  }
  switch (len) {
  case 1:
    *ret_value = (unsigned char)bytes[0];
    return PWASM_STATUS_OK;
  case sizeof narrow:
    memcpy(&narrow, bytes, sizeof narrow);
    *ret_value = narrow;
    return PWASM_STATUS_OK;
  case sizeof *ret_value:
    memcpy(ret_value, bytes, sizeof *ret_value);
    return PWASM_STATUS_OK;
  default:
    return PWASM_STATUS_TYPE_MISMATCH;
  }
}

PwasmStatus
pwasm__value_to_uint64(const char *bytes, size_t len, uint64_t *ret_value)
{
  uint64_t magnitude;
  bool negative;
  uint32_t narrow;

  if (text_to_integer(bytes, len, &negative, &magnitude)) {
    if (negative && magnitude > 0)
      return PWASM_STATUS_TYPE_MISMATCH;
    *ret_value = magnitude;
    return PWASM_STATUS_OK;
  }
  switch (len) {
  case 1:
    *ret_value = (unsigned char)bytes[0];
    return PWASM_STATUS_OK;
  case sizeof narrow:
    memcpy(&narrow, bytes, sizeof narrow);
    *ret_value = narrow;
    return PWASM_STATUS_OK;
  case sizeof *ret_value:
    memcpy(ret_value, bytes, sizeof *ret_value);
    return PWASM_STATUS_OK;
  default:
    return PWASM_STATUS_TYPE_MISMATCH;
  }
}

static bool
equals(const char *bytes, size_t len, PwasmStr text)
{
  return pwasm_str_equal(pwasm_str(bytes, len), text);
}

PwasmStatus
pwasm__value_to_bool(const char *bytes, size_t len, bool *ret_value)
{
  bool is_true = equals(bytes, len, PWASM_STR("true"));
  int64_t number;

  if (!is_true && !equals(bytes, len, PWASM_STR("false"))) {
    if (pwasm__value_to_int64(bytes, len, &number) != PWASM_STATUS_OK || (number & ~1) != 0)
      return PWASM_STATUS_TYPE_MISMATCH;
    is_true = number != 0;
  }
  *ret_value = is_true;
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm__value_to_time(const char *bytes, size_t len, uint64_t *ret_time_ns)
{
  int64_t time_ns;

  if (len == sizeof time_ns)
    memcpy(&time_ns, bytes, sizeof time_ns);
  else if (len < sizeof time_ns || pwasm__value_to_int64(bytes, len, &time_ns) != PWASM_STATUS_OK)
    return PWASM_STATUS_TYPE_MISMATCH;
  if (time_ns < 0)
    return PWASM_STATUS_TYPE_MISMATCH;
  *ret_time_ns = (uint64_t)time_ns;
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm__value_to_duration(const char *bytes, size_t len, uint64_t *ret_duration_ns)
{
  int64_t duration_ns;

  if (pwasm__value_to_int64(bytes, len, &duration_ns) != PWASM_STATUS_OK || duration_ns < 0)
    return PWASM_STATUS_TYPE_MISMATCH;
  *ret_duration_ns = (uint64_t)duration_ns;
  return PWASM_STATUS_OK;
}

/* Reads pairs that fill the value to its last byte; whether all values of the pairs are empty. */
static PwasmStatus
to_pairs(const char *bytes, size_t len, PwasmPairs *ret_pairs, bool *ret_only_names)
{
  PwasmPairs pairs = {0};
  PwasmPairs rest;
  PwasmPair pair;

  *ret_only_names = true;
  if (len > 0 && len < sizeof(uint32_t))
    return PWASM_STATUS_TYPE_MISMATCH;
  if (pwasm__pairs_parse(bytes, len, &pairs) != PWASM_STATUS_OK)
    return PWASM_STATUS_TYPE_MISMATCH;
  rest = pairs;
  while (pwasm_pairs_next(&rest, &pair))
    *ret_only_names = *ret_only_names && pair.value.len == 0;
  if (len > 0 && rest.bytes != bytes + len)
    return PWASM_STATUS_TYPE_MISMATCH;
  *ret_pairs = pairs;
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm__value_to_map(const char *bytes, size_t len, PwasmPairs *ret_pairs)
{
  bool only_names;

  return to_pairs(bytes, len, ret_pairs, &only_names);
}

PwasmStatus
pwasm__value_to_list(const char *bytes, size_t len, PwasmList *ret_list)
{
  PwasmPairs pairs;
  bool only_names;
  PwasmStatus status = to_pairs(bytes, len, &pairs, &only_names);

  if (status != PWASM_STATUS_OK)
    return status;
  if (!only_names)
    return PWASM_STATUS_TYPE_MISMATCH;
  ret_list->pairs = pairs;
  return PWASM_STATUS_OK;
}
