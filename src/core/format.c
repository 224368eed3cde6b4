#include "format_private.h"

#include <string.h>

/* What is after the point of an `f` at most: 10^9 still fits the arithmetic below. */
#define MAX_FRACTION_DIGITS 9
/* 64 bits in octal, or the digits of the largest double. */
#define MAX_DIGITS 320

typedef struct Output {
  char *to;
  size_t size;
  size_t len;
} Output;

typedef struct Spec {
  bool left;
  bool zero;
  bool alternate;
  char plus; /* what a number that is not negative begins with; NUL for nothing */
  bool has_precision;
  size_t width;
  size_t precision;
} Spec;

static void
put(Output *out, const char *bytes, size_t len)
{
  if (len > 0 && out->len < out->size) {
    size_t room = out->size - out->len;

    memcpy(out->to + out->len, bytes, len < room ? len : room);
  }
  out->len += len;
}

static void
put_repeated(Output *out, char c, size_t count)
{
  while (count-- > 0)
    put(out, &c, 1);
}

/* A field of `width`: blanks, the prefix (a sign, 0x), zeros, the digits or bytes, blanks. */
static void
put_field(Output *out, const Spec *spec, const char *prefix, size_t num_zeros, const char *bytes,
          size_t len)
{
  size_t prefix_len = strlen(prefix);
  size_t total = prefix_len + num_zeros + len;
  size_t padding = spec->width > total ? spec->width - total : 0;

  if (spec->zero && !spec->left) {
    num_zeros += padding;
    padding = 0;
  }
  if (!spec->left)
    put_repeated(out, ' ', padding);
  put(out, prefix, prefix_len);
  put_repeated(out, '0', num_zeros);
  put(out, bytes, len);
  if (spec->left)
    put_repeated(out, ' ', padding);
}

static char *
write_digits(char *end, uint64_t value, unsigned base, const char *alphabet)
{
  while (value > 0) {
    *--end = alphabet[value % base];
    value /= base;
  }
  return end;
}

static void
put_integer(Output *out, Spec *spec, uint64_t value, bool negative, char conversion)
{
  const char *alphabet = conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  unsigned base = conversion == 'o' ? 8 : conversion == 'x' || conversion == 'X' ? 16 : 10;
  char digits[24];
  char *end = digits + sizeof digits;
  char *begin = write_digits(end, value, base, alphabet);
  size_t len = (size_t)(end - begin);
  size_t num_zeros = 0;
  char prefix[3] = "";

  if (base == 10 && (negative || spec->plus != '\0')) {
    prefix[0] = negative ? '-' : spec->plus;
  } else if (base == 16 && spec->alternate && value != 0) {
    prefix[0] = '0';
    prefix[1] = conversion;
  }
  if (spec->has_precision) {
    spec->zero = false;
    num_zeros = spec->precision > len ? spec->precision - len : 0;
  } else if (len == 0) {
    num_zeros = 1;
  }
  if (base == 8 && spec->alternate && num_zeros == 0)
    num_zeros = 1;
  put_field(out, spec, prefix, num_zeros, begin, len);
}

static void
put_double(Output *out, Spec *spec, double value)
{
  size_t num_fraction_digits = spec->has_precision ? spec->precision : 6;
  bool negative = __builtin_signbit(value) != 0;
  char prefix[2] = {negative ? '-' : spec->plus, '\0'};
  uint64_t scale = 1;
  uint64_t whole;
  uint64_t fraction;
  char digits[MAX_DIGITS + 1 + MAX_FRACTION_DIGITS];
  char *end = digits + sizeof digits;
  char *begin = end;
  double rest;
  size_t num_dropped = 0;

  if (value != value || value - value != 0) {
    spec->zero = false;
    put_field(out, spec, prefix, 0, value != value ? "nan" : "inf", 3);
    return;
  }
  if (num_fraction_digits > MAX_FRACTION_DIGITS)
    num_fraction_digits = MAX_FRACTION_DIGITS;
  if (negative)
    value = -value;
  /* Beyond 64 bits a double has no digits worth showing: zeros stand for them. */
  while (value >= 18446744073709551616.0) {
    value /= 10;
    num_dropped++;
  }
  for (size_t i = 0; i < num_fraction_digits; i++)
    scale *= 10;
  whole = (uint64_t)value;
  rest = (value - (double)whole) * (double)scale;
  fraction = (uint64_t)rest;
  /* Half to even, as printf does for what a double holds exactly. */
  rest -= (double)fraction;
  if (rest > 0.5 || (rest == 0.5 && ((scale == 1 ? whole : fraction) & 1) == 1))
    fraction++;
  if (fraction >= scale) {
    fraction -= scale;
    whole++;
  }
  if (num_fraction_digits > 0) {
    begin = write_digits(end, fraction, 10, "0123456789");
    while ((size_t)(end - begin) < num_fraction_digits)
      *--begin = '0';
    *--begin = '.';
  } else if (spec->alternate) {
    *--begin = '.';
  }
  for (; num_dropped > 0; num_dropped--)
    *--begin = '0';
  if (whole == 0)
    *--begin = '0';
  begin = write_digits(begin, whole, 10, "0123456789");
  put_field(out, spec, prefix, 0, begin, (size_t)(end - begin));
}

/* The sizes of printf: how wide an integer argument is, and how much of it counts. */
typedef enum IntegerSize {
  SIZE_INT,
  SIZE_CHAR,
  SIZE_SHORT,
  SIZE_LONG,
  SIZE_LLONG,
  SIZE_MAXI,
  SIZE_SIZE,
  SIZE_PTRDIFF
} IntegerSize;

static const char *
parse_integer_size(const char *format, IntegerSize *ret_size)
{
  *ret_size = SIZE_INT;
  switch (*format) {
  case 'h':
    *ret_size = format[1] == 'h' ? SIZE_CHAR : SIZE_SHORT;
    return format + (format[1] == 'h' ? 2 : 1);
  case 'l':
    *ret_size = format[1] == 'l' ? SIZE_LLONG : SIZE_LONG;
    return format + (format[1] == 'l' ? 2 : 1);
  case 'j':
    *ret_size = SIZE_MAXI;
    return format + 1;
  case 'z':
    *ret_size = SIZE_SIZE;
    return format + 1;
  case 't':
    *ret_size = SIZE_PTRDIFF;
    return format + 1;
  default:
    return format;
  }
}

/* A macro, since a va_list that a function was given can't be used by its caller any more. */
#define TAKE_SIGNED(arguments, size)                                                               \
  ((size) == SIZE_CHAR      ? (int64_t)(signed char)va_arg(arguments, int)                         \
   : (size) == SIZE_SHORT   ? (int64_t)(short)va_arg(arguments, int)                               \
   : (size) == SIZE_LONG    ? (int64_t)va_arg(arguments, long)                                     \
   : (size) == SIZE_LLONG   ? (int64_t)va_arg(arguments, long long)                                \
   : (size) == SIZE_MAXI    ? (int64_t)va_arg(arguments, intmax_t)                                 \
   : (size) == SIZE_SIZE    ? (int64_t)va_arg(arguments, ptrdiff_t)                                \
   : (size) == SIZE_PTRDIFF ? (int64_t)va_arg(arguments, ptrdiff_t)                                \
                            : (int64_t)va_arg(arguments, int))
#define TAKE_UNSIGNED(arguments, size)                                                             \
  ((size) == SIZE_CHAR      ? (uint64_t)(unsigned char)va_arg(arguments, unsigned)                 \
   : (size) == SIZE_SHORT   ? (uint64_t)(unsigned short)va_arg(arguments, unsigned)                \
   : (size) == SIZE_LONG    ? (uint64_t)va_arg(arguments, unsigned long)                           \
   : (size) == SIZE_LLONG   ? (uint64_t)va_arg(arguments, unsigned long long)                      \
   : (size) == SIZE_MAXI    ? (uint64_t)va_arg(arguments, uintmax_t)                               \
   : (size) == SIZE_SIZE    ? (uint64_t)va_arg(arguments, size_t)                                  \
   : (size) == SIZE_PTRDIFF ? (uint64_t)va_arg(arguments, size_t)                                  \
                            : (uint64_t)va_arg(arguments, unsigned))

static const char *
parse_flags(const char *format, Spec *spec)
{
  for (;; format++) {
    switch (*format) {
    case '-':
      spec->left = true;
      break;
    case '0':
      spec->zero = true;
      break;
    case '#':
      spec->alternate = true;
      break;
    case '+':
      spec->plus = '+';
      break;
    case ' ':
      spec->plus = spec->plus == '+' ? '+' : ' ';
      break;
    default:
      return format;
    }
  }
}

static const char *
parse_number(const char *format, size_t *ret_number)
{
  size_t number = 0;

  /* Absurd widths stop growing instead of wrapping around. */
  for (; *format >= '0' && *format <= '9'; format++) {
    if (number < 100000)
      number = number * 10 + (size_t)(*format - '0');
  }
  *ret_number = number;
  return format;
}

static size_t
bounded_length(const char *cstr, const Spec *spec)
{
  size_t max = spec->has_precision ? spec->precision : SIZE_MAX;
  size_t len = 0;

  while (len < max && cstr[len] != '\0')
    len++;
  return len;
}

size_t
pwasm__format(char *to, size_t size, const char *format, va_list arguments)
{
  Output out = {to, size, 0};

  for (;;) {
    const char *literal = format;
    const char *begin;
    Spec spec = {0};
    IntegerSize integer_size;

    while (*format != '\0' && *format != '%')
      format++;
    put(&out, literal, (size_t)(format - literal));
    if (*format == '\0')
      return out.len;
    begin = format;
    format = parse_flags(format + 1, &spec);
    if (*format == '*') {
      int width = va_arg(arguments, int);

      spec.left = spec.left || width < 0;
      spec.width = width < 0 ? (size_t)0 - (size_t)width : (size_t)width;
      format++;
    } else {
      format = parse_number(format, &spec.width);
    }
    if (*format == '.') {
      spec.has_precision = true;
      if (format[1] == '*') {
        int precision = va_arg(arguments, int);

        spec.has_precision = precision >= 0;
        spec.precision = precision >= 0 ? (size_t)precision : 0;
        format += 2;
      } else {
        format = parse_number(format + 1, &spec.precision);
      }
    }
    format = parse_integer_size(format, &integer_size);
    switch (*format) {
    case 'd':
    case 'i': {
      int64_t value = TAKE_SIGNED(arguments, integer_size);

      put_integer(&out, &spec, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0, 'd');
      break;
    }
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      spec.plus = '\0';
      put_integer(&out, &spec, TAKE_UNSIGNED(arguments, integer_size), false, *format);
      break;
    case 'p':
      spec.alternate = true;
      put_integer(&out, &spec, (uintptr_t)va_arg(arguments, void *), false, 'x');
      break;
    case 'c': {
      char c = (char)va_arg(arguments, int);

      spec.zero = false;
      put_field(&out, &spec, "", 0, &c, 1);
      break;
    }
    case 's': {
      const char *cstr = va_arg(arguments, const char *);

      spec.zero = false;
      if (cstr == NULL)
        cstr = spec.has_precision ? "" : "(null)";
      put_field(&out, &spec, "", 0, cstr, bounded_length(cstr, &spec));
      break;
    }
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      put_double(&out, &spec, va_arg(arguments, double));
      break;
    case '%':
      put(&out, "%", 1);
      break;
    default:
      /* Not a conversion: shown as it is. */
      put(&out, begin, (size_t)(format - begin));
      continue;
    }
    format++;
  }
}
