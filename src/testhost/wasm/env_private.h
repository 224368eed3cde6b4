#ifndef PWASM_TESTHOST_WASM_ENV_PRIVATE_H
#define PWASM_TESTHOST_WASM_ENV_PRIVATE_H

/* What modules may import from `env`: each function is `pwasm__env_` and the import's name, with the
 * instance as its first parameter. A module that imports anything else, or the same with other types, is
 * refused by the script that reads this file: it takes every uint32_t and int32_t for an i32, uint64_t and
 * int64_t for an i64. Pointers are offsets in the module's memory. */

#include "module_private.h"

/* Logging, time, identity. */
uint32_t pwasm__env_proxy_log(PwasmWasm *wasm, uint32_t level, uint32_t message,
                              uint32_t message_size);
uint32_t pwasm__env_proxy_get_log_level(PwasmWasm *wasm, uint32_t ret_level);
uint32_t pwasm__env_proxy_get_current_time_nanoseconds(PwasmWasm *wasm, uint32_t ret_time_ns);
uint32_t pwasm__env_proxy_get_status(PwasmWasm *wasm, uint32_t ret_code, uint32_t ret_message,
                                     uint32_t ret_message_size);

/* Contexts and streams. */
uint32_t pwasm__env_proxy_set_effective_context(PwasmWasm *wasm, uint32_t context_id);
uint32_t pwasm__env_proxy_done(PwasmWasm *wasm);
uint32_t pwasm__env_proxy_continue_stream(PwasmWasm *wasm, uint32_t stream_type);
uint32_t pwasm__env_proxy_close_stream(PwasmWasm *wasm, uint32_t stream_type);
uint32_t pwasm__env_proxy_send_local_response(PwasmWasm *wasm, uint32_t status_code,
                                              uint32_t details, uint32_t details_size,
                                              uint32_t body, uint32_t body_size, uint32_t headers,
                                              uint32_t headers_size, int32_t grpc_status);

/* Buffers. */
uint32_t pwasm__env_proxy_get_buffer_bytes(PwasmWasm *wasm, uint32_t buffer, uint32_t start,
                                           uint32_t max_size, uint32_t ret_bytes,
                                           uint32_t ret_size);
uint32_t pwasm__env_proxy_set_buffer_bytes(PwasmWasm *wasm, uint32_t buffer, uint32_t start,
                                           uint32_t size, uint32_t bytes, uint32_t bytes_size);

uint32_t pwasm__env_proxy_get_buffer_status(PwasmWasm *wasm, uint32_t buffer, uint32_t ret_size,
                                            uint32_t ret_flags);

/* Header maps. */
uint32_t pwasm__env_proxy_get_header_map_pairs(PwasmWasm *wasm, uint32_t map, uint32_t ret_pairs,
                                               uint32_t ret_size);
uint32_t pwasm__env_proxy_set_header_map_pairs(PwasmWasm *wasm, uint32_t map, uint32_t pairs,
                                               uint32_t size);
uint32_t pwasm__env_proxy_get_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                               uint32_t name_size, uint32_t ret_value,
                                               uint32_t ret_value_size);
uint32_t pwasm__env_proxy_add_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                               uint32_t name_size, uint32_t value,
                                               uint32_t value_size);
uint32_t pwasm__env_proxy_replace_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                                   uint32_t name_size, uint32_t value,
                                                   uint32_t value_size);
uint32_t pwasm__env_proxy_remove_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                                  uint32_t name_size);

uint32_t pwasm__env_proxy_get_header_map_size(PwasmWasm *wasm, uint32_t map, uint32_t ret_size);

/* Timers, metrics, properties, foreign functions. */
uint32_t pwasm__env_proxy_set_tick_period_milliseconds(PwasmWasm *wasm, uint32_t period_ms);
uint32_t pwasm__env_proxy_define_metric(PwasmWasm *wasm, uint32_t type, uint32_t name,
                                        uint32_t name_size, uint32_t ret_metric_id);
uint32_t pwasm__env_proxy_increment_metric(PwasmWasm *wasm, uint32_t metric_id, int64_t offset);
uint32_t pwasm__env_proxy_record_metric(PwasmWasm *wasm, uint32_t metric_id, uint64_t value);
uint32_t pwasm__env_proxy_get_metric(PwasmWasm *wasm, uint32_t metric_id, uint32_t ret_value);
uint32_t pwasm__env_proxy_get_property(PwasmWasm *wasm, uint32_t path, uint32_t path_size,
                                       uint32_t ret_value, uint32_t ret_value_size);
uint32_t pwasm__env_proxy_set_property(PwasmWasm *wasm, uint32_t path, uint32_t path_size,
                                       uint32_t value, uint32_t value_size);
uint32_t pwasm__env_proxy_call_foreign_function(PwasmWasm *wasm, uint32_t name, uint32_t name_size,
                                                uint32_t arguments, uint32_t arguments_size,
                                                uint32_t ret_results, uint32_t ret_results_size);

/* Shared data and queues. */
uint32_t pwasm__env_proxy_get_shared_data(PwasmWasm *wasm, uint32_t key, uint32_t key_size,
                                          uint32_t ret_value, uint32_t ret_value_size,
                                          uint32_t ret_cas);
uint32_t pwasm__env_proxy_set_shared_data(PwasmWasm *wasm, uint32_t key, uint32_t key_size,
                                          uint32_t value, uint32_t value_size, uint32_t cas);
uint32_t pwasm__env_proxy_register_shared_queue(PwasmWasm *wasm, uint32_t name, uint32_t name_size,
                                                uint32_t ret_queue_id);
uint32_t pwasm__env_proxy_resolve_shared_queue(PwasmWasm *wasm, uint32_t vm_id, uint32_t vm_id_size,
                                               uint32_t name, uint32_t name_size,
                                               uint32_t ret_queue_id);
uint32_t pwasm__env_proxy_enqueue_shared_queue(PwasmWasm *wasm, uint32_t queue_id, uint32_t value,
                                               uint32_t value_size);
uint32_t pwasm__env_proxy_dequeue_shared_queue(PwasmWasm *wasm, uint32_t queue_id,
                                               uint32_t ret_value, uint32_t ret_value_size);

/* Calls to other services. */
uint32_t pwasm__env_proxy_http_call(PwasmWasm *wasm, uint32_t upstream, uint32_t upstream_size,
                                    uint32_t headers, uint32_t headers_size, uint32_t body,
                                    uint32_t body_size, uint32_t trailers, uint32_t trailers_size,
                                    uint32_t timeout_ms, uint32_t ret_call_id);
uint32_t pwasm__env_proxy_grpc_call(PwasmWasm *wasm, uint32_t upstream, uint32_t upstream_size,
                                    uint32_t service, uint32_t service_size, uint32_t method,
                                    uint32_t method_size, uint32_t metadata, uint32_t metadata_size,
                                    uint32_t message, uint32_t message_size, uint32_t timeout_ms,
                                    uint32_t ret_call_id);
uint32_t pwasm__env_proxy_grpc_stream(PwasmWasm *wasm, uint32_t upstream, uint32_t upstream_size,
                                      uint32_t service, uint32_t service_size, uint32_t method,
                                      uint32_t method_size, uint32_t metadata,
                                      uint32_t metadata_size, uint32_t ret_stream_id);
uint32_t pwasm__env_proxy_grpc_send(PwasmWasm *wasm, uint32_t stream_id, uint32_t message,
                                    uint32_t message_size, uint32_t end_stream);
uint32_t pwasm__env_proxy_grpc_cancel(PwasmWasm *wasm, uint32_t call_id);
uint32_t pwasm__env_proxy_grpc_close(PwasmWasm *wasm, uint32_t stream_id);

/* Envoy's own. */
uint32_t pwasm__env_envoy_resolve_dns(PwasmWasm *wasm, uint32_t name, uint32_t name_size,
                                      uint32_t ret_token);

/* Of Proxy-Wasm 0.1.0 only. */
uint32_t pwasm__env_proxy_get_configuration(PwasmWasm *wasm, uint32_t ret_bytes, uint32_t ret_size);
uint32_t pwasm__env_proxy_continue_request(PwasmWasm *wasm);
uint32_t pwasm__env_proxy_continue_response(PwasmWasm *wasm);

#endif
