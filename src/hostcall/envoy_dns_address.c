#include <string.h>

#include "envoy_dns_private.h"

/* What Envoy puts behind each address, which has no port. */
#define NO_PORT ":0"

PwasmStatus
pwasm__envoy_dns_parse(PwasmStr bytes, PwasmEnvoyDnsAddresses *ret_addresses)
{
  const char *texts;
  size_t num_ends = 0;
  uint32_t count;

  if (bytes.len < sizeof count)
    return PWASM_STATUS_MALFORMED;
  memcpy(&count, bytes.data, sizeof count);
  bytes = pwasm_str_slice(bytes, sizeof count, SIZE_MAX);
  if (count > bytes.len / sizeof(uint32_t))
    return PWASM_STATUS_MALFORMED;
  texts = bytes.data + count * sizeof(uint32_t);
  for (const char *at = texts; at < bytes.data + bytes.len; at++)
    num_ends += *at == '\0';
  if (num_ends < count)
    return PWASM_STATUS_MALFORMED;
  *ret_addresses = (PwasmEnvoyDnsAddresses){bytes.data, texts, count};
  return PWASM_STATUS_OK;
}

bool
pwasm_envoy_dns_address_next(PwasmEnvoyDnsAddresses *addresses, PwasmEnvoyDnsAddress *ret_address)
{
  PwasmStr ip;

  if (addresses->num_left == 0)
    return false;
  ip = pwasm_str_from_cstr(addresses->texts);
  memcpy(&ret_address->ttl_s, addresses->ttls, sizeof ret_address->ttl_s);
  addresses->ttls += sizeof ret_address->ttl_s;
  addresses->texts += ip.len + 1;
  addresses->num_left--;
  if (pwasm_str_ends_with(ip, PWASM_STR(NO_PORT)))
    ip.len -= sizeof NO_PORT - 1;
  if (ip.data[0] == '[' && ip.data[ip.len - 1] == ']')
    ip = pwasm_str_slice(ip, 1, ip.len - 2);
  ret_address->ip = ip;
  return true;
}
