#include <pwasm/abi.h>

#include "../core/callback_private.h"
#include "envoy_dns_private.h"

/* Opens the call that the hostcall is about, and makes it. */
static PwasmStatus
resolve(PwasmContext *owner, PwasmStr name, PwasmEnvoyDnsFn *done, void *data)
{
  uint32_t token = 0;
  uint32_t host_status;
  PwasmEnvoyDnsCall *call = (PwasmEnvoyDnsCall *)pwasm__call_new(
    owner, PWASM_CALL_KIND_DNS, sizeof *call, pwasm__envoy_dns_cancel);

  if (call == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  call->done = done;
  call->data = data;
  host_status = envoy_resolve_dns(name.data, (uint32_t)name.len, &token);
  return pwasm__call_opened(&call->base, host_status, token);
}

PwasmStatus
pwasm_envoy_dns_resolve(PwasmContext *owner, PwasmStr name, PwasmEnvoyDnsFn *done, void *data)
{
  uint32_t previous_id;
  PwasmStatus status;

  if (name.len == 0)
    return PWASM_STATUS_BAD_ARGUMENT;
  if (name.len > UINT32_MAX)
    return PWASM_STATUS_TOO_LARGE;
  status = pwasm__call_effective_set(owner, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  status = resolve(owner, name, done, data);
  pwasm__effective_restore(previous_id);
  return status;
}
