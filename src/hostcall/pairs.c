#include <pwasm/pairs.h>

#include <string.h>

#include <pwasm/header_map.h>

#include "pairs_private.h"

/* The wire format, all numbers little-endian u32: the count; for each pair the sizes of its name and
 * value; for each pair the bytes of its name, a NUL, the bytes of its value, a NUL. */
#define COUNT_SIZE 4
#define SIZES_SIZE 8
#define NULS_SIZE 2

/* Hosts and wasm are little-endian; natively so is what this is built for. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers of the wire are little-endian");

static uint32_t
read_u32(const char *bytes)
{
  uint32_t value;

  memcpy(&value, bytes, sizeof value);
  return value;
}

static void
write_u32(char *bytes, uint32_t value)
{
  memcpy(bytes, &value, sizeof value);
}

PwasmStatus
pwasm__pairs_parse(const char *bytes, size_t len, PwasmPairs *ret_pairs)
{
  const char *sizes;
  uint32_t count;
  size_t left;

  /* Hosts send no bytes at all for an empty map, the specification shows a single one. */
  if (len < COUNT_SIZE) {
    ret_pairs->num_left = 0;
    return PWASM_STATUS_OK;
  }
  count = read_u32(bytes);
  left = len - COUNT_SIZE;
  if (count > left / (SIZES_SIZE + NULS_SIZE))
    return PWASM_STATUS_MALFORMED;
  left -= (size_t)count * (SIZES_SIZE + NULS_SIZE);
  sizes = bytes + COUNT_SIZE;
  /* One size at a time: the sum of two could overflow. */
  for (uint32_t i = 0; i < 2 * count; i++) {
    uint32_t size = read_u32(sizes + (size_t)i * sizeof size);

    if (size > left)
      return PWASM_STATUS_MALFORMED;
    left -= size;
  }
  ret_pairs->sizes = sizes;
  ret_pairs->bytes = sizes + (size_t)count * SIZES_SIZE;
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
