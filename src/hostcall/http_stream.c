#include <pwasm/abi.h>
#include <pwasm/http_context.h>

#include "../core/call_private.h"
#include "../core/callback_private.h"
#include "pairs_private.h"

/* Of the ABI: which half of a stream. */
#define STREAM_TYPE_HTTP_REQUEST 0u
#define STREAM_TYPE_HTTP_RESPONSE 1u

#define NO_GRPC_STATUS (-1)

/* Whether the host is inside of a callback of another stream's, whose answer Envoy takes for "pause"
 * once any reply is sent. What is told of a call is told to the plugin: nothing is stopped by that. */
static bool
would_stop_another(const PwasmHttpContext *ctx)
{
  const PwasmVm *vm = pwasm__vm();
  const PwasmContext *current = vm->current;

  return current != NULL && current != &ctx->base && !current->closed &&
         (current->kind & (PWASM_CONTEXT_KIND_HTTP | PWASM_CONTEXT_KIND_TCP)) != 0 &&
         (vm->calls == NULL || vm->calls->num_running == 0);
}

/* Whether the stream has ended, or will when the callback has returned: Envoy crashes of a reply to one
 * that it is to reset. */
static bool
is_gone(const PwasmHttpContext *ctx)
{
  return ctx->base.closed || ctx->closing;
}

/* Whether its request can still be replied to, or go on. */
static PwasmStatus
may_act(const PwasmHttpContext *ctx)
{
  if (is_gone(ctx))
    return PWASM_STATUS_CLOSED;
  return ctx->replied ? PWASM_STATUS_ALREADY_REPLIED : PWASM_STATUS_OK;
}

PwasmStatus
pwasm_http_context_reply(PwasmHttpContext *ctx, const PwasmHttpReply *reply)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  uint32_t previous_id;
  PwasmStr headers;
  PwasmStatus status;

  status = may_act(ctx);
  if (status != PWASM_STATUS_OK)
    return status;
  if (reply->status_code < 200 || reply->status_code > 599 || would_stop_another(ctx))
    return PWASM_STATUS_BAD_ARGUMENT;
  if (reply->body.len > UINT32_MAX || reply->details.len > UINT32_MAX)
    return PWASM_STATUS_TOO_LARGE;
  status = pwasm__pairs_serialize(scratch, reply->headers, reply->num_headers, &headers);
  if (status != PWASM_STATUS_OK)
    return status;
  /* Held: in both hostcalls the host may delete it. */
  pwasm_context_ref(&ctx->base);
  status = pwasm__effective_set(&ctx->base, &previous_id);
  if (status == PWASM_STATUS_OK) {
    /* Once more: the host may have called back in there. */
    status = may_act(ctx);
    if (status == PWASM_STATUS_OK) {
      /* Before the call: the host may run the response callbacks from inside. */
      ctx->replied = true;
      status = (PwasmStatus)proxy_send_local_response(
        reply->status_code, reply->details.data, (uint32_t)reply->details.len, reply->body.data,
        (uint32_t)reply->body.len, headers.data, (uint32_t)headers.len,
        reply->grpc_status == NULL ? NO_GRPC_STATUS : (int32_t)*reply->grpc_status);
      if (status != PWASM_STATUS_OK)
        ctx->replied = false;
    }
    pwasm__effective_restore(previous_id);
  }
  pwasm_context_unref(&ctx->base);
  pwasm_arena_rewind(scratch, mark);
  return status;
}

static PwasmStatus
resume(PwasmHttpContext *ctx, const PwasmExport *const **hold, uint32_t stream_type)
{
  const PwasmExport *const *previous_hold = *hold;
  PwasmStatus status;

  /* Before the call, and held: the host may call back from inside, and delete it. */
  *hold = NULL;
  pwasm_context_ref(&ctx->base);
  status = pwasm__effective_call(&ctx->base, proxy_continue_stream, stream_type);
  if (status != PWASM_STATUS_OK)
    *hold = previous_hold;
  pwasm_context_unref(&ctx->base);
  return status;
}

PwasmStatus
pwasm_http_context_resume_request(PwasmHttpContext *ctx)
{
  PwasmStatus status = may_act(ctx);

  return status == PWASM_STATUS_OK ? resume(ctx, &ctx->request_hold, STREAM_TYPE_HTTP_REQUEST)
                                   : status;
}

PwasmStatus
pwasm_http_context_resume_response(PwasmHttpContext *ctx)
{
  if (is_gone(ctx))
    return PWASM_STATUS_CLOSED;
  return resume(ctx, &ctx->response_hold, STREAM_TYPE_HTTP_RESPONSE);
}

PwasmStatus
pwasm_http_context_close(PwasmHttpContext *ctx)
{
  PwasmStatus status;

  if (is_gone(ctx))
    return PWASM_STATUS_CLOSED;
  /* Before the call, and held: the host may call back from inside, and delete it. */
  ctx->closing = true;
  pwasm_context_ref(&ctx->base);
  /* Resets request and response alike. */
  status = pwasm__effective_call(&ctx->base, proxy_close_stream, STREAM_TYPE_HTTP_RESPONSE);
  if (status != PWASM_STATUS_OK)
    ctx->closing = false;
  pwasm_context_unref(&ctx->base);
  return status;
}
