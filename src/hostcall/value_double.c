#include <pwasm/value.h>

#include <float.h>
#include <string.h>

/* Digits that a mantissa of 64 bits always has room for. */
#define MANTISSA_LIMIT UINT64_C(1000000000000000000)

/* Beyond it every mantissa is 0 or too large. */
#define EXPONENT_LIMIT 1000

/* The powers of ten that doubles represent exactly. */
static const double powers_of_ten[] = {
  1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};
#define MAX_POWER 22

/* What is being read. */
typedef struct Decimal {
  const char *next;
  const char *end;
  uint64_t mantissa;
  int exponent;
} Decimal;

static bool
take(Decimal *decimal, char c)
{
  if (decimal->next == decimal->end || *decimal->next != c)
    return false;
  decimal->next++;
  return true;
}

/* Takes digits, at least one; each is worth a power of ten less when `is_fraction`. */
static bool
take_digits(Decimal *decimal, bool is_fraction)
{
  const char *begin = decimal->next;

  for (; decimal->next < decimal->end; decimal->next++) {
    unsigned digit = (unsigned)(unsigned char)*decimal->next - '0';

    if (digit > 9)
      break;
    if (decimal->mantissa < MANTISSA_LIMIT) {
      decimal->mantissa = decimal->mantissa * 10 + digit;
      decimal->exponent -= is_fraction;
    } else if (!is_fraction && decimal->exponent < EXPONENT_LIMIT) {
      decimal->exponent++;
    }
  }
  return decimal->next > begin;
}

static bool
take_exponent(Decimal *decimal)
{
  const char *begin;
  bool negative;
  int exponent = 0;

  if (!take(decimal, 'e') && !take(decimal, 'E'))
    return true;
  negative = take(decimal, '-');
  if (!negative)
    take(decimal, '+');
  begin = decimal->next;
  for (; decimal->next < decimal->end; decimal->next++) {
    unsigned digit = (unsigned)(unsigned char)*decimal->next - '0';

    if (digit > 9)
      break;
    if (exponent < 10 * EXPONENT_LIMIT)
      exponent = exponent * 10 + (int)digit;
  }
  decimal->exponent += negative ? -exponent : exponent;
  return decimal->next > begin;
}

static double
scaled(uint64_t mantissa, int exponent)
{
  double value = (double)mantissa;

  if (mantissa == 0 || exponent < -EXPONENT_LIMIT)
    return 0;
  for (; exponent > MAX_POWER && value <= DBL_MAX; exponent -= MAX_POWER)
    value *= powers_of_ten[MAX_POWER];
  for (; exponent < -MAX_POWER; exponent += MAX_POWER)
    value /= powers_of_ten[MAX_POWER];
  if (value > DBL_MAX)
    return value;
  return exponent < 0 ? value / powers_of_ten[-exponent] : value * powers_of_ten[exponent];
}

/* Libc's strtod() would be larger than most plugins. */
static bool
text_to_double(const char *text, size_t len, double *ret_value)
{
  Decimal decimal = {.next = text, .end = text + len};
  bool negative = take(&decimal, '-');
  double value;

  if (!take_digits(&decimal, false) || (take(&decimal, '.') && !take_digits(&decimal, true)) ||
      !take_exponent(&decimal) || decimal.next != decimal.end)
    return false;
  value = scaled(decimal.mantissa, decimal.exponent);
  if (value > DBL_MAX)
    return false;
  *ret_value = negative ? -value : value;
  return true;
}

PwasmStatus
pwasm__value_to_double(const char *bytes, size_t len, double *ret_value)
{
  if (len > 0 && text_to_double(bytes, len, ret_value))
    return PWASM_STATUS_OK;
  if (len != sizeof *ret_value)
    return PWASM_STATUS_TYPE_MISMATCH;
  memcpy(ret_value, bytes, sizeof *ret_value);
  return PWASM_STATUS_OK;
}
