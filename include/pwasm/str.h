#ifndef PWASM_STR_H
#define PWASM_STR_H

/** @file
 *  @brief The view type: bytes that somebody else owns.
 */

#include <pwasm/base.h>
#include <pwasm/status.h>

PWASM_BEGIN_DECLS

/** A view of bytes. It owns nothing and is not NUL-terminated; the bytes may hold any value.
 *
 *  `data == NULL` says that there is no value at all, which is not the same as an empty value
 *  (`len == 0` with a `data` that is not NULL). `{0}` is the missing value.
 */
typedef struct PwasmStr {
  const char *data; /**< first byte; NULL when the value is missing */
  size_t len;       /**< bytes */
} PwasmStr;

/** A view of a string literal, without its NUL: `PWASM_STR("x-hello")`. */
#define PWASM_STR(literal) ((PwasmStr)PWASM_STR_INIT(literal))

/** The same as an initialiser, for static data: `static const PwasmStr name = PWASM_STR_INIT("a");` */
#define PWASM_STR_INIT(literal) {"" literal "", sizeof(literal) - 1}

/** The two arguments of `"%.*s"`, as in `pwasm_logf(PWASM_LOG_INFO, "%.*s", PWASM_STR_ARG(name))`.
 *
 *  It evaluates @p str twice: no call of a function.
 */
#define PWASM_STR_ARG(str) (int)(str).len, (str).data

/** Makes a view of @p len bytes.
 *
 *  @param data  first byte
 *  @param len   bytes
 *  @return the view; it lives as long as @p data
 */
static inline PwasmStr
pwasm_str(const char *data, size_t len)
{
  PwasmStr str;
  str.data = data;
  str.len = len;
  return str;
}

/** Makes a view of a NUL-terminated string.
 *
 *  @param cstr  the string; NULL gives the missing value
 *  @return the view; it lives as long as @p cstr
 */
static inline PwasmStr
pwasm_str_from_cstr(const char *cstr)
{
  return pwasm_str(cstr, cstr == NULL ? 0 : __builtin_strlen(cstr));
}

/** Whether there is a value at all, be it empty.
 *
 *  @param str  the view
 *  @return false when the value is missing
 */
static inline bool
pwasm_str_is_present(PwasmStr str)
{
  return str.data != NULL;
}

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
bool pwasm__bytes_equal(const char *a, size_t a_len, const char *b, size_t b_len);
bool pwasm__bytes_equal_ignore_case(const char *a, size_t a_len, const char *b, size_t b_len);
bool pwasm__is_blank(char c);
size_t pwasm__bytes_find(const char *bytes, size_t len, const char *part, size_t part_len);
PwasmStatus pwasm__bytes_to_uint64(const char *bytes, size_t len, uint64_t *ret_value);
/** @endcond */

/** Compares byte by byte.
 *
 *  @param a  one view
 *  @param b  another
 *  @return whether both have the same bytes; a missing value equals an empty one
 */
static inline bool
pwasm_str_equal(PwasmStr a, PwasmStr b)
{
  return pwasm__bytes_equal(a.data, a.len, b.data, b.len);
}

/** Compares as header names are compared: ASCII letters of either case are equal.
 *
 *  @param a  one view
 *  @param b  another
 *  @return whether both are equal but for the case of A to Z
 */
static inline bool
pwasm_str_equal_ignore_case(PwasmStr a, PwasmStr b)
{
  return pwasm__bytes_equal_ignore_case(a.data, a.len, b.data, b.len);
}

/** Whether a view begins with another.
 *
 *  @param str     the view
 *  @param prefix  the bytes looked for; an empty prefix is always found
 *  @return whether @p str begins with @p prefix
 */
static inline bool
pwasm_str_starts_with(PwasmStr str, PwasmStr prefix)
{
  return str.len >= prefix.len && pwasm__bytes_equal(str.data, prefix.len, prefix.data, prefix.len);
}

/** Whether a view ends with another.
 *
 *  @param str     the view
 *  @param suffix  the bytes looked for; an empty suffix is always found
 *  @return whether @p str ends with @p suffix
 */
static inline bool
pwasm_str_ends_with(PwasmStr str, PwasmStr suffix)
{
  return suffix.len == 0 ||
         (str.len >= suffix.len && pwasm__bytes_equal(str.data + (str.len - suffix.len), suffix.len,
                                                      suffix.data, suffix.len));
}

/** Finds the first place of @p part.
 *
 *  @param str   where to look
 *  @param part  what to look for; an empty part is found at 0
 *  @return its offset in bytes; `SIZE_MAX` when it is not there
 */
static inline size_t
pwasm_str_find(PwasmStr str, PwasmStr part)
{
  return pwasm__bytes_find(str.data, str.len, part.data, part.len);
}

/** A part of a view, cut to what is there.
 *
 *  @param str    the view
 *  @param start  offset of the first byte; past the end gives an empty view
 *  @param len    bytes, at most; `SIZE_MAX` for all that follow
 *  @return the part; it lives as long as @p str
 */
static inline PwasmStr
pwasm_str_slice(PwasmStr str, size_t start, size_t len)
{
  if (str.data == NULL)
    return str;
  if (start > str.len)
    start = str.len;
  if (len > str.len - start)
    len = str.len - start;
  return pwasm_str(str.data + start, len);
}

/** A view without the blanks (space, tab, CR, LF) at its ends.
 *
 *  @param str  the view
 *  @return the part between; it lives as long as @p str
 */
static inline PwasmStr
pwasm_str_trim(PwasmStr str)
{
  while (str.len > 0 && pwasm__is_blank(str.data[str.len - 1]))
    str.len--;
  while (str.len > 0 && pwasm__is_blank(str.data[0])) {
    str.data++;
    str.len--;
  }
  return str;
}

/** Reads a decimal number: digits only, all of the view.
 *
 *  @param      str        the digits
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_PARSE_FAILURE  empty, a byte that is no digit, or more than 64 bits
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_str_to_uint64(PwasmStr str, uint64_t *ret_value)
{
  return pwasm__bytes_to_uint64(str.data, str.len, ret_value);
}

/** Room for the digits of any 64-bit number. */
typedef struct PwasmDigits {
  char bytes[20]; /**< the last ones are used */
} PwasmDigits;

/** Writes a number in decimal.
 *
 *  @param value    the number
 *  @param digits   where the digits go
 *  @return the text; it lives as long as @p digits
 */
PwasmStr pwasm_str_from_uint64(uint64_t value, PwasmDigits *digits);

PWASM_END_DECLS

#endif
