#include <pwasm/abi.h>
#include <pwasm/header_map.h>

#include "../core/callback_private.h"
#include "grpc_call_private.h"

static void
run_cancelled(PwasmCall *base, const void *unused)
{
  uint32_t grpc_status = PWASM_GRPC_STATUS_CANCELLED;

  (void)unused;
  pwasm__grpc_stream_close(base, &grpc_status);
}

static const PwasmGrpcOps ops = {
  .run = {pwasm__grpc_stream_initial_metadata, pwasm__grpc_stream_message,
          pwasm__grpc_stream_trailing_metadata, pwasm__grpc_stream_close},
  .run_cancelled = run_cancelled,
};

static uint32_t
send(const PwasmGrpcRequest *request, PwasmStr metadata, uint32_t *ret_id)
{
  const PwasmGrpcStreamOptions *target = &request->target;

  return proxy_grpc_stream(target->upstream.data, (uint32_t)target->upstream.len,
                           target->service.data, (uint32_t)target->service.len, target->method.data,
                           (uint32_t)target->method.len, metadata.data, (uint32_t)metadata.len,
                           ret_id);
}

PwasmStatus
pwasm_grpc_stream_open(PwasmContext *owner, const PwasmGrpcStreamOptions *options,
                       const PwasmGrpcStreamHandlers *handlers, void *data,
                       PwasmGrpcStream *ret_stream)
{
  const PwasmGrpcRequest request = {.target = *options};
  const PwasmGrpc prototype = {.ops = &ops, .handlers = handlers, .data = data};

  return pwasm__grpc_open(owner, &request, &prototype, send, &ret_stream->id);
}

/* NULL when it is closed, or was never a stream. */
static PwasmGrpc *
find(uint32_t id)
{
  PwasmGrpc *stream = (PwasmGrpc *)pwasm__call_get(PWASM_CALL_KIND_GRPC, id);

  return stream == NULL || stream->handlers == NULL ? NULL : stream;
}

PwasmStatus
pwasm__grpc_stream_send(uint32_t id, const char *message, size_t message_len, bool end_of_stream)
{
  PwasmGrpc *stream = find(id);
  uint32_t previous_id;
  PwasmStatus status;

  if (stream == NULL || stream->is_half_closed)
    return PWASM_STATUS_CLOSED;
  if (!pwasm__fits(message_len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = pwasm__call_effective_set(stream->base.owner, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  /* Already now: the host may call back. */
  stream->is_half_closed = end_of_stream;
  status = (PwasmStatus)proxy_grpc_send(id, message, (uint32_t)message_len, end_of_stream);
  pwasm__effective_restore(previous_id);
  if (status != PWASM_STATUS_OK && end_of_stream && find(id) == stream)
    stream->is_half_closed = false;
  return status;
}

PwasmStatus
pwasm__grpc_stream_cancel(uint32_t id)
{
  PwasmGrpc *stream = find(id);
  uint32_t previous_id;
  PwasmStatus status;

  if (stream == NULL)
    return PWASM_STATUS_CLOSED;
  status = pwasm__call_effective_set(stream->base.owner, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  /* A host that does not know it will not speak of it either. */
  pwasm_ignore((PwasmStatus)proxy_grpc_cancel(id));
  pwasm__effective_restore(previous_id);
  /* Unless the host has closed it there. */
  if (find(id) == stream) {
    pwasm__call_end(&stream->base);
    pwasm__call_run(&stream->base, run_cancelled, NULL);
    pwasm__call_release(&stream->base);
  }
  return PWASM_STATUS_OK;
}
