#include "env_private.h"

#include "results_private.h"

/* The third part of env.c: what only Envoy has. */

uint32_t
pwasm__env_proxy_get_buffer_status(PwasmWasm *wasm, uint32_t buffer, uint32_t ret_size,
                                   uint32_t ret_flags)
{
  uint32_t size = pwasm__wasm_load(wasm, ret_size);
  uint32_t flags = pwasm__wasm_load(wasm, ret_flags);
  uint32_t status = proxy_get_buffer_status(buffer, &size, &flags);

  status = pwasm__wasm_give(wasm, status, ret_size, size);
  return pwasm__wasm_give(wasm, status, ret_flags, flags);
}

uint32_t
pwasm__env_proxy_get_header_map_size(PwasmWasm *wasm, uint32_t map, uint32_t ret_size)
{
  uint32_t size = pwasm__wasm_load(wasm, ret_size);
  uint32_t status = proxy_get_header_map_size(map, &size);

  return pwasm__wasm_give(wasm, status, ret_size, size);
}

uint32_t
pwasm__env_envoy_resolve_dns(PwasmWasm *wasm, uint32_t name, uint32_t name_size, uint32_t ret_token)
{
  const char *name_at = pwasm__wasm_at(wasm, name, name_size);
  uint32_t token = pwasm__wasm_load(wasm, ret_token);
  uint32_t status = name_at == NULL ? pwasm__wasm_bad_memory(PWASM_HOSTCALL_envoy_resolve_dns)
                                    : envoy_resolve_dns(name_at, name_size, &token);

  return pwasm__wasm_give(wasm, status, ret_token, token);
}
