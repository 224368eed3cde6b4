#include "env_private.h"

#include <pwasm/buffer.h>

#include "results_private.h"

/* Each translates offsets to pointers and calls the host's own function, whose results it puts into the
 * module's memory. Pointers stay good while the module is called from inside: its memory does not move
 * when it grows. */

#define AT(offset, size) pwasm__wasm_at(wasm, (offset), (size))
#define REFUSE(name) pwasm__wasm_bad_memory(PWASM_HOSTCALL_##name)

uint32_t
pwasm__env_proxy_log(PwasmWasm *wasm, uint32_t level, uint32_t message, uint32_t message_size)
{
  const char *text = AT(message, message_size);

  return text == NULL ? REFUSE(proxy_log) : proxy_log(level, text, message_size);
}

uint32_t
pwasm__env_proxy_get_log_level(PwasmWasm *wasm, uint32_t ret_level)
{
  uint32_t level = pwasm__wasm_load(wasm, ret_level);
  uint32_t status = proxy_get_log_level(&level);

  return pwasm__wasm_give(wasm, status, ret_level, level);
}

uint32_t
pwasm__env_proxy_get_current_time_nanoseconds(PwasmWasm *wasm, uint32_t ret_time_ns)
{
  uint64_t time_ns = 0;
  uint32_t status = proxy_get_current_time_nanoseconds(&time_ns);

  return pwasm__wasm_give_64(wasm, status, ret_time_ns, time_ns);
}

uint32_t
pwasm__env_proxy_get_status(PwasmWasm *wasm, uint32_t ret_code, uint32_t ret_message,
                            uint32_t ret_message_size)
{
  PwasmWasmBytes message = pwasm__wasm_expect(wasm, ret_message_size);
  uint32_t code = pwasm__wasm_load(wasm, ret_code);
  uint32_t status = proxy_get_status(&code, &message.data, &message.size);

  status = pwasm__wasm_give(wasm, status, ret_code, code);
  return pwasm__wasm_give_bytes(wasm, status, &message, ret_message, ret_message_size);
}

uint32_t
pwasm__env_proxy_set_effective_context(PwasmWasm *wasm, uint32_t context_id)
{
  (void)wasm;
  return proxy_set_effective_context(context_id);
}

uint32_t
pwasm__env_proxy_done(PwasmWasm *wasm)
{
  (void)wasm;
  return proxy_done();
}

uint32_t
pwasm__env_proxy_continue_stream(PwasmWasm *wasm, uint32_t stream_type)
{
  (void)wasm;
  return proxy_continue_stream(stream_type);
}

uint32_t
pwasm__env_proxy_continue_request(PwasmWasm *wasm)
{
  (void)wasm;
  return proxy_continue_stream(0);
}

uint32_t
pwasm__env_proxy_continue_response(PwasmWasm *wasm)
{
  (void)wasm;
  return proxy_continue_stream(1);
}

uint32_t
pwasm__env_proxy_close_stream(PwasmWasm *wasm, uint32_t stream_type)
{
  (void)wasm;
  return proxy_close_stream(stream_type);
}

uint32_t
pwasm__env_proxy_send_local_response(PwasmWasm *wasm, uint32_t status_code, uint32_t details,
                                     uint32_t details_size, uint32_t body, uint32_t body_size,
                                     uint32_t headers, uint32_t headers_size, int32_t grpc_status)
{
  const char *details_at = AT(details, details_size);
  const char *body_at = AT(body, body_size);
  const char *headers_at = AT(headers, headers_size);

  if (details_at == NULL || body_at == NULL || headers_at == NULL)
    return REFUSE(proxy_send_local_response);
  return proxy_send_local_response(status_code, details_at, details_size, body_at, body_size,
                                   headers_at, headers_size, grpc_status);
}

uint32_t
pwasm__env_proxy_get_buffer_bytes(PwasmWasm *wasm, uint32_t buffer, uint32_t start,
                                  uint32_t max_size, uint32_t ret_bytes, uint32_t ret_size)
{
  PwasmWasmBytes bytes = pwasm__wasm_expect(wasm, ret_size);
  uint32_t status = proxy_get_buffer_bytes(buffer, start, max_size, &bytes.data, &bytes.size);

  return pwasm__wasm_give_bytes(wasm, status, &bytes, ret_bytes, ret_size);
}

uint32_t
pwasm__env_proxy_get_configuration(PwasmWasm *wasm, uint32_t ret_bytes, uint32_t ret_size)
{
  PwasmWasmBytes bytes = pwasm__wasm_expect(wasm, ret_size);
  uint32_t status = proxy_get_buffer_bytes(PWASM_BUFFER_PLUGIN_CONFIGURATION, 0, UINT32_MAX,
                                           &bytes.data, &bytes.size);

  /* The VM's while no plugin is being configured. */
  if (status == PWASM_STATUS_NOT_FOUND)
    status = proxy_get_buffer_bytes(PWASM_BUFFER_VM_CONFIGURATION, 0, UINT32_MAX, &bytes.data,
                                    &bytes.size);
  return pwasm__wasm_give_bytes(wasm, status, &bytes, ret_bytes, ret_size);
}

uint32_t
pwasm__env_proxy_set_buffer_bytes(PwasmWasm *wasm, uint32_t buffer, uint32_t start, uint32_t size,
                                  uint32_t bytes, uint32_t bytes_size)
{
  const char *bytes_at = AT(bytes, bytes_size);

  return bytes_at == NULL ? REFUSE(proxy_set_buffer_bytes)
                          : proxy_set_buffer_bytes(buffer, start, size, bytes_at, bytes_size);
}

uint32_t
pwasm__env_proxy_get_header_map_pairs(PwasmWasm *wasm, uint32_t map, uint32_t ret_pairs,
                                      uint32_t ret_size)
{
  PwasmWasmBytes pairs = pwasm__wasm_expect(wasm, ret_size);
  uint32_t status = proxy_get_header_map_pairs(map, &pairs.data, &pairs.size);

  return pwasm__wasm_give_bytes(wasm, status, &pairs, ret_pairs, ret_size);
}

uint32_t
pwasm__env_proxy_set_header_map_pairs(PwasmWasm *wasm, uint32_t map, uint32_t pairs, uint32_t size)
{
  const char *pairs_at = AT(pairs, size);

  return pairs_at == NULL ? REFUSE(proxy_set_header_map_pairs)
                          : proxy_set_header_map_pairs(map, pairs_at, size);
}

uint32_t
pwasm__env_proxy_get_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                      uint32_t name_size, uint32_t ret_value,
                                      uint32_t ret_value_size)
{
  const char *name_at = AT(name, name_size);
  PwasmWasmBytes value = pwasm__wasm_expect(wasm, ret_value_size);
  uint32_t status =
    name_at == NULL ? REFUSE(proxy_get_header_map_value)
                    : proxy_get_header_map_value(map, name_at, name_size, &value.data, &value.size);

  return pwasm__wasm_give_bytes(wasm, status, &value, ret_value, ret_value_size);
}

uint32_t
pwasm__env_proxy_add_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                      uint32_t name_size, uint32_t value, uint32_t value_size)
{
  const char *name_at = AT(name, name_size);
  const char *value_at = AT(value, value_size);

  if (name_at == NULL || value_at == NULL)
    return REFUSE(proxy_add_header_map_value);
  return proxy_add_header_map_value(map, name_at, name_size, value_at, value_size);
}

uint32_t
pwasm__env_proxy_replace_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                          uint32_t name_size, uint32_t value, uint32_t value_size)
{
  const char *name_at = AT(name, name_size);
  const char *value_at = AT(value, value_size);

  if (name_at == NULL || value_at == NULL)
    return REFUSE(proxy_replace_header_map_value);
  return proxy_replace_header_map_value(map, name_at, name_size, value_at, value_size);
}

uint32_t
pwasm__env_proxy_remove_header_map_value(PwasmWasm *wasm, uint32_t map, uint32_t name,
                                         uint32_t name_size)
{
  const char *name_at = AT(name, name_size);

  return name_at == NULL ? REFUSE(proxy_remove_header_map_value)
                         : proxy_remove_header_map_value(map, name_at, name_size);
}
