#ifndef PWASM_ENVOY_CONNECTION_H
#define PWASM_ENVOY_CONNECTION_H

/** @file
 *  @brief Envoy's attributes of the connection from downstream, and of its two ends.
 *
 *  Those of TLS are there on a connection with TLS only.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** `source.address`: the remote address, with its port: `192.0.2.1:1234`, `[2001:db8::1]:1234`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_source_address(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("source", "address"), ret_value);
}

/** `source.port`: the remote port.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_source_port(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("source", "port"), ret_value);
}

/** `destination.address`: the local address, with its port.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_destination_address(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("destination", "address"), ret_value);
}

/** `destination.port`: the local port.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_destination_port(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("destination", "port"), ret_value);
}

/** `connection.id`: Envoy's number of the connection.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_id(uint64_t *ret_value)
{
  return pwasm_property_get_uint64(PWASM_PATH("connection", "id"), ret_value);
}

/** `connection_id`: the same number, of Envoy's Wasm extension's own: while the connection is there.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_wasm_connection_id(uint64_t *ret_value)
{
  return pwasm_property_get_uint64(PWASM_PATH("connection_id"), ret_value);
}

/** `connection.mtls`: whether there is TLS with a certificate of the peer.
 *
 *  @attribute{ret_value, the answer}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_mtls(bool *ret_value)
{
  return pwasm_property_get_bool(PWASM_PATH("connection", "mtls"), ret_value);
}

/** `connection.requested_server_name`: the name that the peer asked for in TLS (SNI).
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_requested_server_name(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "requested_server_name"), ret_value);
}

/** `connection.tls_version`: the version of TLS, `TLSv1.3`.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_tls_version(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "tls_version"), ret_value);
}

/** `connection.subject_local_certificate`: the subject of Envoy's own certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_subject_local_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "subject_local_certificate"),
                                   ret_value);
}

/** `connection.subject_peer_certificate`: the subject of the peer's certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_subject_peer_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "subject_peer_certificate"), ret_value);
}

/** `connection.dns_san_local_certificate`: the first DNS name of Envoy's own certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_dns_san_local_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "dns_san_local_certificate"),
                                   ret_value);
}

/** `connection.dns_san_peer_certificate`: the first DNS name of the peer's certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_dns_san_peer_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "dns_san_peer_certificate"), ret_value);
}

/** `connection.uri_san_local_certificate`: the first URI of Envoy's own certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_uri_san_local_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "uri_san_local_certificate"),
                                   ret_value);
}

/** `connection.uri_san_peer_certificate`: the first URI of the peer's certificate.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_uri_san_peer_certificate(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "uri_san_peer_certificate"), ret_value);
}

/** `connection.sha256_peer_certificate_digest`: the SHA-256 digest of the peer's certificate, in hexadecimal.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_sha256_peer_certificate_digest(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "sha256_peer_certificate_digest"),
                                   ret_value);
}

/** `connection.termination_details`: why Envoy closed the connection.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_termination_details(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "termination_details"), ret_value);
}

/** `connection.transport_failure_reason`: why TLS failed.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_connection_transport_failure_reason(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("connection", "transport_failure_reason"), ret_value);
}

PWASM_END_DECLS

#endif
