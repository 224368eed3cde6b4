#include <pwasm/abi.h>
#include <pwasm/header_map.h>

#include "../core/callback_private.h"
#include "grpc_call_private.h"

static void
run_cancelled(PwasmCall *base, const void *unused)
{
  uint32_t grpc_status = PWASM_GRPC_STATUS_CANCELLED;

  (void)unused;
  pwasm__grpc_stream_on_close(base, &grpc_status);
}

/* Envoy keeps a stream that the service has closed until it is told. What that refers to is freed sooner, and
 * is used once more when the plugin ends. */
static void
forget(uint32_t id)
{
  pwasm_ignore((PwasmStatus)proxy_grpc_cancel(id));
}

static const PwasmGrpcOps ops = {
  .run = {pwasm__grpc_stream_on_initial_metadata, pwasm__grpc_stream_on_message,
          pwasm__grpc_stream_on_trailing_metadata, pwasm__grpc_stream_on_close},
  .run_cancelled = run_cancelled,
  .forget = forget,
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
  PwasmGrpcRequest request = {.target = *options};
  const PwasmGrpc prototype = {.ops = &ops, .handlers = handlers, .data = data};

  return pwasm__grpc_open(owner, &request, &prototype, send, ret_stream);
}

/* NULL when it is closed, or was never a stream. */
static PwasmGrpc *
find(uint64_t handle)
{
  PwasmGrpc *stream = (PwasmGrpc *)pwasm__call_get(PWASM_CALL_KIND_GRPC, (uint32_t)handle);

  return stream == NULL || stream->handlers == NULL || stream->generation != handle >> 32 ? NULL
                                                                                          : stream;
}

/* Holds a stream and makes the host act for its owner; to be undone with leave(). CLOSED, and nothing to be
 * undone, when the host closes it there. */
static PwasmStatus
enter(PwasmGrpc *stream, uint32_t *ret_previous_id)
{
  PwasmStatus status;

  pwasm__call_hold(&stream->base);
  status = pwasm__call_effective_set(stream->base.owner, ret_previous_id);
  if (status == PWASM_STATUS_OK && stream->base.is_over) {
    pwasm__effective_restore(*ret_previous_id);
    status = PWASM_STATUS_CLOSED;
  }
  if (status != PWASM_STATUS_OK)
    pwasm__call_unhold(&stream->base);
  return status;
}

static void
leave(PwasmGrpc *stream, uint32_t previous_id)
{
  pwasm__effective_restore(previous_id);
  pwasm__call_unhold(&stream->base);
}

/* Sends a message, or only closes the plugin's half if the message is missing. */
static PwasmStatus
send_or_close(uint64_t handle, PwasmStr message, bool end_of_stream)
{
  PwasmGrpc *stream = find(handle);
  uint32_t id = (uint32_t)handle;
  uint32_t previous_id;
  PwasmStatus status;

  if (stream == NULL || stream->is_half_closed)
    return PWASM_STATUS_CLOSED;
  if (!pwasm__fits(message.len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = enter(stream, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  /* Already now: the host may call back. */
  stream->is_half_closed = end_of_stream;
  status = (PwasmStatus)(pwasm_str_is_present(message)
                           ? proxy_grpc_send(id, message.data, (uint32_t)message.len, end_of_stream)
                           : proxy_grpc_close(id));
  if (status != PWASM_STATUS_OK && end_of_stream)
    stream->is_half_closed = false;
  leave(stream, previous_id);
  return status;
}

PwasmStatus
pwasm__grpc_stream_send(uint64_t id, const char *message, size_t message_len, bool end_of_stream)
{
  /* What is missing is an empty message here. */
  return send_or_close(id, pwasm_str(message == NULL ? "" : message, message_len), end_of_stream);
}

PwasmStatus
pwasm__grpc_stream_close(uint64_t id)
{
  return send_or_close(id, pwasm_str(NULL, 0), true);
}

PwasmStatus
pwasm__grpc_stream_cancel(uint64_t id)
{
  PwasmGrpc *stream = find(id);
  uint32_t previous_id;
  PwasmStatus status;

  if (stream == NULL)
    return PWASM_STATUS_CLOSED;
  status = enter(stream, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  /* A host that does not know it will not speak of it either. */
  pwasm_ignore((PwasmStatus)proxy_grpc_cancel((uint32_t)id));
  pwasm__effective_restore(previous_id);
  /* Unless the host has closed it there. */
  if (!stream->base.is_over) {
    pwasm__call_end(&stream->base);
    pwasm__call_run(&stream->base, run_cancelled, NULL);
  }
  pwasm__call_unhold(&stream->base);
  return PWASM_STATUS_OK;
}
