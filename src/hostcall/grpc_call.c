#include <pwasm/abi.h>

#include "grpc_call_private.h"

static void
run_cancelled(PwasmCall *base, const void *unused)
{
  const PwasmGrpc *call = (PwasmGrpc *)base;

  (void)unused;
  if (call->done != NULL)
    call->done(base->owner,
               &(PwasmGrpcCallResult){.outcome = pwasm__call_untold_outcome(base),
                                      .grpc_status = PWASM_GRPC_STATUS_CANCELLED},
               call->data);
}

static const PwasmGrpcOps ops = {
  .run[PWASM_GRPC_EVENT_MESSAGE] = pwasm__grpc_call_on_message,
  .run[PWASM_GRPC_EVENT_CLOSE] = pwasm__grpc_call_on_close,
  .run_cancelled = run_cancelled,
  .ends_with_message = true,
};

static uint32_t
send(const PwasmGrpcRequest *request, PwasmStr metadata, uint32_t *ret_id)
{
  const PwasmGrpcStreamOptions *target = &request->target;

  return proxy_grpc_call(target->upstream.data, (uint32_t)target->upstream.len,
                         target->service.data, (uint32_t)target->service.len, target->method.data,
                         (uint32_t)target->method.len, metadata.data, (uint32_t)metadata.len,
                         request->message.data, (uint32_t)request->message.len, request->timeout_ms,
                         ret_id);
}

PwasmStatus
pwasm_grpc_call(PwasmContext *owner, const PwasmGrpcCallOptions *options, PwasmGrpcCallFn *done,
                void *data)
{
  PwasmGrpcRequest request = {.target = {.upstream = options->upstream,
                                         .service = options->service,
                                         .method = options->method,
                                         .metadata = options->metadata,
                                         .num_metadata = options->num_metadata},
                              .message = options->message,
                              .timeout_ms =
                                options->timeout_ms == 0 ? INT32_MAX : options->timeout_ms};
  /* Envoy tells the service of 0 as of a deadline that has passed. */
  const PwasmGrpc prototype = {.ops = &ops, .done = done, .data = data};
  PwasmGrpcStream unused;

  return pwasm__grpc_open(owner, &request, &prototype, send, &unused);
}
