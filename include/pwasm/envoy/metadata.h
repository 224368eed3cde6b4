#ifndef PWASM_ENVOY_METADATA_H
#define PWASM_ENVOY_METADATA_H

/** @file
 *  @brief What other filters of Envoy have said of a stream: dynamic metadata and filter state.
 */

#include <pwasm/property.h>

PWASM_BEGIN_DECLS

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__envoy_metadata_get(const char *filter, size_t filter_len, const char *key,
                                      size_t key_len, PwasmStr *ret_value);
PwasmStatus pwasm__envoy_filter_state_get(const char *root, size_t root_len, const char *key,
                                          size_t key_len, PwasmStr *ret_value);
/** @endcond */

/** Reads dynamic metadata: `metadata.filter_metadata`, below it the filter, below that the key.
 *
 *  Deeper ones are properties: `PWASM_PATH("metadata", "filter_metadata", "filter", "key", "field")`.
 *
 *  @param      filter     who has set it: `envoy.filters.http.lua`
 *  @param      key        which one
 *  @param[out] ret_value  a value of value.h: numbers are doubles; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is none
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it is null, or has null in it
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed
 *  @retval PWASM_STATUS_BAD_ARGUMENT           @p filter or @p key has a NUL in it
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_metadata_get(PwasmStr filter, PwasmStr key, PwasmStr *ret_value)
{
  return pwasm__envoy_metadata_get(filter.data, filter.len, key.data, key.len, ret_value);
}

/** Reads filter state of the stream or its connection: `filter_state`, below it the key.
 *
 *  @param      key        such as `envoy.tcp_proxy.cluster`; what plugins have set with
 *                         pwasm_property_set() begins with `wasm.`
 *  @param[out] ret_value  the bytes; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is none
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed
 *  @retval PWASM_STATUS_BAD_ARGUMENT           @p key has a NUL in it
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_filter_state_get(PwasmStr key, PwasmStr *ret_value)
{
  return pwasm__envoy_filter_state_get("filter_state", 12, key.data, key.len, ret_value);
}

/** Reads filter state of the connection to the upstream: `upstream_filter_state`, below it the key.
 *
 *  @param      key        which one
 *  @param[out] ret_value  the bytes; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     read
 *  @retval PWASM_STATUS_NOT_FOUND              there is none
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  it has no wire form
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       the host failed
 *  @retval PWASM_STATUS_BAD_ARGUMENT           @p key has a NUL in it
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @hostcall{proxy_get_property}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_upstream_filter_state_get(PwasmStr key, PwasmStr *ret_value)
{
  return pwasm__envoy_filter_state_get("upstream_filter_state", 21, key.data, key.len, ret_value);
}

PWASM_END_DECLS

#endif
