#include <pwasm/property.h>

#include <string.h>

#include <pwasm/header_map.h>

#include "result_private.h"

#define SEPARATOR '\0'

PwasmStatus
pwasm_path_join(PwasmArena *arena, const PwasmStr *segments, size_t num_segments,
                PwasmStr *ret_path)
{
  size_t len = 0;
  char *path;
  char *to;

  for (size_t i = 0; i < num_segments; i++) {
    if (segments[i].len > 0 && memchr(segments[i].data, SEPARATOR, segments[i].len) != NULL)
      return PWASM_STATUS_BAD_ARGUMENT;
    if (__builtin_add_overflow(len, segments[i].len + (i > 0), &len))
      return PWASM_STATUS_OUT_OF_MEMORY;
  }
  if (len == 0)
    return PWASM_STATUS_BAD_ARGUMENT;
  path = pwasm_arena_alloc(arena, len);
  if (path == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  to = path;
  for (size_t i = 0; i < num_segments; i++) {
    if (i > 0)
      *to++ = SEPARATOR;
    if (segments[i].len > 0)
      memcpy(to, segments[i].data, segments[i].len);
    to += segments[i].len;
  }
  *ret_path = pwasm_str(path, len);
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm__property_get(const char *path, size_t path_len, PwasmStr *ret_value)
{
  char *value = NULL;
  uint32_t value_size = 0;
  uint32_t status;

  if (!pwasm__fits(path_len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = proxy_get_property(path, (uint32_t)path_len, &value, &value_size);
  return pwasm__result(status, value, value_size, ret_value);
}

/* Reads a property and then the value in it. */
#define DEFINE_GETTER(suffix, type)                                                                \
  PwasmStatus pwasm__property_get_##suffix(const char *path, size_t path_len, type *ret_value)     \
  {                                                                                                \
    PwasmStr value;                                                                                \
    PwasmStatus status = pwasm__property_get(path, path_len, &value);                              \
                                                                                                   \
    return status == PWASM_STATUS_OK ? pwasm_value_to_##suffix(value, ret_value) : status;         \
  }

DEFINE_GETTER(int64, int64_t)
DEFINE_GETTER(uint64, uint64_t)
DEFINE_GETTER(double, double)
DEFINE_GETTER(bool, bool)
DEFINE_GETTER(time, uint64_t)
DEFINE_GETTER(duration, uint64_t)
DEFINE_GETTER(map, PwasmPairs)
DEFINE_GETTER(list, PwasmList)

PwasmStatus
pwasm__property_set(const char *path, size_t path_len, const char *value, size_t value_len)
{
  if (!pwasm__fits(path_len, value_len))
    return PWASM_STATUS_TOO_LARGE;
  return (PwasmStatus)proxy_set_property(path, (uint32_t)path_len, value, (uint32_t)value_len);
}
