#include "../core/callback_private.h"
#include "abi_0_1_0_private.h"

PwasmStatus
pwasm__http_context_resume_request_0_1_0(PwasmHttpContext *ctx)
{
  uint32_t previous_id;
  PwasmStatus status = pwasm__effective_set(&ctx->base, &previous_id);

  if (status != PWASM_STATUS_OK)
    return status;
  status = ctx->replied ? PWASM_STATUS_ALREADY_REPLIED : (PwasmStatus)proxy_continue_request();
  pwasm__effective_restore(previous_id);
  return status;
}

PwasmStatus
pwasm__http_context_resume_response_0_1_0(PwasmHttpContext *ctx)
{
  uint32_t previous_id;
  PwasmStatus status = pwasm__effective_set(&ctx->base, &previous_id);

  if (status != PWASM_STATUS_OK)
    return status;
  status = (PwasmStatus)proxy_continue_response();
  pwasm__effective_restore(previous_id);
  return status;
}
