#ifndef PWASM_ENVOY_REQUEST_H
#define PWASM_ENVOY_REQUEST_H

/** @file
 *  @brief Envoy's attributes of the request.
 *
 *  What follows from headers is there while the request's headers are readable: in `on_request_headers`,
 *  while paused there, and in `on_log`. These are `path`, `url_path`, `query`, `host`, `scheme`, `method`,
 *  `referer`, `useragent`, `id` and `headers`; keep a copy of what is needed later.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** `request.path`: the path with its query.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_path(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "path"), ret_value);
}

/** `request.url_path`: the path without its query.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_url_path(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "url_path"), ret_value);
}

/** `request.query`: what follows the `?` of the path.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_query(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "query"), ret_value);
}

/** `request.host`: `:authority`, or HTTP/1's `Host`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_host(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "host"), ret_value);
}

/** `request.scheme`: `http` or `https`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_scheme(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "scheme"), ret_value);
}

/** `request.method`: `GET` …
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_method(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "method"), ret_value);
}

/** `request.referer`: the header of that name.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_referer(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "referer"), ret_value);
}

/** `request.useragent`: the header `user-agent`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_useragent(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "useragent"), ret_value);
}

/** `request.id`: the header `x-request-id`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_id(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "id"), ret_value);
}

/** `request.protocol`: `HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_protocol(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("request", "protocol"), ret_value);
}

/** `request.headers`: all headers.
 *
 *  @attribute{ret_pairs, names and values}
 *  @lifetime{ret_pairs, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_headers(PwasmPairs *ret_pairs)
{
  return pwasm_property_get_map(PWASM_PATH("request", "headers"), ret_pairs);
}

/** `request.time`: when its first byte arrived.
 *
 *  @attribute{ret_time_ns, nanoseconds since 1970-01-01 UTC}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_time(uint64_t *ret_time_ns)
{
  return pwasm_property_get_time(PWASM_PATH("request", "time"), ret_time_ns);
}

/** `request.duration`: how long the stream took; once it has ended.
 *
 *  @attribute{ret_duration_ns, nanoseconds}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_duration(uint64_t *ret_duration_ns)
{
  return pwasm_property_get_duration(PWASM_PATH("request", "duration"), ret_duration_ns);
}

/** `request.size`: bytes of the body; what `content-length` says, if it has one, until the end.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_size(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("request", "size"), ret_value);
}

/** `request.total_size`: bytes of headers, body and trailers.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_request_total_size(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("request", "total_size"), ret_value);
}

PWASM_END_DECLS

#endif
