#include "map_private.h"

#include <stdlib.h>
#include <string.h>

static PwasmStr
dup_lower(PwasmStr name)
{
  char *copy = pwasm__host_alloc(name.len + 1);

  for (size_t i = 0; i < name.len; i++) {
    char c = name.data[i];

    copy[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
  }
  return pwasm_str(copy, name.len);
}

static void
free_pair(PwasmPair *pair)
{
  free((void *)(uintptr_t)pair->name.data);
  free((void *)(uintptr_t)pair->value.data);
}

/* The headers of which Envoy keeps one: what is added is joined to what is there. */
static bool
is_single(PwasmStr name)
{
  static const PwasmStr singles[] = {
    PWASM_STR_INIT(":authority"),
    PWASM_STR_INIT(":method"),
    PWASM_STR_INIT(":path"),
    PWASM_STR_INIT(":protocol"),
    PWASM_STR_INIT(":scheme"),
    PWASM_STR_INIT(":status"),
    PWASM_STR_INIT("connection"),
    PWASM_STR_INIT("content-length"),
    PWASM_STR_INIT("content-type"),
    PWASM_STR_INIT("date"),
    PWASM_STR_INIT("grpc-message"),
    PWASM_STR_INIT("grpc-status"),
    PWASM_STR_INIT("grpc-timeout"),
    PWASM_STR_INIT("keep-alive"),
    PWASM_STR_INIT("proxy-connection"),
    PWASM_STR_INIT("te"),
    PWASM_STR_INIT("transfer-encoding"),
    PWASM_STR_INIT("upgrade"),
    PWASM_STR_INIT("user-agent"),
    PWASM_STR_INIT("via"),
    PWASM_STR_INIT("x-forwarded-for"),
    PWASM_STR_INIT("x-forwarded-host"),
    PWASM_STR_INIT("x-forwarded-proto"),
    PWASM_STR_INIT("x-request-id"),
  };

  for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++) {
    if (pwasm_str_equal_ignore_case(name, singles[i]))
      return true;
  }
  return false;
}

static PwasmPair *
find(PwasmHostMap *map, PwasmStr name)
{
  for (size_t i = 0; i < map->num_pairs; i++) {
    if (pwasm_str_equal_ignore_case(map->pairs[i].name, name))
      return &map->pairs[i];
  }
  return NULL;
}

static void
join(PwasmPair *pair, PwasmStr value)
{
  PwasmHostBytes joined = {0};

  pwasm__host_bytes_append(&joined, pair->value);
  if (joined.len > 0 && value.len > 0)
    pwasm__host_bytes_append(&joined, PWASM_STR(","));
  pwasm__host_bytes_append(&joined, value);
  free((void *)(uintptr_t)pair->value.data);
  pair->value = pwasm__host_str_dup(pwasm__host_bytes_str(&joined));
  pwasm__host_bytes_free(&joined);
}

void
pwasm__host_map_add(PwasmHostMap *map, PwasmStr name, PwasmStr value)
{
  PwasmPair *present = is_single(name) ? find(map, name) : NULL;

  if (present != NULL) {
    join(present, value);
    return;
  }
  map->pairs =
    pwasm__host_grow(map->pairs, map->num_pairs + 1, sizeof map->pairs[0], &map->capacity);
  map->pairs[map->num_pairs].name = dup_lower(name);
  map->pairs[map->num_pairs].value = pwasm__host_str_dup(value);
  map->num_pairs++;
}

/* Removes all of a name but the first `num_kept`. */
static void
remove_after(PwasmHostMap *map, PwasmStr name, size_t num_kept)
{
  size_t num_left = 0;

  for (size_t i = 0; i < map->num_pairs; i++) {
    bool is_named = pwasm_str_equal_ignore_case(map->pairs[i].name, name);

    if (is_named && num_kept == 0) {
      free_pair(&map->pairs[i]);
    } else {
      num_kept -= is_named;
      map->pairs[num_left++] = map->pairs[i];
    }
  }
  map->num_pairs = num_left;
}

void
pwasm__host_map_replace(PwasmHostMap *map, PwasmStr name, PwasmStr value)
{
  PwasmPair *present = find(map, name);
  PwasmStr copy;

  if (present == NULL) {
    pwasm__host_map_add(map, name, value);
    return;
  }
  copy = pwasm__host_str_dup(value);
  free((void *)(uintptr_t)present->value.data);
  present->value = copy;
  remove_after(map, name, 1);
}

void
pwasm__host_map_remove(PwasmHostMap *map, PwasmStr name)
{
  remove_after(map, name, 0);
}

void
pwasm__host_map_add_all(PwasmHostMap *map, PwasmHostHeaders headers)
{
  for (size_t i = 0; i < headers.num_pairs; i++)
    pwasm__host_map_add(map, headers.pairs[i].name, headers.pairs[i].value);
}

void
pwasm__host_map_clear(PwasmHostMap *map)
{
  for (size_t i = 0; i < map->num_pairs; i++)
    free_pair(&map->pairs[i]);
  map->num_pairs = 0;
}

void
pwasm__host_map_free(PwasmHostMap *map)
{
  pwasm__host_map_clear(map);
  free(map->pairs);
  *map = (PwasmHostMap){0};
}

static PwasmStr
get(PwasmHostHeaders headers, PwasmStr name)
{
  for (size_t i = 0; i < headers.num_pairs; i++) {
    if (pwasm_str_equal_ignore_case(headers.pairs[i].name, name))
      return headers.pairs[i].value;
  }
  return pwasm_str(NULL, 0);
}

PwasmStr
pwasm__host_map_get(const PwasmHostMap *map, PwasmStr name)
{
  return get(pwasm__host_map_headers(map), name);
}

PwasmStr
pwasm_host_headers_get(PwasmHostHeaders headers, const char *name)
{
  return get(headers, pwasm_str_from_cstr(name));
}

size_t
pwasm_host_headers_count(PwasmHostHeaders headers, const char *name)
{
  size_t count = 0;

  for (size_t i = 0; i < headers.num_pairs; i++)
    count += pwasm_str_equal_ignore_case(headers.pairs[i].name, pwasm_str_from_cstr(name));
  return count;
}

PwasmHostHeaders
pwasm__host_headers(const char *const *names_and_values, PwasmPair *to, size_t num_pairs)
{
  PwasmHostHeaders headers = {to, num_pairs};

  for (size_t i = 0; i < num_pairs; i++) {
    to[i].name = pwasm_str_from_cstr(names_and_values[2 * i]);
    to[i].value = pwasm_str_from_cstr(names_and_values[2 * i + 1]);
  }
  return headers;
}

bool
pwasm__host_is_sendable(PwasmStr name, PwasmStr value)
{
  static const char forbidden[] = {'\r', '\n', '\0'};

  for (size_t i = 0; i < sizeof forbidden; i++) {
    if ((name.len > 0 && memchr(name.data, forbidden[i], name.len) != NULL) ||
        (value.len > 0 && memchr(value.data, forbidden[i], value.len) != NULL))
      return false;
  }
  return name.len > 0;
}

bool
pwasm__host_map_is_sendable(const PwasmHostMap *map)
{
  for (size_t i = 0; i < map->num_pairs; i++) {
    if (!pwasm__host_is_sendable(map->pairs[i].name, map->pairs[i].value))
      return false;
  }
  return true;
}
