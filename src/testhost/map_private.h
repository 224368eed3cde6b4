#ifndef PWASM_TESTHOST_MAP_PRIVATE_H
#define PWASM_TESTHOST_MAP_PRIVATE_H

/* A header map as Envoy has it: names in lower case, in the order of arrival. */

#include <pwasm/testhost/headers.h>

#include "memory_private.h"

typedef struct PwasmHostMap {
  PwasmPair *pairs; /* each with memory of its own */
  size_t num_pairs;
  size_t capacity;
} PwasmHostMap;

static inline PwasmHostHeaders
pwasm__host_map_headers(const PwasmHostMap *map)
{
  PwasmHostHeaders headers = {map->pairs, map->num_pairs};

  return headers;
}

/* Beside others of the name; what Envoy keeps only one of is joined to that with a comma. */
void pwasm__host_map_add(PwasmHostMap *map, PwasmStr name, PwasmStr value);
/* The first of the name keeps its place and gets the value, the others go; without any, as add. */
void pwasm__host_map_replace(PwasmHostMap *map, PwasmStr name, PwasmStr value);
void pwasm__host_map_remove(PwasmHostMap *map, PwasmStr name);
void pwasm__host_map_add_all(PwasmHostMap *map, PwasmHostHeaders headers);
void pwasm__host_map_clear(PwasmHostMap *map);
void pwasm__host_map_free(PwasmHostMap *map);

/* The first value of a name; missing when there is none. */
PwasmStr pwasm__host_map_get(const PwasmHostMap *map, PwasmStr name);

/* Adds what the guest sent in the wire format, as strictly as proxy-wasm-cpp-host: more than 1,024
 * pairs, more than 1 MiB, or anything wrong, and nothing is added. */
void pwasm__host_map_add_wire(PwasmHostMap *map, PwasmStr wire);

/* The size of the wire format; 0 for an empty map, which has none. */
size_t pwasm__host_map_wire_size(const PwasmHostMap *map);
/* Writes it. */
void pwasm__host_map_write_wire(const PwasmHostMap *map, char *to);

/* Whether proxies can send a header. Envoy does not send requests with others, but responses as they are: what
 * follows CR and LF is a header of its own then. */
bool pwasm__host_is_sendable(PwasmStr name, PwasmStr value);
bool pwasm__host_map_is_sendable(const PwasmHostMap *map);
#define PWASM_HOST_UNSENDABLE                                                                      \
  "no name, or CR, LF or NUL in it or in the value: a request is not sent, a response is split"

#endif
