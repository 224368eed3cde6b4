/* All hostcalls; one that is missing does not link. */

#include "chaos_host.h"

/* A hostcall that gets some bytes and returns a status alone. */
static uint32_t
take(const char *a, uint32_t a_size, const char *b, uint32_t b_size)
{
  chaos_hostcall();
  chaos_read(a, a_size);
  chaos_read(b, b_size);
  return chaos_status();
}

static uint32_t
take_effective(const char *a, uint32_t a_size, const char *b, uint32_t b_size)
{
  chaos_effective_hostcall();
  chaos_read(a, a_size);
  chaos_read(b, b_size);
  return chaos_status();
}

/* One that gets some bytes and returns others. */
static uint32_t
exchange(const char *a, uint32_t a_size, const char *b, uint32_t b_size, char **ret_bytes,
         uint32_t *ret_size)
{
  chaos_hostcall();
  chaos_read(a, a_size);
  chaos_read(b, b_size);
  return chaos_return_bytes(ret_bytes, ret_size);
}

/* One that gets some bytes and returns a number. */
static uint32_t
resolve(const char *a, uint32_t a_size, const char *b, uint32_t b_size, uint32_t *ret_id)
{
  chaos_hostcall();
  chaos_read(a, a_size);
  chaos_read(b, b_size);
  return chaos_return_u32(ret_id);
}

uint32_t
proxy_log(uint32_t level, const char *message, uint32_t message_size)
{
  FUZZ_CHECK(level <= 5);
  /* Also before a callback has begun: of a context that does not exist. */
  chaos_call_back();
  chaos_read(message, message_size);
  return chaos_status();
}

uint32_t
proxy_get_log_level(uint32_t *ret_level)
{
  chaos_hostcall();
  return chaos_return_u32(ret_level);
}

uint32_t
proxy_get_current_time_nanoseconds(uint64_t *ret_time_ns)
{
  chaos_hostcall();
  return chaos_return_u64(ret_time_ns);
}

uint32_t
proxy_get_status(uint32_t *ret_code, char **ret_message, uint32_t *ret_message_size)
{
  chaos_hostcall();
  *ret_code = chaos_id();
  return chaos_return_bytes(ret_message, ret_message_size);
}

/* 0 is whom the host has called. */
uint32_t
proxy_set_effective_context(uint32_t context_id)
{
  uint32_t status;

  /* Of a restoration to a context that is gone the SDK can't know what became. */
  if (context_id == 0 && chaos.has_refused_last)
    chaos.is_effective_unknown = true;
  chaos_hostcall();
  status = chaos_status();
  chaos.has_refused_last = status != PWASM_STATUS_OK;
  chaos.num_refusals += chaos.has_refused_last;
  if (status == PWASM_STATUS_OK)
    chaos.effective = context_id == 0 ? chaos.called : context_id;
  return status;
}

uint32_t
proxy_done(void)
{
  return take_effective(NULL, 0, NULL, 0);
}

uint32_t
proxy_continue_stream(uint32_t stream_type)
{
  FUZZ_CHECK(stream_type <= 3);
  return take_effective(NULL, 0, NULL, 0);
}

uint32_t
proxy_close_stream(uint32_t stream_type)
{
  FUZZ_CHECK(stream_type <= 3);
  return take_effective(NULL, 0, NULL, 0);
}

uint32_t
proxy_send_local_response(uint32_t status_code, const char *details, uint32_t details_size,
                          const char *body, uint32_t body_size, const char *headers,
                          uint32_t headers_size, int32_t grpc_status)
{
  (void)grpc_status;
  FUZZ_CHECK(status_code >= 200 && status_code <= 599);
  chaos_read(headers, headers_size);
  return take_effective(details, details_size, body, body_size);
}

uint32_t
proxy_get_buffer_bytes(uint32_t buffer, uint32_t start, uint32_t max_size, char **ret_bytes,
                       uint32_t *ret_size)
{
  (void)buffer;
  FUZZ_CHECK(max_size <= UINT32_MAX - start);
  return exchange(NULL, 0, NULL, 0, ret_bytes, ret_size);
}

uint32_t
proxy_set_buffer_bytes(uint32_t buffer, uint32_t start, uint32_t size, const char *bytes,
                       uint32_t bytes_size)
{
  (void)buffer;
  (void)start;
  (void)size;
  return take(bytes, bytes_size, NULL, 0);
}

uint32_t
proxy_get_header_map_pairs(uint32_t map, char **ret_pairs, uint32_t *ret_size)
{
  (void)map;
  return exchange(NULL, 0, NULL, 0, ret_pairs, ret_size);
}

uint32_t
proxy_set_header_map_pairs(uint32_t map, const char *pairs, uint32_t size)
{
  (void)map;
  return take(pairs, size, NULL, 0);
}

uint32_t
proxy_get_header_map_value(uint32_t map, const char *name, uint32_t name_size, char **ret_value,
                           uint32_t *ret_value_size)
{
  (void)map;
  return exchange(name, name_size, NULL, 0, ret_value, ret_value_size);
}

uint32_t
proxy_add_header_map_value(uint32_t map, const char *name, uint32_t name_size, const char *value,
                           uint32_t value_size)
{
  (void)map;
  return take(name, name_size, value, value_size);
}

uint32_t
proxy_replace_header_map_value(uint32_t map, const char *name, uint32_t name_size,
                               const char *value, uint32_t value_size)
{
  (void)map;
  return take(name, name_size, value, value_size);
}

uint32_t
proxy_remove_header_map_value(uint32_t map, const char *name, uint32_t name_size)
{
  (void)map;
  return take(name, name_size, NULL, 0);
}

uint32_t
proxy_get_header_map_size(uint32_t map, uint32_t *ret_size)
{
  (void)map;
  return resolve(NULL, 0, NULL, 0, ret_size);
}

uint32_t
proxy_get_buffer_status(uint32_t buffer, uint32_t *ret_size, uint32_t *ret_flags)
{
  (void)buffer;
  *ret_flags = fuzz_u32(&chaos.input);
  return resolve(NULL, 0, NULL, 0, ret_size);
}

uint32_t
proxy_set_tick_period_milliseconds(uint32_t period_ms)
{
  (void)period_ms;
  return take_effective(NULL, 0, NULL, 0);
}

uint32_t
proxy_define_metric(uint32_t type, const char *name, uint32_t name_size, uint32_t *ret_metric_id)
{
  FUZZ_CHECK(type <= 2);
  return resolve(name, name_size, NULL, 0, ret_metric_id);
}

uint32_t
proxy_increment_metric(uint32_t metric_id, int64_t offset)
{
  (void)metric_id;
  (void)offset;
  return take(NULL, 0, NULL, 0);
}

uint32_t
proxy_record_metric(uint32_t metric_id, uint64_t value)
{
  (void)metric_id;
  (void)value;
  return take(NULL, 0, NULL, 0);
}

uint32_t
proxy_get_metric(uint32_t metric_id, uint64_t *ret_value)
{
  (void)metric_id;
  FUZZ_CHECK((uintptr_t)ret_value % 8 == 0);
  chaos_hostcall();
  return chaos_return_u64(ret_value);
}

uint32_t
proxy_get_property(const char *path, uint32_t path_size, char **ret_value, uint32_t *ret_value_size)
{
  return exchange(path, path_size, NULL, 0, ret_value, ret_value_size);
}

uint32_t
proxy_set_property(const char *path, uint32_t path_size, const char *value, uint32_t value_size)
{
  return take(path, path_size, value, value_size);
}

uint32_t
proxy_call_foreign_function(const char *name, uint32_t name_size, const char *arguments,
                            uint32_t arguments_size, char **ret_results, uint32_t *ret_results_size)
{
  return exchange(name, name_size, arguments, arguments_size, ret_results, ret_results_size);
}

uint32_t
proxy_get_shared_data(const char *key, uint32_t key_size, char **ret_value,
                      uint32_t *ret_value_size, uint32_t *ret_cas)
{
  *ret_cas = chaos_id();
  return exchange(key, key_size, NULL, 0, ret_value, ret_value_size);
}

/* The one refusal upon which the SDK tries again: it must come often. */
uint32_t
proxy_set_shared_data(const char *key, uint32_t key_size, const char *value, uint32_t value_size,
                      uint32_t cas)
{
  uint32_t status;

  (void)cas;
  FUZZ_CHECK(value != NULL);
  status = take(key, key_size, value, value_size);
  return fuzz_one_in(&chaos.input, 3) ? (uint32_t)PWASM_STATUS_CAS_MISMATCH : status;
}

uint32_t
proxy_register_shared_queue(const char *name, uint32_t name_size, uint32_t *ret_queue_id)
{
  return resolve(name, name_size, NULL, 0, ret_queue_id);
}

uint32_t
proxy_resolve_shared_queue(const char *vm_id, uint32_t vm_id_size, const char *name,
                           uint32_t name_size, uint32_t *ret_queue_id)
{
  return resolve(vm_id, vm_id_size, name, name_size, ret_queue_id);
}

uint32_t
proxy_enqueue_shared_queue(uint32_t queue_id, const char *value, uint32_t value_size)
{
  (void)queue_id;
  return take(value, value_size, NULL, 0);
}

uint32_t
proxy_dequeue_shared_queue(uint32_t queue_id, char **ret_value, uint32_t *ret_value_size)
{
  (void)queue_id;
  return exchange(NULL, 0, NULL, 0, ret_value, ret_value_size);
}

/* Calls: the id comes before the status, so that a host can call back about it in between. */
static uint32_t
open_call(const char *metadata, uint32_t metadata_size, uint32_t *ret_id)
{
  chaos_effective_hostcall();
  chaos_read(metadata, metadata_size);
  return chaos_return_u32(ret_id);
}

uint32_t
proxy_http_call(const char *upstream, uint32_t upstream_size, const char *headers,
                uint32_t headers_size, const char *body, uint32_t body_size, const char *trailers,
                uint32_t trailers_size, uint32_t timeout_ms, uint32_t *ret_call_id)
{
  (void)timeout_ms;
  chaos_read(upstream, upstream_size);
  chaos_read(body, body_size);
  chaos_read(trailers, trailers_size);
  return open_call(headers, headers_size, ret_call_id);
}

uint32_t
proxy_grpc_call(const char *upstream, uint32_t upstream_size, const char *service,
                uint32_t service_size, const char *method, uint32_t method_size,
                const char *metadata, uint32_t metadata_size, const char *message,
                uint32_t message_size, uint32_t timeout_ms, uint32_t *ret_call_id)
{
  (void)timeout_ms;
  chaos_read(upstream, upstream_size);
  chaos_read(service, service_size);
  chaos_read(method, method_size);
  chaos_read(message, message_size);
  return open_call(metadata, metadata_size, ret_call_id);
}

uint32_t
proxy_grpc_stream(const char *upstream, uint32_t upstream_size, const char *service,
                  uint32_t service_size, const char *method, uint32_t method_size,
                  const char *metadata, uint32_t metadata_size, uint32_t *ret_stream_id)
{
  chaos_read(upstream, upstream_size);
  chaos_read(service, service_size);
  chaos_read(method, method_size);
  return open_call(metadata, metadata_size, ret_stream_id);
}

uint32_t
proxy_grpc_send(uint32_t stream_id, const char *message, uint32_t message_size, uint32_t end_stream)
{
  (void)stream_id;
  FUZZ_CHECK(end_stream <= 1);
  return take(message, message_size, NULL, 0);
}

uint32_t
proxy_grpc_cancel(uint32_t call_id)
{
  (void)call_id;
  return take(NULL, 0, NULL, 0);
}

uint32_t
proxy_grpc_close(uint32_t stream_id)
{
  (void)stream_id;
  return take(NULL, 0, NULL, 0);
}
