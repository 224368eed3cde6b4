#include <pwasm/buffer.h>

#include "../../hostcall/envoy_dns_private.h"
#include "../../hostcall/log_private.h"
#include "../context_private.h"

const PwasmExport pwasm_export_on_resolve_dns = {0};

/* There is no event: proxy_get_status() tells nothing of DNS. */
static void
run(PwasmCall *base, const void *event)
{
  const PwasmEnvoyDnsResult untold = {.outcome = pwasm__call_untold_outcome(base)};
  const PwasmEnvoyDnsCall *call = (PwasmEnvoyDnsCall *)base;

  (void)event;
  if (call->done != NULL)
    call->done(base->owner, call->result == NULL ? &untold : call->result, call->data);
}

void
pwasm__envoy_dns_cancel(PwasmCall *call)
{
  pwasm__call_run(call, run, NULL);
}

/* The answer belongs to the plugin's context: it is read before the owner's takes its place. */
static void
read_answer(uint32_t size, PwasmEnvoyDnsResult *ret_result)
{
  PwasmStr bytes;
  PwasmStatus status = pwasm_buffer_get(PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS, 0, size, &bytes);

  if (status == PWASM_STATUS_OK)
    status = pwasm__envoy_dns_parse(bytes, &ret_result->addresses);
  if (status == PWASM_STATUS_OK)
    ret_result->outcome = PWASM_CALL_ANSWERED;
  else
    PWASM__LOG_ID(PWASM_LOG_ERROR, "pwasm: can't read answer of DNS: status ", (uint32_t)status);
}

static uint32_t
end(PwasmContext *ctx, size_t slot, uint32_t token, uint32_t size)
{
  PwasmCall *call = pwasm__call_find(PWASM_CALL_KIND_DNS, token);
  PwasmEnvoyDnsResult result = {.outcome = PWASM_CALL_FAILED};

  (void)ctx;
  (void)slot;
  if (call == NULL)
    return 0;
  /* Before the author is told: the host may answer again meanwhile. */
  pwasm__call_end(call);
  if (size > 0)
    read_answer(size, &result);
  ((PwasmEnvoyDnsCall *)call)->result = &result;
  pwasm__call_run(call, run, NULL);
  pwasm__call_release(call);
  return 0;
}

void
envoy_on_resolve_dns(uint32_t plugin_id, uint32_t token, uint32_t result_size)
{
  pwasm__callback(plugin_id, PWASM_WANT_NONE, end, 0, token, result_size);
}
