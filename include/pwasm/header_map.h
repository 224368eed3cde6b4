#ifndef PWASM_HEADER_MAP_H
#define PWASM_HEADER_MAP_H

/** @file
 *  @brief Headers and trailers of the current stream.
 *
 *  Names are matched in any case and arrive in lower case. Values are bytes, any bytes. HTTP/2's
 *  pseudo-headers (`:path`, `:status` …) are ordinary headers here.
 *
 *  What a plugin sets must not have CR, LF or NUL in it, and hosts don't look: Envoy 1.40 fails a request with
 *  such a header (503), but **sends a response as it is**, in which what follows is a header of its own. Look for
 *  them in what a peer has chosen, before it becomes a part of a response.
 */

#include <pwasm/abi.h>
#include <pwasm/pairs.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** Which headers or trailers. */
typedef enum PwasmMap {
  PWASM_MAP_HTTP_REQUEST_HEADERS = 0,       /**< in `on_request_headers`, and while paused there */
  PWASM_MAP_HTTP_REQUEST_TRAILERS = 1,      /**< in `on_request_trailers` */
  PWASM_MAP_HTTP_RESPONSE_HEADERS = 2,      /**< in `on_response_headers`, and while paused there */
  PWASM_MAP_HTTP_RESPONSE_TRAILERS = 3,     /**< in `on_response_trailers` */
  PWASM_MAP_GRPC_CALL_INITIAL_METADATA = 4, /**< when a gRPC call's initial metadata arrive */
  PWASM_MAP_GRPC_CALL_TRAILING_METADATA = 5, /**< when a gRPC call's trailing metadata arrive */
  PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS = 6,  /**< when an HTTP call is answered */
  PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS = 7  /**< when an HTTP call is answered */
} PwasmMap;

/** The most pairs that hosts accept in one map (proxy-wasm-cpp-host, `pairs_util.cc`). */
#define PWASM_PAIRS_MAX_COUNT 1024
/** The most bytes of a serialized map that hosts accept (proxy-wasm-cpp-host, `pairs_util.cc`). */
#define PWASM_PAIRS_MAX_SIZE (1024 * 1024)

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__header_get(PwasmMap map, const char *name, size_t name_len, PwasmStr *ret_value);
PwasmStatus pwasm__header_get_all(PwasmMap map, PwasmPairs *ret_pairs);
PwasmStatus pwasm__header_set_all(PwasmMap map, const PwasmPair *pairs, size_t num_pairs);

/* Whether lengths fit the ABI's 32 bits: always so in wasm32, where this folds away. */
static inline bool
pwasm__fits(size_t a, size_t b)
{
#if SIZE_MAX > UINT32_MAX
  return a <= UINT32_MAX && b <= UINT32_MAX;
#else
  (void)a;
  (void)b;
  return true;
#endif
}
/** @endcond */

/** Reads a header: the first of its name. For the others see pwasm_pairs_next_named().
 *
 *  @param      map        which map
 *  @param      name       in any case; not empty
 *  @param[out] ret_value  the value, which may be empty; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             found
 *  @retval PWASM_STATUS_NOT_FOUND      no such header; in `on_log` also: no such map
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the map is not readable now
 *  @retval PWASM_STATUS_MALFORMED      the host's answer is not in the ABI's format; in 0.1.0 only,
 *                                      where all headers are read to tell an empty one from none
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE      @p name has 4 GiB or more
 *  @hostcall{proxy_get_header_map_value}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_get(PwasmMap map, PwasmStr name, PwasmStr *ret_value)
{
  return pwasm__header_get(map, name.data, name.len, ret_value);
}

/** Reads all headers at once, to visit them with pwasm_pairs_next().
 *
 *  One call of the host, whatever the number of headers; nothing is copied out of its answer.
 *
 *  @param      map        which map
 *  @param[out] ret_pairs  the pairs, none for an empty map; untouched on failure
 *  @lifetime{ret_pairs, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             read; Envoy says so too, with no pairs, of a map that is not
 *                                      readable now
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the map is not readable now
 *  @retval PWASM_STATUS_MALFORMED      the host's answer is not in the ABI's format
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @hostcall{proxy_get_header_map_pairs}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_get_all(PwasmMap map, PwasmPairs *ret_pairs)
{
  return pwasm__header_get_all(map, ret_pairs);
}

/** Reads how many bytes the names and values of all headers have: not how many headers there are, which
 *  their callback tells, and pwasm_pairs_count().
 *
 *  Only Envoy has the call behind it: a module that uses it does not load in the hosts for nginx.
 *
 *  @param      map       which map; not the answer of a call
 *  @param[out] ret_size  the sum in bytes; untouched on failure
 *  @retval PWASM_STATUS_OK            read
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the map is not there now, or belongs to the answer of a call
 *  @hostcall{proxy_get_header_map_size}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_map_get_size(PwasmMap map, size_t *ret_size)
{
  uint32_t size = 0;
  uint32_t status = proxy_get_header_map_size((uint32_t)map, &size);

  if (status == PWASM_STATUS_OK)
    *ret_size = size;
  return (PwasmStatus)status;
}

/** Adds a header, beside those of the same name.
 *
 *  @param map    which map
 *  @param name   not empty; hosts send it in lower case
 *  @param value  may be empty
 *  @retval PWASM_STATUS_OK            added
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the map can't be changed now
 *  @retval PWASM_STATUS_TOO_LARGE     @p name or @p value has 4 GiB or more
 *  @hostcall{proxy_add_header_map_value}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_add(PwasmMap map, PwasmStr name, PwasmStr value)
{
  if (!pwasm__fits(name.len, value.len))
    return PWASM_STATUS_TOO_LARGE;
  return (PwasmStatus)proxy_add_header_map_value((uint32_t)map, name.data, (uint32_t)name.len,
                                                 value.data, (uint32_t)value.len);
}

/** Sets a header: replaces all of its name, or adds it.
 *
 *  @param map    which map
 *  @param name   in any case; not empty
 *  @param value  may be empty
 *  @retval PWASM_STATUS_OK            set
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the map can't be changed now
 *  @retval PWASM_STATUS_TOO_LARGE     @p name or @p value has 4 GiB or more
 *  @hostcall{proxy_replace_header_map_value}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_replace(PwasmMap map, PwasmStr name, PwasmStr value)
{
  if (!pwasm__fits(name.len, value.len))
    return PWASM_STATUS_TOO_LARGE;
  return (PwasmStatus)proxy_replace_header_map_value((uint32_t)map, name.data, (uint32_t)name.len,
                                                     value.data, (uint32_t)value.len);
}

/** Removes all headers of a name.
 *
 *  @param map   which map
 *  @param name  in any case; not empty
 *  @retval PWASM_STATUS_OK            removed, or there was none
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the map can't be changed now
 *  @retval PWASM_STATUS_TOO_LARGE     @p name has 4 GiB or more
 *  @hostcall{proxy_remove_header_map_value}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_remove(PwasmMap map, PwasmStr name)
{
  if (!pwasm__fits(name.len, 0))
    return PWASM_STATUS_TOO_LARGE;
  return (PwasmStatus)proxy_remove_header_map_value((uint32_t)map, name.data, (uint32_t)name.len);
}

/** Replaces a whole map, pseudo-headers included: what is not in @p pairs is gone.
 *
 *  Hosts that are sent too many or too large pairs empty the map and report success, so the limits
 *  are checked here first: @ref PWASM_PAIRS_MAX_COUNT and @ref PWASM_PAIRS_MAX_SIZE.
 *
 *  @param map        which map
 *  @param pairs      borrowed for the call; none empties the map
 *  @param num_pairs  elements of @p pairs
 *  @retval PWASM_STATUS_OK             replaced
 *  @retval PWASM_STATUS_TOO_LARGE      over a limit; the map is as it was
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the map can't be changed now
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit; the map is as it was
 *  @hostcall{proxy_set_header_map_pairs}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_header_set_all(PwasmMap map, const PwasmPair *pairs, size_t num_pairs)
{
  return pwasm__header_set_all(map, pairs, num_pairs);
}

PWASM_END_DECLS

#endif
