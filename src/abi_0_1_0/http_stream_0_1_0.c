#include "../core/callback_private.h"
#include "abi_0_1_0_private.h"

static uint32_t
continue_request(uint32_t unused)
{
  (void)unused;
  return proxy_continue_request();
}

static uint32_t
continue_response(uint32_t unused)
{
  (void)unused;
  return proxy_continue_response();
}

PwasmStatus
pwasm__http_context_resume_request_0_1_0(PwasmHttpContext *ctx)
{
  return ctx->replied && !ctx->base.closed ? PWASM_STATUS_ALREADY_REPLIED
                                           : pwasm__effective_call(&ctx->base, continue_request, 0);
}

PwasmStatus
pwasm__http_context_resume_response_0_1_0(PwasmHttpContext *ctx)
{
  return pwasm__effective_call(&ctx->base, continue_response, 0);
}
