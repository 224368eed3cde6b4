#include <pwasm/abi.h>

#include "../../hostcall/grpc_call_private.h"
#include "../context_private.h"

const PwasmExport pwasm_export_on_grpc_receive = {0};

void
pwasm__grpc_call_on_message(PwasmCall *base, const void *value)
{
  const PwasmGrpc *call = (PwasmGrpc *)base;
  const PwasmGrpcCallResult result = {.outcome = PWASM_CALL_ANSWERED,
                                      .message_size = *(const uint32_t *)value};

  if (call->done != NULL)
    call->done(base->owner, &result, call->data);
}

void
pwasm__grpc_stream_on_message(PwasmCall *base, const void *value)
{
  const PwasmGrpc *stream = (PwasmGrpc *)base;

  if (stream->handlers->on_message != NULL)
    stream->handlers->on_message(base->owner, pwasm__grpc_stream_handle(stream),
                                 *(const uint32_t *)value, stream->data);
}

void
proxy_on_grpc_receive(uint32_t context_id, uint32_t call_id, uint32_t message_size)
{
  pwasm__callback(context_id, PWASM_WANT_NONE, pwasm__grpc_deliver, PWASM_GRPC_EVENT_MESSAGE,
                  call_id, message_size);
}
