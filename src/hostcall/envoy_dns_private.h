#ifndef PWASM_ENVOY_DNS_PRIVATE_H
#define PWASM_ENVOY_DNS_PRIVATE_H

#include <pwasm/envoy/dns.h>

#include "../core/call_private.h"

typedef struct PwasmEnvoyDnsCall {
  PwasmCall base;
  PwasmEnvoyDnsFn *done; /* may be NULL */
  void *data;
  const PwasmEnvoyDnsResult *result; /* NULL until it has ended, and if it is cancelled */
} PwasmEnvoyDnsCall;

/* Tells the author that it is cancelled. It is in the file of the host's callback, which so is in every
 * module that resolves names, and in no other. */
void pwasm__envoy_dns_cancel(PwasmCall *call);

/* Reads what Envoy has answered: the number of addresses, the TTL of each, the texts with a NUL after
 * each. All is checked here. */
PwasmStatus pwasm__envoy_dns_parse(PwasmStr bytes, PwasmEnvoyDnsAddresses *ret_addresses);

#endif
