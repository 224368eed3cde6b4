#ifndef PWASM_VALUE_H
#define PWASM_VALUE_H

/** @file
 *  @brief Values as hosts encode them: what properties hold, as numbers, times, maps and lists.
 *
 *  Hosts do not say of which type a value is, and have different ways to write it: Envoy sends numbers
 *  as 8 bytes and booleans as one, others send 4 bytes or text. All of these are accepted:
 *
 *  | bytes | read as |
 *  |---|---|
 *  | a decimal number in ASCII, all of the value | text, whatever its length |
 *  | `true`, `false` | text, of a boolean |
 *  | 8, 4 or 1 others | a little-endian number |
 *
 *  So text comes first. A binary number is taken for text only if each of its bytes is an ASCII digit:
 *  with 8 bytes that are 10^8 numbers from 3.4e18 on, with 4 bytes 10^4 from 808,464,432 on, with one
 *  byte 48 to 57. Hosts' sizes, codes, ports and durations are none of them.
 *
 *  Nothing is converted between integers and doubles in binary, since 8 bytes do not tell which they
 *  are: ask for what the host has. In Envoy all numbers of metadata are doubles, as in JSON, and all
 *  numbers of attributes (`response.code`) integers.
 */

#include <pwasm/pairs.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** The elements of a list, to be visited one by one. Copy the struct to visit them again.
 *
 *  It is a view: nothing is copied out of what the host sent.
 */
typedef struct PwasmList {
  PwasmPairs pairs; /**< private */
} PwasmList;

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__value_to_int64(const char *bytes, size_t len, int64_t *ret_value);
PwasmStatus pwasm__value_to_uint64(const char *bytes, size_t len, uint64_t *ret_value);
PwasmStatus pwasm__value_to_double(const char *bytes, size_t len, double *ret_value);
PwasmStatus pwasm__value_to_bool(const char *bytes, size_t len, bool *ret_value);
PwasmStatus pwasm__value_to_time(const char *bytes, size_t len, uint64_t *ret_time_ns);
PwasmStatus pwasm__value_to_duration(const char *bytes, size_t len, uint64_t *ret_duration_ns);
PwasmStatus pwasm__value_to_map(const char *bytes, size_t len, PwasmPairs *ret_pairs);
PwasmStatus pwasm__value_to_list(const char *bytes, size_t len, PwasmList *ret_list);
/** @endcond */

/** Reads a value as a signed integer.
 *
 *  Binary values of 4 bytes are signed, of one byte unsigned.
 *
 *  @param      value      the host's bytes
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is neither binary nor decimal, or has more than 64 bits
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_int64(PwasmStr value, int64_t *ret_value)
{
  return pwasm__value_to_int64(value.data, value.len, ret_value);
}

/** Reads a value as an unsigned integer.
 *
 *  @param      value      the host's bytes; in binary a negative number is a large one
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is neither binary nor decimal, is negative in decimal, or has
 *                                      more than 64 bits
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_uint64(PwasmStr value, uint64_t *ret_value)
{
  return pwasm__value_to_uint64(value.data, value.len, ret_value);
}

/** Reads a value as a double.
 *
 *  Binary values have 8 bytes. Text may have a sign, a fraction and an exponent; it is rounded
 *  correctly if it has up to 15 significant digits and, written without a point, an exponent within ±22, and is
 *  otherwise off by a few units in the last place at most. Digits after the nineteenth count for nothing.
 *
 *  @param      value      the host's bytes
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is neither binary nor decimal, or too large for a double
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_double(PwasmStr value, double *ret_value)
{
  return pwasm__value_to_double(value.data, value.len, ret_value);
}

/** Reads a value as a boolean: `true`, `false`, or an integer that is 0 or 1.
 *
 *  @param      value      the host's bytes
 *  @param[out] ret_value  the boolean; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is anything else
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_bool(PwasmStr value, bool *ret_value)
{
  return pwasm__value_to_bool(value.data, value.len, ret_value);
}

/** Reads a value as a point in time.
 *
 *  8 bytes are always binary here: as text they would be a time in January 1970.
 *
 *  @param      value        the host's bytes: nanoseconds, as 8 bytes or in decimal
 *  @param[out] ret_time_ns  nanoseconds since 1970-01-01 UTC; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is anything else, or before 1970
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_time(PwasmStr value, uint64_t *ret_time_ns)
{
  return pwasm__value_to_time(value.data, value.len, ret_time_ns);
}

/** Reads a value as a duration.
 *
 *  @param      value            the host's bytes: nanoseconds, as 8 bytes or in decimal
 *  @param[out] ret_duration_ns  nanoseconds; untouched on failure
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is anything else, or negative
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_duration(PwasmStr value, uint64_t *ret_duration_ns)
{
  return pwasm__value_to_duration(value.data, value.len, ret_duration_ns);
}

/** Reads a value as a map, whose values are values again.
 *
 *  @param      value      the host's bytes; none are an empty map
 *  @param[out] ret_pairs  keys and values; untouched on failure
 *  @lifetime{ret_pairs, as long as @p value}
 *  @retval PWASM_STATUS_OK             read
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is no map
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_map(PwasmStr value, PwasmPairs *ret_pairs)
{
  return pwasm__value_to_map(value.data, value.len, ret_pairs);
}

/** Reads a value as a list, whose elements are values again.
 *
 *  @param      value     the host's bytes; none are an empty list
 *  @param[out] ret_list  the elements; untouched on failure
 *  @lifetime{ret_list, as long as @p value}
 *  @retval PWASM_STATUS_OK             read; a map of empty values can't be told from the list of its
 *                                      keys
 *  @retval PWASM_STATUS_TYPE_MISMATCH  it is no list
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_value_to_list(PwasmStr value, PwasmList *ret_list)
{
  return pwasm__value_to_list(value.data, value.len, ret_list);
}

/** How many elements are left to visit.
 *
 *  @param list  the list
 *  @return how often pwasm_list_next() will yet answer true
 */
static inline size_t
pwasm_list_count(const PwasmList *list)
{
  return pwasm_pairs_count(&list->pairs);
}

/** Takes the next element.
 *
 *  @param      list         the list; moves on
 *  @param[out] ret_element  the element; untouched when there is none left
 *  @lifetime{ret_element, as long as what @p list was made from}
 *  @return false when all were visited
 */
static inline bool
pwasm_list_next(PwasmList *list, PwasmStr *ret_element)
{
  PwasmPair pair;

  if (!pwasm_pairs_next(&list->pairs, &pair))
    return false;
  *ret_element = pair.name;
  return true;
}

PWASM_END_DECLS

#endif
