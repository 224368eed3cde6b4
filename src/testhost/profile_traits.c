#include "profile_private.h"

#define CALL(name, support) .hostcalls[PWASM_HOSTCALL_proxy_##name] = PWASM_HOST_##support
#define TRAPS_MISTAKES(name) .traps_mistakes[PWASM_HOSTCALL_proxy_##name] = true
#define LACKS(name) .lacks[PWASM_HOST_CALLBACK_##name] = true

const PwasmHostTraits pwasm__traits_envoy = {
  .profile = PWASM_HOST_PROFILE_ENVOY,
  .name = "envoy",
};

const PwasmHostTraits pwasm__traits_envoy_stop_iteration = {
  .profile = PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION,
  .name = "envoy_stop_iteration",
  .stops_iteration = true,
};

/* What no host but Envoy calls or has. */
#define LACKS_WHAT_ENVOY_HAS                                                                       \
  LACKS(on_request_trailers), LACKS(on_response_trailers), LACKS(on_request_metadata),             \
    LACKS(on_response_metadata), LACKS(on_new_connection), LACKS(on_downstream_data),              \
    LACKS(on_downstream_connection_close), LACKS(on_upstream_data),                                \
    LACKS(on_upstream_connection_close), LACKS(on_grpc_receive_initial_metadata),                  \
    LACKS(on_grpc_receive), LACKS(on_grpc_receive_trailing_metadata), LACKS(on_grpc_close),        \
    LACKS(on_queue_ready), LACKS(on_resolve_dns), LACKS(on_stats_update),                          \
    CALL(get_buffer_status, IS_ABSENT), CALL(get_header_map_size, IS_ABSENT),                      \
    .hostcalls[PWASM_HOSTCALL_envoy_resolve_dns] = PWASM_HOST_IS_ABSENT

const PwasmHostTraits pwasm__traits_ngx_wasm_module = {
  .profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE,
  .name = "ngx_wasm_module",
  CALL(get_log_level, IS_ABSENT),
  CALL(set_effective_context, DOES_NOTHING),
  CALL(done, TRAPS),
  CALL(get_status, TRAPS),
  CALL(close_stream, TRAPS),
  CALL(resolve_shared_queue, TRAPS),
  CALL(grpc_call, TRAPS),
  CALL(grpc_stream, TRAPS),
  CALL(grpc_send, TRAPS),
  CALL(grpc_cancel, TRAPS),
  CALL(grpc_close, TRAPS),
  TRAPS_MISTAKES(get_buffer_bytes),
  TRAPS_MISTAKES(set_buffer_bytes),
  TRAPS_MISTAKES(set_header_map_pairs),
  TRAPS_MISTAKES(add_header_map_value),
  TRAPS_MISTAKES(replace_header_map_value),
  TRAPS_MISTAKES(remove_header_map_value),
  TRAPS_MISTAKES(http_call),
  TRAPS_MISTAKES(increment_metric),
  TRAPS_MISTAKES(record_metric),
  TRAPS_MISTAKES(get_metric),
  TRAPS_MISTAKES(enqueue_shared_queue),
  TRAPS_MISTAKES(dequeue_shared_queue),
  LACKS_WHAT_ENVOY_HAS,
  .end_flag = PWASM_HOST_END_IS_FALSE,
  .logs_after_done = true,
  .collects_requests = true,
  .has_text_properties = true,
  .has_large_plugin_ids = true,
  .counts_calls_from_0 = true,
  .is_request_bound = true,
  .always_compares_cas = true,
  .starts_first_vm_only = true,
  .forgets_plugins = true,
};

const PwasmHostTraits pwasm__traits_apisix = {
  .profile = PWASM_HOST_PROFILE_APISIX,
  .name = "apisix",
  CALL(get_log_level, IS_ABSENT),
  CALL(get_metric, IS_ABSENT),
  CALL(get_current_time_nanoseconds, UNIMPLEMENTED),
  CALL(set_tick_period_milliseconds, UNIMPLEMENTED),
  CALL(set_effective_context, DOES_NOTHING),
  CALL(continue_stream, DOES_NOTHING),
  CALL(close_stream, DOES_NOTHING),
  CALL(done, UNIMPLEMENTED),
  CALL(get_status, UNIMPLEMENTED),
  CALL(set_buffer_bytes, UNIMPLEMENTED),
  CALL(set_header_map_pairs, UNIMPLEMENTED),
  CALL(grpc_call, UNIMPLEMENTED),
  CALL(grpc_stream, UNIMPLEMENTED),
  CALL(grpc_send, UNIMPLEMENTED),
  CALL(grpc_cancel, UNIMPLEMENTED),
  CALL(grpc_close, UNIMPLEMENTED),
  CALL(get_shared_data, UNIMPLEMENTED),
  CALL(set_shared_data, UNIMPLEMENTED),
  CALL(register_shared_queue, UNIMPLEMENTED),
  CALL(resolve_shared_queue, UNIMPLEMENTED),
  CALL(enqueue_shared_queue, UNIMPLEMENTED),
  CALL(dequeue_shared_queue, UNIMPLEMENTED),
  CALL(define_metric, DOES_NOTHING),
  CALL(increment_metric, DOES_NOTHING),
  CALL(record_metric, DOES_NOTHING),
  CALL(call_foreign_function, UNIMPLEMENTED),
  LACKS_WHAT_ENVOY_HAS,
  LACKS(on_vm_start),
  LACKS(on_tick),
  LACKS(on_log),
  LACKS(on_foreign_function),
  .end_flag = PWASM_HOST_END_IS_TRUE,
  .hides_num_headers = true,
  .collects_requests = true,
  .has_text_properties = true,
  .is_request_bound = true,
};
