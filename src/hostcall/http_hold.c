#include <pwasm/http_context.h>

/* A held message goes on by neither of these, so they are exported in any plugin that holds it. */
static const PwasmExport *const request_hold[] = {&pwasm_export_on_request_body,
                                                  &pwasm_export_on_request_trailers};
static const PwasmExport *const response_hold[] = {&pwasm_export_on_response_body,
                                                   &pwasm_export_on_response_trailers};

PwasmAction
pwasm_http_context_hold_request(PwasmHttpContext *ctx)
{
  ctx->request_hold = request_hold;
  return PWASM_ACTION_PAUSE;
}

PwasmAction
pwasm_http_context_hold_response(PwasmHttpContext *ctx)
{
  ctx->response_hold = response_hold;
  return PWASM_ACTION_PAUSE;
}
