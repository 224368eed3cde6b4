#include <pwasm/abi.h>

#include "../../hostcall/grpc_call_private.h"
#include "../context_private.h"

const PwasmExport pwasm_export_on_grpc_close = {0};

/* The answer to a call comes without it. */
void
pwasm__grpc_call_on_close(PwasmCall *base, const void *value)
{
  const PwasmGrpc *call = (PwasmGrpc *)base;
  const PwasmGrpcCallResult result = {.outcome = PWASM_CALL_FAILED,
                                      .grpc_status = *(const uint32_t *)value};

  if (call->done != NULL)
    call->done(base->owner, &result, call->data);
}

void
pwasm__grpc_stream_on_close(PwasmCall *base, const void *value)
{
  const PwasmGrpc *stream = (PwasmGrpc *)base;

  if (stream->handlers->on_close != NULL)
    stream->handlers->on_close(base->owner, pwasm__grpc_stream_handle(stream),
                               *(const uint32_t *)value, stream->data);
}

void
proxy_on_grpc_close(uint32_t context_id, uint32_t call_id, uint32_t grpc_status)
{
  pwasm__callback(context_id, PWASM_WANT_NONE, pwasm__grpc_deliver, PWASM_GRPC_EVENT_CLOSE, call_id,
                  grpc_status);
}
