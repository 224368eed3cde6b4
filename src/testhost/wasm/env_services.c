#include "env_private.h"

#include "results_private.h"

/* The second part of env.c. */

#define AT(offset, size) pwasm__wasm_at(wasm, (offset), (size))
#define REFUSE(name) pwasm__wasm_bad_memory(PWASM_HOSTCALL_##name)

uint32_t
pwasm__env_proxy_set_tick_period_milliseconds(PwasmWasm *wasm, uint32_t period_ms)
{
  (void)wasm;
  return proxy_set_tick_period_milliseconds(period_ms);
}

uint32_t
pwasm__env_proxy_define_metric(PwasmWasm *wasm, uint32_t type, uint32_t name, uint32_t name_size,
                               uint32_t ret_metric_id)
{
  const char *name_at = AT(name, name_size);
  uint32_t metric_id = pwasm__wasm_load(wasm, ret_metric_id);
  uint32_t status = name_at == NULL ? REFUSE(proxy_define_metric)
                                    : proxy_define_metric(type, name_at, name_size, &metric_id);

  return pwasm__wasm_give(wasm, status, ret_metric_id, metric_id);
}

uint32_t
pwasm__env_proxy_increment_metric(PwasmWasm *wasm, uint32_t metric_id, int64_t offset)
{
  (void)wasm;
  return proxy_increment_metric(metric_id, offset);
}

uint32_t
pwasm__env_proxy_record_metric(PwasmWasm *wasm, uint32_t metric_id, uint64_t value)
{
  (void)wasm;
  return proxy_record_metric(metric_id, value);
}

uint32_t
pwasm__env_proxy_get_metric(PwasmWasm *wasm, uint32_t metric_id, uint32_t ret_value)
{
  uint64_t value = 0;
  uint32_t status = proxy_get_metric(metric_id, &value);

  return pwasm__wasm_give_64(wasm, status, ret_value, value);
}

uint32_t
pwasm__env_proxy_get_property(PwasmWasm *wasm, uint32_t path, uint32_t path_size,
                              uint32_t ret_value, uint32_t ret_value_size)
{
  const char *path_at = AT(path, path_size);
  PwasmWasmBytes value = pwasm__wasm_expect(wasm, ret_value_size);
  uint32_t status = path_at == NULL
                      ? REFUSE(proxy_get_property)
                      : proxy_get_property(path_at, path_size, &value.data, &value.size);

  return pwasm__wasm_give_bytes(wasm, status, &value, ret_value, ret_value_size);
}

uint32_t
pwasm__env_proxy_set_property(PwasmWasm *wasm, uint32_t path, uint32_t path_size, uint32_t value,
                              uint32_t value_size)
{
  const char *path_at = AT(path, path_size);
  const char *value_at = AT(value, value_size);

  if (path_at == NULL || value_at == NULL)
    return REFUSE(proxy_set_property);
  return proxy_set_property(path_at, path_size, value_at, value_size);
}

uint32_t
pwasm__env_proxy_call_foreign_function(PwasmWasm *wasm, uint32_t name, uint32_t name_size,
                                       uint32_t arguments, uint32_t arguments_size,
                                       uint32_t ret_results, uint32_t ret_results_size)
{
  const char *name_at = AT(name, name_size);
  const char *arguments_at = AT(arguments, arguments_size);
  PwasmWasmBytes results = pwasm__wasm_expect(wasm, ret_results_size);
  uint32_t status;

  if (name_at == NULL || arguments_at == NULL)
    return REFUSE(proxy_call_foreign_function);
  status = proxy_call_foreign_function(name_at, name_size, arguments_at, arguments_size,
                                       &results.data, &results.size);
  return pwasm__wasm_give_bytes(wasm, status, &results, ret_results, ret_results_size);
}

uint32_t
pwasm__env_proxy_get_shared_data(PwasmWasm *wasm, uint32_t key, uint32_t key_size,
                                 uint32_t ret_value, uint32_t ret_value_size, uint32_t ret_cas)
{
  const char *key_at = AT(key, key_size);
  PwasmWasmBytes value = pwasm__wasm_expect(wasm, ret_value_size);
  uint32_t cas = pwasm__wasm_load(wasm, ret_cas);
  uint32_t status;

  if (key_at == NULL)
    return REFUSE(proxy_get_shared_data);
  status = proxy_get_shared_data(key_at, key_size, &value.data, &value.size, &cas);
  status = pwasm__wasm_give_bytes(wasm, status, &value, ret_value, ret_value_size);
  return pwasm__wasm_give(wasm, status, ret_cas, cas);
}

uint32_t
pwasm__env_proxy_set_shared_data(PwasmWasm *wasm, uint32_t key, uint32_t key_size, uint32_t value,
                                 uint32_t value_size, uint32_t cas)
{
  const char *key_at = AT(key, key_size);
  const char *value_at = AT(value, value_size);

  if (key_at == NULL || value_at == NULL)
    return REFUSE(proxy_set_shared_data);
  return proxy_set_shared_data(key_at, key_size, value_at, value_size, cas);
}

uint32_t
pwasm__env_proxy_register_shared_queue(PwasmWasm *wasm, uint32_t name, uint32_t name_size,
                                       uint32_t ret_queue_id)
{
  const char *name_at = AT(name, name_size);
  uint32_t queue_id = pwasm__wasm_load(wasm, ret_queue_id);
  uint32_t status = name_at == NULL ? REFUSE(proxy_register_shared_queue)
                                    : proxy_register_shared_queue(name_at, name_size, &queue_id);

  return pwasm__wasm_give(wasm, status, ret_queue_id, queue_id);
}

uint32_t
pwasm__env_proxy_resolve_shared_queue(PwasmWasm *wasm, uint32_t vm_id, uint32_t vm_id_size,
                                      uint32_t name, uint32_t name_size, uint32_t ret_queue_id)
{
  const char *vm_id_at = AT(vm_id, vm_id_size);
  const char *name_at = AT(name, name_size);
  uint32_t queue_id = pwasm__wasm_load(wasm, ret_queue_id);
  uint32_t status;

  if (vm_id_at == NULL || name_at == NULL)
    return REFUSE(proxy_resolve_shared_queue);
  status = proxy_resolve_shared_queue(vm_id_at, vm_id_size, name_at, name_size, &queue_id);
  return pwasm__wasm_give(wasm, status, ret_queue_id, queue_id);
}

uint32_t
pwasm__env_proxy_enqueue_shared_queue(PwasmWasm *wasm, uint32_t queue_id, uint32_t value,
                                      uint32_t value_size)
{
  const char *value_at = AT(value, value_size);

  return value_at == NULL ? REFUSE(proxy_enqueue_shared_queue)
                          : proxy_enqueue_shared_queue(queue_id, value_at, value_size);
}

uint32_t
pwasm__env_proxy_dequeue_shared_queue(PwasmWasm *wasm, uint32_t queue_id, uint32_t ret_value,
                                      uint32_t ret_value_size)
{
  PwasmWasmBytes value = pwasm__wasm_expect(wasm, ret_value_size);
  uint32_t status = proxy_dequeue_shared_queue(queue_id, &value.data, &value.size);

  return pwasm__wasm_give_bytes(wasm, status, &value, ret_value, ret_value_size);
}

uint32_t
pwasm__env_proxy_http_call(PwasmWasm *wasm, uint32_t upstream, uint32_t upstream_size,
                           uint32_t headers, uint32_t headers_size, uint32_t body,
                           uint32_t body_size, uint32_t trailers, uint32_t trailers_size,
                           uint32_t timeout_ms, uint32_t ret_call_id)
{
  const char *upstream_at = AT(upstream, upstream_size);
  const char *headers_at = AT(headers, headers_size);
  const char *body_at = AT(body, body_size);
  const char *trailers_at = AT(trailers, trailers_size);
  uint32_t call_id = pwasm__wasm_load(wasm, ret_call_id);
  uint32_t status;

  if (upstream_at == NULL || headers_at == NULL || body_at == NULL || trailers_at == NULL)
    return REFUSE(proxy_http_call);
  status = proxy_http_call(upstream_at, upstream_size, headers_at, headers_size, body_at, body_size,
                           trailers_at, trailers_size, timeout_ms, &call_id);
  return pwasm__wasm_give(wasm, status, ret_call_id, call_id);
}

uint32_t
pwasm__env_proxy_grpc_call(PwasmWasm *wasm, uint32_t upstream, uint32_t upstream_size,
                           uint32_t service, uint32_t service_size, uint32_t method,
                           uint32_t method_size, uint32_t metadata, uint32_t metadata_size,
                           uint32_t message, uint32_t message_size, uint32_t timeout_ms,
                           uint32_t ret_call_id)
{
  const char *upstream_at = AT(upstream, upstream_size);
  const char *service_at = AT(service, service_size);
  const char *method_at = AT(method, method_size);
  const char *metadata_at = AT(metadata, metadata_size);
  const char *message_at = AT(message, message_size);
  uint32_t call_id = pwasm__wasm_load(wasm, ret_call_id);
  uint32_t status;

  if (upstream_at == NULL || service_at == NULL || method_at == NULL || metadata_at == NULL ||
      message_at == NULL)
    return REFUSE(proxy_grpc_call);
  status =
    proxy_grpc_call(upstream_at, upstream_size, service_at, service_size, method_at, method_size,
                    metadata_at, metadata_size, message_at, message_size, timeout_ms, &call_id);
  return pwasm__wasm_give(wasm, status, ret_call_id, call_id);
}

uint32_t
pwasm__env_proxy_grpc_stream(PwasmWasm *wasm, uint32_t upstream, uint32_t upstream_size,
                             uint32_t service, uint32_t service_size, uint32_t method,
                             uint32_t method_size, uint32_t metadata, uint32_t metadata_size,
                             uint32_t ret_stream_id)
{
  const char *upstream_at = AT(upstream, upstream_size);
  const char *service_at = AT(service, service_size);
  const char *method_at = AT(method, method_size);
  const char *metadata_at = AT(metadata, metadata_size);
  uint32_t stream_id = pwasm__wasm_load(wasm, ret_stream_id);
  uint32_t status;

  if (upstream_at == NULL || service_at == NULL || method_at == NULL || metadata_at == NULL)
    return REFUSE(proxy_grpc_stream);
  status = proxy_grpc_stream(upstream_at, upstream_size, service_at, service_size, method_at,
                             method_size, metadata_at, metadata_size, &stream_id);
  return pwasm__wasm_give(wasm, status, ret_stream_id, stream_id);
}

uint32_t
pwasm__env_proxy_grpc_send(PwasmWasm *wasm, uint32_t stream_id, uint32_t message,
                           uint32_t message_size, uint32_t end_stream)
{
  const char *message_at = AT(message, message_size);

  return message_at == NULL ? REFUSE(proxy_grpc_send)
                            : proxy_grpc_send(stream_id, message_at, message_size, end_stream);
}

uint32_t
pwasm__env_proxy_grpc_cancel(PwasmWasm *wasm, uint32_t call_id)
{
  (void)wasm;
  return proxy_grpc_cancel(call_id);
}

uint32_t
pwasm__env_proxy_grpc_close(PwasmWasm *wasm, uint32_t stream_id)
{
  (void)wasm;
  return proxy_grpc_close(stream_id);
}
