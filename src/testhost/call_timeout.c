#include "host_private.h"

#define NS_PER_MS 1000000u

uint64_t
pwasm__host_deadline(const PwasmHost *host, uint32_t timeout_ms)
{
  return timeout_ms == 0 ? 0 : host->time_ns + (uint64_t)timeout_ms * NS_PER_MS;
}

void
pwasm_host_http_call_time_out(PwasmHostHttpCall *call)
{
  const PwasmHost *host = ((PwasmHostHttpCallRecord *)call)->host;

  if (pwasm__is_ngx(host) || pwasm__is_apisix(host))
    pwasm_host_http_call_fail(call);
  else
    pwasm_host_http_call_answer(
      call,
      &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "504", "content-length", "24",
                                                           "content-type", "text/plain"),
                             .body = PWASM_STR("upstream request timeout")});
}

void
pwasm_host_grpc_time_out(PwasmHostGrpcCall *call)
{
  const PwasmHostGrpcCallRecord *record = (PwasmHostGrpcCallRecord *)call;

  /* Envoy's client makes this of the 504 that its router answers with, or of a reset. */
  if (record->has_begun)
    pwasm_host_grpc_close(call, PWASM_GRPC_STATUS_INTERNAL, PWASM_STR(""));
  else
    pwasm_host_grpc_close(call, PWASM_GRPC_STATUS_UNAVAILABLE,
                          PWASM_STR("upstream request timeout"));
}
