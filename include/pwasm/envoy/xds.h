#ifndef PWASM_ENVOY_XDS_H
#define PWASM_ENVOY_XDS_H

/** @file
 *  @brief Envoy's attributes of its own configuration: node, cluster, route, listener.
 *
 *  Since Envoy 1.33 they are here only; older ones had some at the top (`cluster_name`). A field of a message is
 *  a property too: `PWASM_PATH("xds", "node", "id")`,
 *  `PWASM_PATH("xds", "route_metadata", "filter_metadata", "envoy.filters.http.wasm", "auth")`.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** Where a listener's traffic comes from. */
typedef enum PwasmEnvoyDirection {
  PWASM_ENVOY_DIRECTION_UNSPECIFIED = 0, /**< the configuration does not say */
  PWASM_ENVOY_DIRECTION_INBOUND = 1,     /**< to the service beside Envoy */
  PWASM_ENVOY_DIRECTION_OUTBOUND = 2     /**< from the service beside Envoy */
} PwasmEnvoyDirection;

/** `xds.node`: Envoy's `envoy.config.core.v3.Node`.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_node(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "node"), ret_message);
}

/** `xds.cluster_name`: the upstream's cluster.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_cluster_name(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("xds", "cluster_name"), ret_value);
}

/** `xds.cluster_metadata`: the `envoy.config.core.v3.Metadata` of that cluster.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_cluster_metadata(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "cluster_metadata"), ret_message);
}

/** `xds.route_name`: the name of the route.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_route_name(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("xds", "route_name"), ret_value);
}

/** `xds.route_metadata`: the `envoy.config.core.v3.Metadata` of the route.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_route_metadata(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "route_metadata"), ret_message);
}

/** `xds.virtual_host_name`: the name of the virtual host.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_virtual_host_name(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("xds", "virtual_host_name"), ret_value);
}

/** `xds.virtual_host_metadata`: the `envoy.config.core.v3.Metadata` of the virtual host.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_virtual_host_metadata(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "virtual_host_metadata"), ret_message);
}

/** `xds.upstream_host_metadata`: the `envoy.config.core.v3.Metadata` of the upstream host.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_upstream_host_metadata(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "upstream_host_metadata"), ret_message);
}

/** `xds.upstream_host_locality_metadata`: the `envoy.config.core.v3.Metadata` of the locality of the upstream host.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  the locality has none
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_upstream_host_locality_metadata(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "upstream_host_locality_metadata"),
                                    ret_message);
}

/** `xds.filter_chain_name`: the name of the filter chain.
 *
 *  @attribute_bytes{ret_value, the text\, which may be empty}
 *  @lifetime{ret_value, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_filter_chain_name(PwasmStr *ret_value)
{
  return pwasm_property_get_string(PWASM_PATH("xds", "filter_chain_name"), ret_value);
}

/** `xds.listener_metadata`: the `envoy.config.core.v3.Metadata` of the listener.
 *
 *  @attribute_bytes{ret_message, serialized protobuf}
 *  @lifetime{ret_message, until the outermost callback returns}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_listener_metadata(PwasmStr *ret_message)
{
  return pwasm_property_get_message(PWASM_PATH("xds", "listener_metadata"), ret_message);
}

/** `xds.listener_direction`: a @ref PwasmEnvoyDirection.
 *
 *  @attribute{ret_value, the number}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_xds_listener_direction(int64_t *ret_value)
{
  return pwasm_property_get_int64(PWASM_PATH("xds", "listener_direction"), ret_value);
}

PWASM_END_DECLS

#endif
