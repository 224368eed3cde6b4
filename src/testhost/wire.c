#include <string.h>

#include <pwasm/header_map.h>

#include "map_private.h"

/* Written anew, not taken from the SDK: what both got wrong in the same way, no test would see. */

static uint32_t
read_u32(const char *from)
{
  uint32_t value = 0;

  for (int i = 3; i >= 0; i--)
    value = value << 8 | (unsigned char)from[i];
  return value;
}

static char *
write_u32(char *to, size_t value)
{
  for (int i = 0; i < 4; i++)
    *to++ = (char)(value >> (8 * i) & 0xff);
  return to;
}

/* A name or value of that length and its NUL; false when that is not what is there. */
static bool
take(PwasmStr *rest, uint32_t len, PwasmStr *ret_str)
{
  if (rest->len <= len || rest->data[len] != '\0')
    return false;
  *ret_str = pwasm_str(rest->data, len);
  *rest = pwasm_str(rest->data + len + 1, rest->len - len - 1);
  return true;
}

void
pwasm__host_map_add_wire(PwasmHostMap *map, PwasmStr wire)
{
  size_t old_num_pairs = map->num_pairs;
  const char *sizes;
  uint32_t count;
  PwasmStr rest;

  if (wire.len < 4 || wire.len > PWASM_PAIRS_MAX_SIZE)
    return;
  count = read_u32(wire.data);
  if (count > PWASM_PAIRS_MAX_COUNT || wire.len - 4 < (size_t)count * 8)
    return;
  sizes = wire.data + 4;
  rest = pwasm_str(sizes + (size_t)count * 8, wire.len - 4 - (size_t)count * 8);
  for (uint32_t i = 0; i < count; i++, sizes += 8) {
    PwasmStr name;
    PwasmStr value;

    if (!take(&rest, read_u32(sizes), &name) || !take(&rest, read_u32(sizes + 4), &value)) {
      rest.len = 1;
      break;
    }
    pwasm__host_map_add(map, name, value);
  }
  if (rest.len != 0) {
    PwasmHostMap added = {map->pairs + old_num_pairs, map->num_pairs - old_num_pairs, 0};

    pwasm__host_map_clear(&added);
    map->num_pairs = old_num_pairs;
  }
}

size_t
pwasm__host_map_wire_size(const PwasmHostMap *map)
{
  size_t size = 4;

  if (map->num_pairs == 0)
    return 0;
  for (size_t i = 0; i < map->num_pairs; i++)
    size += 8 + map->pairs[i].name.len + 1 + map->pairs[i].value.len + 1;
  return size;
}

void
pwasm__host_map_write_wire(const PwasmHostMap *map, char *to)
{
  to = write_u32(to, map->num_pairs);
  for (size_t i = 0; i < map->num_pairs; i++)
    to = write_u32(write_u32(to, map->pairs[i].name.len), map->pairs[i].value.len);
  for (size_t i = 0; i < map->num_pairs; i++) {
    /* With their NULs. */
    memcpy(to, map->pairs[i].name.data, map->pairs[i].name.len + 1);
    to += map->pairs[i].name.len + 1;
    memcpy(to, map->pairs[i].value.data, map->pairs[i].value.len + 1);
    to += map->pairs[i].value.len + 1;
  }
}
