#ifndef PWASM_ENVOY_FILTER_STATE_H
#define PWASM_ENVOY_FILTER_STATE_H

/** @file
 *  @brief Setting filter state, and declaring properties, in Envoy.
 *
 *  Filter state is how filters of Envoy talk to each other and to Envoy itself. Which keys Envoy looks
 *  at, and what their values are, is in Envoy's documentation as "well known filter state": that of
 *  `envoy.tcp_proxy.cluster` is the name of a cluster. Reading is in metadata.h.
 */

#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** How long filter state is kept. */
typedef enum PwasmEnvoySpan {
  PWASM_ENVOY_SPAN_FILTER_CHAIN = 0, /**< as long as the filter chain: one request in HTTP */
  PWASM_ENVOY_SPAN_REQUEST = 1,   /**< as long as the downstream request, internal redirects too */
  PWASM_ENVOY_SPAN_CONNECTION = 2 /**< as long as the downstream connection */
} PwasmEnvoySpan;

/** What a property set with pwasm_property_set() is to Envoy. */
typedef enum PwasmEnvoyType {
  PWASM_ENVOY_TYPE_BYTES = 0,        /**< bytes */
  PWASM_ENVOY_TYPE_STRING = 1,       /**< text */
  PWASM_ENVOY_TYPE_FLAT_BUFFERS = 2, /**< a FlatBuffers table; `schema` is its reflection schema */
  PWASM_ENVOY_TYPE_PROTOBUF = 3      /**< a message; `schema` is its type URL */
} PwasmEnvoyType;

/** A property that is yet to be set. */
typedef struct PwasmEnvoyDeclaration {
  PwasmStr name;       /**< its path, as pwasm_property_set() will get it */
  PwasmEnvoyType type; /**< what it is */
  PwasmStr schema;     /**< needed by some types */
  bool read_only;      /**< whether it can be set once only */
  PwasmEnvoySpan span; /**< how long it is kept */
} PwasmEnvoyDeclaration;

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__envoy_filter_state_set(const char *key, size_t key_len, const char *value,
                                          size_t value_len, PwasmEnvoySpan span);
/** @endcond */

/** Sets filter state of the current stream or connection that Envoy itself looks at.
 *
 *  For a stream's own callbacks. Envoy has to know the key; for keys of one's own there is
 *  pwasm_property_set().
 *
 *  What has been set with one @p span stays as it is when it is set with another: Envoy reports success, and a bug
 *  of its own in its log.
 *
 *  @param key    such as `envoy.tcp_proxy.cluster`
 *  @param value  as the key wants it, in text
 *  @param span   how long it is kept
 *  @retval PWASM_STATUS_OK             set
 *  @retval PWASM_STATUS_NOT_FOUND      there is no stream, Envoy does not know the key, or this host
 *                                      does not have the function
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the key does not take this value, or either is not UTF-8
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE      all together has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_filter_state_set(PwasmStr key, PwasmStr value, PwasmEnvoySpan span)
{
  return pwasm__envoy_filter_state_set(key.data, key.len, value.data, value.len, span);
}

/** Declares a property, before the first pwasm_property_set() of it: once, in `on_configure`.
 *
 *  What is not declared is bytes, can be set again, and is kept as long as the filter chain.
 *
 *  @param declaration  borrowed for the call
 *  @retval PWASM_STATUS_OK             declared
 *  @retval PWASM_STATUS_BAD_ARGUMENT   it was declared before, or its name is not UTF-8
 *  @retval PWASM_STATUS_NOT_FOUND      this host does not have the function
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE      all together has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD PwasmStatus pwasm_envoy_property_declare(const PwasmEnvoyDeclaration *declaration);

PWASM_END_DECLS

#endif
