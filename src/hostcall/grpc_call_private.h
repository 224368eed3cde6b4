#ifndef PWASM_GRPC_CALL_PRIVATE_H
#define PWASM_GRPC_CALL_PRIVATE_H

#include <pwasm/grpc_call.h>

#include "../core/call_private.h"

/* What can happen to a call or a stream. */
typedef enum PwasmGrpcEvent {
  PWASM_GRPC_EVENT_INITIAL_METADATA,
  PWASM_GRPC_EVENT_MESSAGE,
  PWASM_GRPC_EVENT_TRAILING_METADATA,
  PWASM_GRPC_EVENT_CLOSE,
  PWASM_GRPC_NUM_EVENTS
} PwasmGrpcEvent;

/* What to do then. The functions are in the files of the host's callbacks, which so are in every module
 * that needs them, and in no other. */
typedef struct PwasmGrpcOps {
  /* NULL: nothing. `value` is the uint32_t that came with the event. */
  void (*run[PWASM_GRPC_NUM_EVENTS])(PwasmCall *call, const void *value);
  void (*run_cancelled)(PwasmCall *call, const void *unused);
  /* Makes the host forget what it has closed. NULL: it does so by itself. */
  void (*forget)(uint32_t id);
  bool ends_with_message;
} PwasmGrpcOps;

typedef struct PwasmGrpc {
  PwasmCall base;
  const PwasmGrpcOps *ops;
  PwasmGrpcCallFn *done;                   /* of a call; may be NULL */
  const PwasmGrpcStreamHandlers *handlers; /* of a stream; NULL for a call */
  void *data;
  uint32_t generation; /* of a stream: tells it from others that the host gives the same id */
  bool is_half_closed;
} PwasmGrpc;

static inline PwasmGrpcStream
pwasm__grpc_stream_handle(const PwasmGrpc *stream)
{
  return (PwasmGrpcStream){(uint64_t)stream->generation << 32 | stream->base.id};
}

/* What to send: a stream has neither message nor timeout. */
typedef struct PwasmGrpcRequest {
  PwasmGrpcStreamOptions target;
  PwasmStr message;
  uint32_t timeout_ms;
} PwasmGrpcRequest;

typedef uint32_t PwasmGrpcSendFn(const PwasmGrpcRequest *request, PwasmStr metadata,
                                 uint32_t *ret_id);

/* Begins a call or a stream like `prototype`, of which the base is not looked at. The request is changed. */
PwasmStatus pwasm__grpc_open(PwasmContext *owner, PwasmGrpcRequest *request,
                             const PwasmGrpc *prototype, PwasmGrpcSendFn *send,
                             PwasmGrpcStream *ret_handle);

/* The body of all callbacks: `event` is a PwasmGrpcEvent. */
uint32_t pwasm__grpc_deliver(PwasmContext *ctx, size_t event, uint32_t call_id, uint32_t value);

void pwasm__grpc_call_on_message(PwasmCall *call, const void *value);
void pwasm__grpc_call_on_close(PwasmCall *call, const void *value);
void pwasm__grpc_stream_on_initial_metadata(PwasmCall *call, const void *value);
void pwasm__grpc_stream_on_message(PwasmCall *call, const void *value);
void pwasm__grpc_stream_on_trailing_metadata(PwasmCall *call, const void *value);
void pwasm__grpc_stream_on_close(PwasmCall *call, const void *value);

#endif
