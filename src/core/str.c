#include <pwasm/str.h>

#include <string.h>

bool
pwasm__bytes_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
  /* memcmp may not be given NULL, even for nothing. */
  return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
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
    if (bytes[i] < '0' || bytes[i] > '9' || __builtin_mul_overflow(value, 10u, &value) ||
        __builtin_add_overflow(value, (uint64_t)(bytes[i] - '0'), &value))
      return PWASM_STATUS_PARSE_FAILURE;
  }
  *ret_value = value;
  return PWASM_STATUS_OK;
}

static bool
is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

PwasmStr
pwasm_str_trim(PwasmStr str)
{
  while (str.len > 0 && is_blank(str.data[0])) {
    str.data++;
    str.len--;
  }
  while (str.len > 0 && is_blank(str.data[str.len - 1]))
    str.len--;
  return str;
}
