#ifndef PWASM_ENVOY_RESPONSE_H
#define PWASM_ENVOY_RESPONSE_H

/** @file
 *  @brief Envoy's attributes of the response.
 *
 *  They are there once there is a response; `headers` and `trailers` while these are readable, and in `on_log`.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** `response.code`: the HTTP status code.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_code(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("response", "code"), ret_value);
}

/** `response.code_details`: why it is this code: `via_upstream`, or the details of a local reply.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_code_details(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("response", "code_details"), ret_value);
}

/** `response.flags`: what went wrong, one bit for each `%RESPONSE_FLAGS%` of the access log.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_flags(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("response", "flags"), ret_value);
}

/** `response.grpc_status`: the gRPC status, from trailers, headers or the HTTP status.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_grpc_status(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("response", "grpc_status"), ret_value);
}

/** `response.headers`: all headers.
 *
 *  @attribute{ret_pairs, names and values}
 *  @lifetime{ret_pairs, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_headers(PwasmPairs *ret_pairs)
{
  return pwasm_property_get_map(PWASM_PATH("response", "headers"), ret_pairs);
}

/** `response.trailers`: all trailers.
 *
 *  @attribute{ret_pairs, names and values}
 *  @lifetime{ret_pairs, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_trailers(PwasmPairs *ret_pairs)
{
  return pwasm_property_get_map(PWASM_PATH("response", "trailers"), ret_pairs);
}

/** `response.size`: bytes of the body.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_size(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("response", "size"), ret_value);
}

/** `response.total_size`: bytes of headers, body and trailers.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_total_size(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("response", "total_size"), ret_value);
}

/** `response.backend_latency`: from the first byte sent to the upstream to the first one received.
 *
 *  @attribute{ret_duration_ns, nanoseconds}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_response_backend_latency(uint64_t *ret_duration_ns)
{
  return pwasm_property_get_duration(PWASM_PATH("response", "backend_latency"), ret_duration_ns);
}

PWASM_END_DECLS

#endif
