#include <pwasm/abi.h>

#include "../../hostcall/grpc_call_private.h"
#include "../context_private.h"

const PwasmExport pwasm_export_on_grpc_receive_initial_metadata = {0};

void
pwasm__grpc_stream_on_initial_metadata(PwasmCall *base, const void *value)
{
  const PwasmGrpc *stream = (PwasmGrpc *)base;

  if (stream->handlers->on_initial_metadata != NULL)
    stream->handlers->on_initial_metadata(base->owner, pwasm__grpc_stream_handle(stream),
                                          *(const uint32_t *)value, stream->data);
}

void
proxy_on_grpc_receive_initial_metadata(uint32_t context_id, uint32_t call_id, uint32_t num_metadata)
{
  pwasm__callback(context_id, PWASM_WANT_NONE, pwasm__grpc_deliver,
                  PWASM_GRPC_EVENT_INITIAL_METADATA, call_id, num_metadata);
}
