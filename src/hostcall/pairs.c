#include <pwasm/pairs.h>

#include <string.h>

#include <pwasm/header_map.h>

#include "pairs_private.h"

/* The wire format, all numbers little-endian u32: the count; for each pair the sizes of its name and
 * value; for each pair the bytes of its name, a NUL, the bytes of its value, a NUL. */
#define COUNT_SIZE 4
#define SIZES_SIZE 8
#define NULS_SIZE 2

static uint32_t
read_u32(const char *bytes)
{
  const unsigned char *b = (const unsigned char *)bytes;

  return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void
write_u32(char *bytes, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    bytes[i] = (char)(value >> (8 * i));
}

PwasmStatus
pwasm__pairs_parse(const char *bytes, size_t len, PwasmPairs *ret_pairs)
{
  uint64_t total = COUNT_SIZE;
  uint32_t count;

  /* The specification's empty map is a single zero byte, hosts send none. */
  if (len == 0 || (len == 1 && bytes[0] == 0)) {
    *ret_pairs = (PwasmPairs){NULL, NULL, 0};
    return PWASM_STATUS_OK;
  }
  if (len < COUNT_SIZE)
    return PWASM_STATUS_MALFORMED;
  count = read_u32(bytes);
  if (count > (len - COUNT_SIZE) / (SIZES_SIZE + NULS_SIZE))
    return PWASM_STATUS_MALFORMED;
  total += (uint64_t)count * (SIZES_SIZE + NULS_SIZE);
  /* At most 2^33 terms below 2^32 each: no overflow in 64 bits that matters, as len bounds count. */
  for (uint32_t i = 0; i < count; i++) {
    const char *sizes = bytes + COUNT_SIZE + (size_t)i * SIZES_SIZE;

    total += (uint64_t)read_u32(sizes) + read_u32(sizes + 4);
  }
  if (total > len)
    return PWASM_STATUS_MALFORMED;
  ret_pairs->sizes = bytes + COUNT_SIZE;
  ret_pairs->bytes = bytes + COUNT_SIZE + (size_t)count * SIZES_SIZE;
  ret_pairs->num_left = count;
  return PWASM_STATUS_OK;
}

bool
pwasm_pairs_next(PwasmPairs *pairs, PwasmPair *ret_pair)
{
  if (pairs->num_left == 0)
    return false;
  ret_pair->name = pwasm_str(pairs->bytes, read_u32(pairs->sizes));
  ret_pair->value =
    pwasm_str(ret_pair->name.data + ret_pair->name.len + 1, read_u32(pairs->sizes + 4));
  pairs->bytes = ret_pair->value.data + ret_pair->value.len + 1;
  pairs->sizes += SIZES_SIZE;
  pairs->num_left--;
  return true;
}

bool
pwasm__pairs_next_named(PwasmPairs *pairs, const char *name, size_t name_len, PwasmStr *ret_value)
{
  PwasmPair pair;

  while (pwasm_pairs_next(pairs, &pair)) {
    if (pwasm_str_equal_ignore_case(pair.name, pwasm_str(name, name_len))) {
      *ret_value = pair.value;
      return true;
    }
  }
  return false;
}

/* The size of the wire format; 0 when hosts would not take it. */
static size_t
serialized_size(const PwasmPair *pairs, size_t num_pairs)
{
  size_t total = COUNT_SIZE;

  if (num_pairs > PWASM_PAIRS_MAX_COUNT)
    return 0;
  for (size_t i = 0; i < num_pairs; i++) {
    if (pairs[i].name.len > PWASM_PAIRS_MAX_SIZE || pairs[i].value.len > PWASM_PAIRS_MAX_SIZE)
      return 0;
    total += SIZES_SIZE + NULS_SIZE + pairs[i].name.len + pairs[i].value.len;
    if (total > PWASM_PAIRS_MAX_SIZE)
      return 0;
  }
  return total;
}

static char *
write_str(char *to, PwasmStr str)
{
  if (str.len > 0)
    memcpy(to, str.data, str.len);
  to[str.len] = '\0';
  return to + str.len + 1;
}

PwasmStatus
pwasm__pairs_serialize(PwasmArena *arena, const PwasmPair *pairs, size_t num_pairs,
                       PwasmStr *ret_bytes)
{
  size_t size = serialized_size(pairs, num_pairs);
  char *bytes;
  char *sizes;
  char *to;

  if (num_pairs == 0) {
    *ret_bytes = pwasm_str("", 0);
    return PWASM_STATUS_OK;
  }
  if (size == 0)
    return PWASM_STATUS_TOO_LARGE;
  bytes = pwasm_arena_alloc(arena, size);
  if (bytes == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  write_u32(bytes, (uint32_t)num_pairs);
  sizes = bytes + COUNT_SIZE;
  to = sizes + num_pairs * SIZES_SIZE;
  for (size_t i = 0; i < num_pairs; i++) {
    write_u32(sizes, (uint32_t)pairs[i].name.len);
    write_u32(sizes + 4, (uint32_t)pairs[i].value.len);
    sizes += SIZES_SIZE;
    to = write_str(write_str(to, pairs[i].name), pairs[i].value);
  }
  *ret_bytes = pwasm_str(bytes, size);
  return PWASM_STATUS_OK;
}
