#include <pwasm/str.h>

#include <string.h>

bool
pwasm__bytes_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
  if (a_len != b_len)
    return false;
  /* In wasm memcmp is no faster, and larger. */
  for (size_t i = 0; i < a_len; i++) {
    if (a[i] != b[i])
      return false;
  }
  return true;
}

static char
lower(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool
pwasm__bytes_equal_ignore_case(const char *a, size_t a_len, const char *b, size_t b_len)
{
  if (a_len != b_len)
    return false;
  for (size_t i = 0; i < a_len; i++) {
    if (lower(a[i]) != lower(b[i]))
      return false;
  }
  return true;
}

size_t
pwasm__bytes_find(const char *bytes, size_t len, const char *part, size_t part_len)
{
  if (part_len == 0)
    return 0;
  for (size_t i = 0; part_len <= len - i; i++) {
    if (memcmp(bytes + i, part, part_len) == 0)
      return i;
  }
  return SIZE_MAX;
}

PwasmStatus
pwasm__bytes_to_uint64(const char *bytes, size_t len, uint64_t *ret_value)
{
  uint64_t value = 0;

  if (len == 0)
    return PWASM_STATUS_PARSE_FAILURE;
  for (size_t i = 0; i < len; i++) {
    uint64_t digit = (uint64_t)(unsigned char)bytes[i] - '0';

    if (digit > 9 || value > (UINT64_MAX - digit) / 10)
      return PWASM_STATUS_PARSE_FAILURE;
    value = value * 10 + digit;
  }
  *ret_value = value;
  return PWASM_STATUS_OK;
}

PwasmStr
pwasm_str_from_uint64(uint64_t value, PwasmDigits *digits)
{
  char *end = digits->bytes + sizeof digits->bytes;
  char *begin = end;

  do {
    *--begin = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  return pwasm_str(begin, (size_t)(end - begin));
}

bool
pwasm__is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
