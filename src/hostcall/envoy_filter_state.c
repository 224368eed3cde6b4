#include <pwasm/envoy/filter_state.h>

#include <pwasm/envoy/route.h>

#include "envoy_call_private.h"

PwasmStatus
pwasm__envoy_filter_state_set(const char *key, size_t key_len, const char *value, size_t value_len,
                              PwasmEnvoySpan span)
{
  const PwasmProtobufField fields[] = {
    {.number = 1, .bytes = {key, key_len}},
    {.number = 2, .bytes = {value, value_len}},
    {.number = 3, .varint = (uint64_t)span},
  };

  return pwasm__envoy_call(PWASM__NAME("set_envoy_filter_state"), fields,
                           sizeof fields / sizeof fields[0], NULL);
}

PwasmStatus
pwasm_envoy_property_declare(const PwasmEnvoyDeclaration *declaration)
{
  const PwasmProtobufField fields[] = {
    {.number = 1, .bytes = declaration->name},
    {.number = 2, .varint = declaration->read_only},
    {.number = 3, .varint = (uint64_t)declaration->type},
    {.number = 4, .bytes = declaration->schema},
    {.number = 5, .varint = (uint64_t)declaration->span},
  };

  return pwasm__envoy_call(PWASM__NAME("declare_property"), fields,
                           sizeof fields / sizeof fields[0], NULL);
}

PwasmStatus
pwasm_envoy_route_cache_clear(void)
{
  return pwasm__foreign_call(PWASM__NAME("clear_route_cache"), "", 0, NULL);
}
