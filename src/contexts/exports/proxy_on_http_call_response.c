#include <pwasm/header_map.h>

#include "../../hostcall/http_call_private.h"
#include "../context_private.h"

const PwasmExport pwasm_export_on_http_call_response = {0};

/* Without a result the call is cancelled, or lost. */
static void
run(PwasmCall *base, const void *result)
{
  const PwasmHttpCallResult untold = {.outcome = pwasm__call_untold_outcome(base)};
  const PwasmHttpCall *call = (PwasmHttpCall *)base;

  if (call->done != NULL)
    call->done(base->owner, result == NULL ? &untold : result, call->data);
}

void
pwasm__http_call_cancel(PwasmCall *call)
{
  pwasm__call_run(call, run, NULL);
}

/* 0 for anything but three digits. */
static uint32_t
status_code(void)
{
  uint32_t code = 0;
  PwasmStr status;

  if (pwasm_header_get(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_STR(":status"), &status) !=
        PWASM_STATUS_OK ||
      status.len != 3)
    return 0;
  for (size_t i = 0; i < 3; i++) {
    uint32_t digit = (uint32_t)(unsigned char)status.data[i] - '0';

    if (digit > 9)
      return 0;
    code = code * 10 + digit;
  }
  return code;
}

static uint32_t
end(PwasmContext *ctx, size_t answer, uint32_t call_id, uint32_t unused)
{
  PwasmCall *call = pwasm__call_find(PWASM_CALL_KIND_HTTP, call_id);
  PwasmHttpCallResult result = *(const PwasmHttpCallResult *)answer;

  (void)ctx;
  (void)unused;
  if (call == NULL)
    return 0;
  /* Before the author is told: the host may answer again meanwhile. */
  pwasm__call_end(call);
  if (result.outcome == PWASM_CALL_ANSWERED)
    result.status_code = status_code();
  pwasm__call_run(call, run, &result);
  pwasm__call_release(call);
  return 0;
}

/* The context is the plugin's in some hosts, the stream's in others. */
void
proxy_on_http_call_response(uint32_t context_id, uint32_t call_id, uint32_t num_headers,
                            uint32_t body_size, uint32_t num_trailers)
{
  PwasmHttpCallResult answer = {.outcome = PWASM_CALL_FAILED};

  if (num_headers > 0)
    answer = (PwasmHttpCallResult){
      .num_headers = num_headers, .body_size = body_size, .num_trailers = num_trailers};
  pwasm__callback(context_id, PWASM_WANT_NONE, end, (size_t)&answer, call_id, 0);
}
