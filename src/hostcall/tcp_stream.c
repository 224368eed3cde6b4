#include <pwasm/abi.h>
#include <pwasm/tcp_context.h>

#include "../core/callback_private.h"

/* Of the ABI: which side of a connection. */
#define STREAM_TYPE_DOWNSTREAM 2u
#define STREAM_TYPE_UPSTREAM 3u

static PwasmStatus
resume(PwasmTcpContext *ctx, uint32_t stream_type)
{
  uint32_t previous_id;
  PwasmStatus status = pwasm__effective_set(&ctx->base, &previous_id);

  if (status != PWASM_STATUS_OK)
    return status;
  status = (PwasmStatus)proxy_continue_stream(stream_type);
  pwasm__effective_restore(previous_id);
  return status;
}

static PwasmStatus
close(PwasmTcpContext *ctx, uint32_t stream_type)
{
  uint32_t previous_id;
  PwasmStatus status = pwasm__effective_set(&ctx->base, &previous_id);

  if (status != PWASM_STATUS_OK)
    return status;
  status = (PwasmStatus)proxy_close_stream(stream_type);
  pwasm__effective_restore(previous_id);
  return status;
}

PwasmStatus
pwasm_tcp_context_resume_downstream(PwasmTcpContext *ctx)
{
  return resume(ctx, STREAM_TYPE_DOWNSTREAM);
}

PwasmStatus
pwasm_tcp_context_resume_upstream(PwasmTcpContext *ctx)
{
  return resume(ctx, STREAM_TYPE_UPSTREAM);
}

PwasmStatus
pwasm_tcp_context_close_downstream(PwasmTcpContext *ctx)
{
  return close(ctx, STREAM_TYPE_DOWNSTREAM);
}

PwasmStatus
pwasm_tcp_context_close_upstream(PwasmTcpContext *ctx)
{
  return close(ctx, STREAM_TYPE_UPSTREAM);
}
