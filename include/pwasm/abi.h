#ifndef PWASM_ABI_H
#define PWASM_ABI_H

/** @file
 *  @brief The raw calls of Proxy-Wasm: the seam to the host.
 *
 *  Plugins use the typed layer instead; this is the escape hatch. In wasm these are imports of the
 *  module `env`, each only if something calls it. Natively they are ordinary functions, which
 *  whoever hosts the plugin defines: `pwasm::testhost`, or a program of yours.
 *
 *  Ids, numbers and lengths are 32 bits wide, pointers are real pointers. All calls return a status
 *  as a number (@ref PwasmStatus below 256). What a call returns through a `char **` lies in memory
 *  that the host got from proxy_on_memory_allocate().
 */

#include <pwasm/base.h>

PWASM_BEGIN_DECLS

/** @cond private */
#ifdef __wasm__
#define PWASM_IMPORT(name) __attribute__((import_module("env"), import_name(#name))) extern
#define PWASM_EXPORT(name) __attribute__((export_name(#name))) extern
#else
#define PWASM_IMPORT(name) extern
#define PWASM_EXPORT(name) extern
#endif

/* Logging, time, identity. */
PWASM_IMPORT(proxy_log)
uint32_t proxy_log(uint32_t level, const char *message, uint32_t message_size);
PWASM_IMPORT(proxy_get_log_level)
uint32_t proxy_get_log_level(uint32_t *ret_level);
PWASM_IMPORT(proxy_get_current_time_nanoseconds)
uint32_t proxy_get_current_time_nanoseconds(uint64_t *ret_time_ns);
PWASM_IMPORT(proxy_get_status)
uint32_t proxy_get_status(uint32_t *ret_code, char **ret_message, uint32_t *ret_message_size);

/* Contexts and streams. */
PWASM_IMPORT(proxy_set_effective_context)
uint32_t proxy_set_effective_context(uint32_t context_id);
PWASM_IMPORT(proxy_done)
uint32_t proxy_done(void);
PWASM_IMPORT(proxy_continue_stream)
uint32_t proxy_continue_stream(uint32_t stream_type);
PWASM_IMPORT(proxy_close_stream)
uint32_t proxy_close_stream(uint32_t stream_type);
PWASM_IMPORT(proxy_send_local_response)
uint32_t proxy_send_local_response(uint32_t status_code, const char *details, uint32_t details_size,
                                   const char *body, uint32_t body_size, const char *headers,
                                   uint32_t headers_size, int32_t grpc_status);

/* Buffers. */
PWASM_IMPORT(proxy_get_buffer_bytes)
uint32_t proxy_get_buffer_bytes(uint32_t buffer, uint32_t start, uint32_t max_size,
                                char **ret_bytes, uint32_t *ret_size);
PWASM_IMPORT(proxy_set_buffer_bytes)
uint32_t proxy_set_buffer_bytes(uint32_t buffer, uint32_t start, uint32_t size, const char *bytes,
                                uint32_t bytes_size);

/* Header maps. */
PWASM_IMPORT(proxy_get_header_map_pairs)
uint32_t proxy_get_header_map_pairs(uint32_t map, char **ret_pairs, uint32_t *ret_size);
PWASM_IMPORT(proxy_set_header_map_pairs)
uint32_t proxy_set_header_map_pairs(uint32_t map, const char *pairs, uint32_t size);
PWASM_IMPORT(proxy_get_header_map_value)
uint32_t proxy_get_header_map_value(uint32_t map, const char *name, uint32_t name_size,
                                    char **ret_value, uint32_t *ret_value_size);
PWASM_IMPORT(proxy_add_header_map_value)
uint32_t proxy_add_header_map_value(uint32_t map, const char *name, uint32_t name_size,
                                    const char *value, uint32_t value_size);
PWASM_IMPORT(proxy_replace_header_map_value)
uint32_t proxy_replace_header_map_value(uint32_t map, const char *name, uint32_t name_size,
                                        const char *value, uint32_t value_size);
PWASM_IMPORT(proxy_remove_header_map_value)
uint32_t proxy_remove_header_map_value(uint32_t map, const char *name, uint32_t name_size);

PWASM_IMPORT(proxy_get_header_map_size)
uint32_t proxy_get_header_map_size(uint32_t map, uint32_t *ret_size);
PWASM_IMPORT(proxy_get_buffer_status)
uint32_t proxy_get_buffer_status(uint32_t buffer, uint32_t *ret_size, uint32_t *ret_flags);

/* Timers, metrics, properties, foreign functions. */
PWASM_IMPORT(proxy_set_tick_period_milliseconds)
uint32_t proxy_set_tick_period_milliseconds(uint32_t period_ms);
PWASM_IMPORT(proxy_define_metric)
uint32_t proxy_define_metric(uint32_t type, const char *name, uint32_t name_size,
                             uint32_t *ret_metric_id);
PWASM_IMPORT(proxy_increment_metric)
uint32_t proxy_increment_metric(uint32_t metric_id, int64_t offset);
PWASM_IMPORT(proxy_record_metric)
uint32_t proxy_record_metric(uint32_t metric_id, uint64_t value);
PWASM_IMPORT(proxy_get_metric)
uint32_t proxy_get_metric(uint32_t metric_id, uint64_t *ret_value);
PWASM_IMPORT(proxy_get_property)
uint32_t proxy_get_property(const char *path, uint32_t path_size, char **ret_value,
                            uint32_t *ret_value_size);
PWASM_IMPORT(proxy_set_property)
uint32_t proxy_set_property(const char *path, uint32_t path_size, const char *value,
                            uint32_t value_size);
PWASM_IMPORT(proxy_call_foreign_function)
uint32_t proxy_call_foreign_function(const char *name, uint32_t name_size, const char *arguments,
                                     uint32_t arguments_size, char **ret_results,
                                     uint32_t *ret_results_size);

/* Shared data and queues. */
PWASM_IMPORT(proxy_get_shared_data)
uint32_t proxy_get_shared_data(const char *key, uint32_t key_size, char **ret_value,
                               uint32_t *ret_value_size, uint32_t *ret_cas);
PWASM_IMPORT(proxy_set_shared_data)
uint32_t proxy_set_shared_data(const char *key, uint32_t key_size, const char *value,
                               uint32_t value_size, uint32_t cas);
PWASM_IMPORT(proxy_register_shared_queue)
uint32_t proxy_register_shared_queue(const char *name, uint32_t name_size, uint32_t *ret_queue_id);
PWASM_IMPORT(proxy_resolve_shared_queue)
uint32_t proxy_resolve_shared_queue(const char *vm_id, uint32_t vm_id_size, const char *name,
                                    uint32_t name_size, uint32_t *ret_queue_id);
PWASM_IMPORT(proxy_enqueue_shared_queue)
uint32_t proxy_enqueue_shared_queue(uint32_t queue_id, const char *value, uint32_t value_size);
PWASM_IMPORT(proxy_dequeue_shared_queue)
uint32_t proxy_dequeue_shared_queue(uint32_t queue_id, char **ret_value, uint32_t *ret_value_size);

/* Calls to other services. */
PWASM_IMPORT(proxy_http_call)
uint32_t proxy_http_call(const char *upstream, uint32_t upstream_size, const char *headers,
                         uint32_t headers_size, const char *body, uint32_t body_size,
                         const char *trailers, uint32_t trailers_size, uint32_t timeout_ms,
                         uint32_t *ret_call_id);
PWASM_IMPORT(proxy_grpc_call)
uint32_t proxy_grpc_call(const char *upstream, uint32_t upstream_size, const char *service,
                         uint32_t service_size, const char *method, uint32_t method_size,
                         const char *metadata, uint32_t metadata_size, const char *message,
                         uint32_t message_size, uint32_t timeout_ms, uint32_t *ret_call_id);
PWASM_IMPORT(proxy_grpc_stream)
uint32_t proxy_grpc_stream(const char *upstream, uint32_t upstream_size, const char *service,
                           uint32_t service_size, const char *method, uint32_t method_size,
                           const char *metadata, uint32_t metadata_size, uint32_t *ret_stream_id);
PWASM_IMPORT(proxy_grpc_send)
uint32_t proxy_grpc_send(uint32_t stream_id, const char *message, uint32_t message_size,
                         uint32_t end_stream);
PWASM_IMPORT(proxy_grpc_cancel)
uint32_t proxy_grpc_cancel(uint32_t call_id);
PWASM_IMPORT(proxy_grpc_close)
uint32_t proxy_grpc_close(uint32_t stream_id);

/* Envoy's own. */
PWASM_IMPORT(envoy_resolve_dns)
uint32_t envoy_resolve_dns(const char *name, uint32_t name_size, uint32_t *ret_token);

/* The callbacks that the SDK defines and the host calls. Which of them are there depends on what
 * the plugin overrides: a native host declares those that may be absent weak. */
PWASM_EXPORT(proxy_abi_version_0_1_0)
void proxy_abi_version_0_1_0(void);
PWASM_EXPORT(proxy_abi_version_0_2_0)
void proxy_abi_version_0_2_0(void);
PWASM_EXPORT(proxy_abi_version_0_2_1)
void proxy_abi_version_0_2_1(void);
PWASM_EXPORT(proxy_on_memory_allocate)
void *proxy_on_memory_allocate(uint32_t size);
PWASM_EXPORT(proxy_on_context_create)
void proxy_on_context_create(uint32_t context_id, uint32_t parent_id);
PWASM_EXPORT(proxy_on_vm_start)
uint32_t proxy_on_vm_start(uint32_t plugin_id, uint32_t configuration_size);
PWASM_EXPORT(proxy_on_configure)
uint32_t proxy_on_configure(uint32_t plugin_id, uint32_t configuration_size);
PWASM_EXPORT(proxy_on_done)
uint32_t proxy_on_done(uint32_t context_id);
PWASM_EXPORT(proxy_on_log)
void proxy_on_log(uint32_t context_id);
PWASM_EXPORT(proxy_on_delete)
void proxy_on_delete(uint32_t context_id);
PWASM_EXPORT(proxy_on_request_headers)
uint32_t proxy_on_request_headers(uint32_t context_id, uint32_t num_headers,
                                  uint32_t end_of_stream);
PWASM_EXPORT(proxy_on_request_body)
uint32_t proxy_on_request_body(uint32_t context_id, uint32_t body_size, uint32_t end_of_stream);
PWASM_EXPORT(proxy_on_request_trailers)
uint32_t proxy_on_request_trailers(uint32_t context_id, uint32_t num_trailers);
PWASM_EXPORT(proxy_on_request_metadata)
uint32_t proxy_on_request_metadata(uint32_t context_id, uint32_t num_elements);
PWASM_EXPORT(proxy_on_response_headers)
uint32_t proxy_on_response_headers(uint32_t context_id, uint32_t num_headers,
                                   uint32_t end_of_stream);
PWASM_EXPORT(proxy_on_response_body)
uint32_t proxy_on_response_body(uint32_t context_id, uint32_t body_size, uint32_t end_of_stream);
PWASM_EXPORT(proxy_on_response_trailers)
uint32_t proxy_on_response_trailers(uint32_t context_id, uint32_t num_trailers);
PWASM_EXPORT(proxy_on_response_metadata)
uint32_t proxy_on_response_metadata(uint32_t context_id, uint32_t num_elements);
PWASM_EXPORT(proxy_on_new_connection)
uint32_t proxy_on_new_connection(uint32_t context_id);
PWASM_EXPORT(proxy_on_downstream_data)
uint32_t proxy_on_downstream_data(uint32_t context_id, uint32_t data_size, uint32_t end_of_stream);
PWASM_EXPORT(proxy_on_downstream_connection_close)
void proxy_on_downstream_connection_close(uint32_t context_id, uint32_t peer);
PWASM_EXPORT(proxy_on_upstream_data)
uint32_t proxy_on_upstream_data(uint32_t context_id, uint32_t data_size, uint32_t end_of_stream);
PWASM_EXPORT(proxy_on_upstream_connection_close)
void proxy_on_upstream_connection_close(uint32_t context_id, uint32_t peer);
PWASM_EXPORT(proxy_on_tick)
void proxy_on_tick(uint32_t plugin_id);
PWASM_EXPORT(proxy_on_queue_ready)
void proxy_on_queue_ready(uint32_t plugin_id, uint32_t queue_id);
PWASM_EXPORT(proxy_on_foreign_function)
void proxy_on_foreign_function(uint32_t context_id, uint32_t function_id, uint32_t arguments_size);
PWASM_EXPORT(proxy_on_http_call_response)
void proxy_on_http_call_response(uint32_t context_id, uint32_t call_id, uint32_t num_headers,
                                 uint32_t body_size, uint32_t num_trailers);
PWASM_EXPORT(proxy_on_grpc_receive_initial_metadata)
void proxy_on_grpc_receive_initial_metadata(uint32_t context_id, uint32_t call_id,
                                            uint32_t num_elements);
PWASM_EXPORT(proxy_on_grpc_receive)
void proxy_on_grpc_receive(uint32_t context_id, uint32_t call_id, uint32_t message_size);
PWASM_EXPORT(proxy_on_grpc_receive_trailing_metadata)
void proxy_on_grpc_receive_trailing_metadata(uint32_t context_id, uint32_t call_id,
                                             uint32_t num_elements);
PWASM_EXPORT(proxy_on_grpc_close)
void proxy_on_grpc_close(uint32_t context_id, uint32_t call_id, uint32_t grpc_status);
PWASM_EXPORT(envoy_on_resolve_dns)
void envoy_on_resolve_dns(uint32_t plugin_id, uint32_t token, uint32_t result_size);
PWASM_EXPORT(envoy_on_stats_update)
void envoy_on_stats_update(uint32_t plugin_id, uint32_t stats_size);
/** @endcond */

PWASM_END_DECLS

#endif
