#include <pwasm/abi.h>
#include <pwasm/tcp_context.h>

#include "../core/callback_private.h"

/* Of the ABI: which side of a connection. */
#define STREAM_TYPE_DOWNSTREAM 2u
#define STREAM_TYPE_UPSTREAM 3u

static PwasmStatus
resume(PwasmTcpContext *ctx, uint32_t stream_type)
{
  return pwasm__effective_call(&ctx->base, proxy_continue_stream, stream_type);
}

static PwasmStatus
close(PwasmTcpContext *ctx, uint32_t stream_type)
{
  return pwasm__effective_call(&ctx->base, proxy_close_stream, stream_type);
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
