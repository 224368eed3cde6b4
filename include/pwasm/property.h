#ifndef PWASM_PROPERTY_H
#define PWASM_PROPERTY_H

/** @file
 *  @brief Properties: what the host knows of the stream, its connection, its route, the plugin.
 *
 *  A property has a path of segments, `PWASM_PATH("request", "path")`. Which ones there are is up to
 *  the host; the specification has a list, <pwasm/envoy.h> the one of Envoy as functions.
 *
 *  They are those of the current stream, or in a plugin's callbacks of the plugin. In Envoy what
 *  follows from headers (`request.path`) is there only while these headers are readable, and in
 *  `on_log`. Since Envoy 1.33 names of routes, clusters and nodes are below `xds`: `xds.route_name`,
 *  not `route_name`.
 *
 *  How hosts encode values, and what the typed functions make of it, is in value.h. A host does not
 *  say of which type a property is: ask for the type that it has.
 */

#include <pwasm/abi.h>
#include <pwasm/arena.h>
#include <pwasm/status.h>
#include <pwasm/str.h>
#include <pwasm/value.h>

PWASM_BEGIN_DECLS

/** The path of a property out of 1 to 8 string literals, joined at compile time:
 *  `PWASM_PATH("xds", "route_metadata", "filter_metadata", "envoy.filters.http.wasm", "auth")`.
 *
 *  A segment may contain dots, but no NUL. For segments known at run time see pwasm_path_join().
 */
#define PWASM_PATH(...) pwasm_str(PWASM__PATH(__VA_ARGS__), sizeof(PWASM__PATH(__VA_ARGS__)) - 1)

/** The same as an initialiser, for static data:
 *  `static const PwasmStr path = PWASM_PATH_INIT("request", "path");` */
#define PWASM_PATH_INIT(...) PWASM_STR_INIT(PWASM__PATH(__VA_ARGS__))

/** @cond private: escapes are read before literals are joined, so a digit may follow "\0" */
#define PWASM__PATH(...)                                                                           \
  PWASM__PATH_PICK(__VA_ARGS__, PWASM__PATH_8, PWASM__PATH_7, PWASM__PATH_6, PWASM__PATH_5,        \
                   PWASM__PATH_4, PWASM__PATH_3, PWASM__PATH_2, PWASM__PATH_1, 0)                  \
  (__VA_ARGS__)
#define PWASM__PATH_PICK(a, b, c, d, e, f, g, h, pick, ...) pick
#define PWASM__PATH_1(a) "" a
#define PWASM__PATH_2(a, b) "" a "\0" b
#define PWASM__PATH_3(a, ...) "" a "\0" PWASM__PATH_2(__VA_ARGS__)
#define PWASM__PATH_4(a, ...) "" a "\0" PWASM__PATH_3(__VA_ARGS__)
#define PWASM__PATH_5(a, ...) "" a "\0" PWASM__PATH_4(__VA_ARGS__)
#define PWASM__PATH_6(a, ...) "" a "\0" PWASM__PATH_5(__VA_ARGS__)
#define PWASM__PATH_7(a, ...) "" a "\0" PWASM__PATH_6(__VA_ARGS__)
#define PWASM__PATH_8(a, ...) "" a "\0" PWASM__PATH_7(__VA_ARGS__)

/* out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__property_get(const char *path, size_t path_len, PwasmStr *ret_value);
PwasmStatus pwasm__property_get_int64(const char *path, size_t path_len, int64_t *ret_value);
PwasmStatus pwasm__property_get_uint64(const char *path, size_t path_len, uint64_t *ret_value);
PwasmStatus pwasm__property_get_double(const char *path, size_t path_len, double *ret_value);
PwasmStatus pwasm__property_get_bool(const char *path, size_t path_len, bool *ret_value);
PwasmStatus pwasm__property_get_time(const char *path, size_t path_len, uint64_t *ret_time_ns);
PwasmStatus pwasm__property_get_duration(const char *path, size_t path_len,
                                         uint64_t *ret_duration_ns);
PwasmStatus pwasm__property_get_map(const char *path, size_t path_len, PwasmPairs *ret_pairs);
PwasmStatus pwasm__property_get_list(const char *path, size_t path_len, PwasmList *ret_list);
PwasmStatus pwasm__property_set(const char *path, size_t path_len, const char *value,
                                size_t value_len);
/** @endcond */

/** Makes the path of a property out of segments.
 *
 *  @param      arena         where the path goes
 *  @param      segments      borrowed for the call
 *  @param      num_segments  elements of @p segments
 *  @param[out] ret_path      the path; untouched on failure
 *  @lifetime{ret_path, until the arena is reset}
 *  @retval PWASM_STATUS_OK             joined
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the path is empty, or a segment has a NUL in it
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 */
PWASM_NODISCARD PwasmStatus pwasm_path_join(PwasmArena *arena, const PwasmStr *segments,
                                            size_t num_segments, PwasmStr *ret_path);

/** Reads a property as the host sends it.
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the bytes, which may be none; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get(PwasmStr path, PwasmStr *ret_value)
{
  return pwasm__property_get(path.data, path.len, ret_value);
}

/** Reads a property that is text.
 *
 *  The bytes are not looked at: what a peer sent may be no UTF-8.
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the text, which may be empty; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_string(PwasmStr path, PwasmStr *ret_value)
{
  return pwasm__property_get(path.data, path.len, ret_value);
}

/** Reads a property that is a message: serialized protobuf.
 *
 *  In Envoy its fields can be asked for one by one: `PWASM_PATH("xds", "node", "id")`.
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the bytes; none for a default message; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_message(PwasmStr path, PwasmStr *ret_value)
{
  return pwasm__property_get(path.data, path.len, ret_value);
}

/** Reads a property that is a signed integer: see pwasm_value_to_int64().
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no integer
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_int64(PwasmStr path, int64_t *ret_value)
{
  return pwasm__property_get_int64(path.data, path.len, ret_value);
}

/** Reads a property that is an unsigned integer: see pwasm_value_to_uint64().
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no unsigned integer
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_uint64(PwasmStr path, uint64_t *ret_value)
{
  return pwasm__property_get_uint64(path.data, path.len, ret_value);
}

/** Reads a property that is a double: see pwasm_value_to_double().
 *
 *  In Envoy that is every number of metadata, be it 1 or 1.5.
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the number; untouched on failure
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no number
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_double(PwasmStr path, double *ret_value)
{
  return pwasm__property_get_double(path.data, path.len, ret_value);
}

/** Reads a property that is a boolean: see pwasm_value_to_bool().
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_value  the boolean; untouched on failure
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no boolean
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_bool(PwasmStr path, bool *ret_value)
{
  return pwasm__property_get_bool(path.data, path.len, ret_value);
}

/** Reads a property that is a point in time: see pwasm_value_to_time().
 *
 *  @param      path         such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_time_ns  nanoseconds since 1970-01-01 UTC; untouched on failure
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no time
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_time(PwasmStr path, uint64_t *ret_time_ns)
{
  return pwasm__property_get_time(path.data, path.len, ret_time_ns);
}

/** Reads a property that is a duration: see pwasm_value_to_duration().
 *
 *  @param      path             such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_duration_ns  nanoseconds; untouched on failure
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no duration
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_duration(PwasmStr path, uint64_t *ret_duration_ns)
{
  return pwasm__property_get_duration(path.data, path.len, ret_duration_ns);
}

/** Reads a property that is a map: see pwasm_value_to_map().
 *
 *  @param      path       such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_pairs  keys and values; untouched on failure
 *  @lifetime{ret_pairs, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no map
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_map(PwasmStr path, PwasmPairs *ret_pairs)
{
  return pwasm__property_get_map(path.data, path.len, ret_pairs);
}

/** Reads a property that is a list: see pwasm_value_to_list().
 *
 *  @param      path      such as `PWASM_PATH("request", "path")`
 *  @param[out] ret_list  the elements; untouched on failure
 *  @lifetime{ret_list, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such property, or none now
 *  @retval PWASM_STATUS_TYPE_MISMATCH          it is no list
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form: null, or in Envoy the root of
 *                                              attributes (`request`); also an empty path
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed; ngx_wasm_module says so of a stream's
 *                                              property outside of streams
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p path has 4 GiB or more
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_get_list(PwasmStr path, PwasmList *ret_list)
{
  return pwasm__property_get_list(path.data, path.len, ret_list);
}

/** Sets a property of the current stream, for the plugins after this one, the access log, and itself.
 *
 *  Envoy puts `wasm.` before the path and makes it the name of a filter state of the stream:
 *  `PWASM_PATH("user")` is `%FILTER_STATE(wasm.user)%` in an access log. It is read back with the same
 *  path, by every plugin, if that has one segment; with more it can't be. A filter state that Envoy
 *  itself looks at is set with pwasm_envoy_filter_state_set(). ngx_wasm_module sets variables of nginx.
 *
 *  @param path   such as `PWASM_PATH("user")`
 *  @param value  borrowed for the call; may be empty
 *  @retval PWASM_STATUS_OK                set
 *  @retval PWASM_STATUS_NOT_FOUND         there is no stream, or, not in Envoy, no such property
 *  @retval PWASM_STATUS_BAD_ARGUMENT      it is read only
 *  @retval PWASM_STATUS_INTERNAL_FAILURE  the host failed; ngx_wasm_module: it is read only
 *  @retval PWASM_STATUS_TOO_LARGE         @p path or @p value has 4 GiB or more
 *  @hostcall{proxy_set_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_property_set(PwasmStr path, PwasmStr value)
{
  return pwasm__property_set(path.data, path.len, value.data, value.len);
}

PWASM_END_DECLS

#endif
