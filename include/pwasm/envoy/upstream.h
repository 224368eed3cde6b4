#ifndef PWASM_ENVOY_UPSTREAM_H
#define PWASM_ENVOY_UPSTREAM_H

/** @file
 *  @brief Envoy's attributes of the connection to the upstream.
 *
 *  They are there once an upstream was chosen; those of TLS on a connection with TLS only.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** `upstream.address`: the upstream's address, with its port.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_address(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "address"), ret_value);
}

/** `upstream.port`: the upstream's port.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_port(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("upstream", "port"), ret_value);
}

/** `upstream.local_address`: the local address, with its port.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_local_address(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "local_address"), ret_value);
}

/** `upstream.tls_version`: the version of TLS, `TLSv1.3`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_tls_version(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "tls_version"), ret_value);
}

/** `upstream.subject_local_certificate`: the subject of Envoy's own certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_subject_local_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "subject_local_certificate"), ret_value);
}

/** `upstream.subject_peer_certificate`: the subject of the peer's certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_subject_peer_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "subject_peer_certificate"), ret_value);
}

/** `upstream.dns_san_local_certificate`: the first DNS name of Envoy's own certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_dns_san_local_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "dns_san_local_certificate"), ret_value);
}

/** `upstream.dns_san_peer_certificate`: the first DNS name of the peer's certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_dns_san_peer_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "dns_san_peer_certificate"), ret_value);
}

/** `upstream.uri_san_local_certificate`: the first URI of Envoy's own certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_uri_san_local_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "uri_san_local_certificate"), ret_value);
}

/** `upstream.uri_san_peer_certificate`: the first URI of the peer's certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_uri_san_peer_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "uri_san_peer_certificate"), ret_value);
}

/** `upstream.sha256_peer_certificate_digest`: the SHA-256 digest of the peer's certificate, in hexadecimal.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_sha256_peer_certificate_digest(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "sha256_peer_certificate_digest"),
                                   ret_value);
}

/** `upstream.transport_failure_reason`: why TLS failed.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_transport_failure_reason(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("upstream", "transport_failure_reason"), ret_value);
}

/** `upstream.locality`: the upstream's `envoy.config.core.v3.Locality`.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_locality(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("upstream", "locality"), ret_message);
}

/** `upstream.request_attempt_count`: how often the request was sent, the first time included.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_request_attempt_count(uint64_t *ret_value)
{
  return pwasm_property_get_uint64(PWASM_PATH("upstream", "request_attempt_count"), ret_value);
}

/** `upstream.cx_pool_ready_duration`: how long the request waited for a connection.
 *
 *  @attribute{ret_duration_ns, nanoseconds}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_cx_pool_ready_duration(uint64_t *ret_duration_ns)
{
  return pwasm_property_get_duration(PWASM_PATH("upstream", "cx_pool_ready_duration"),
                                     ret_duration_ns);
}

PWASM_END_DECLS

#endif
