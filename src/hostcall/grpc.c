#include <pwasm/abi.h>
#include <pwasm/header_map.h>

#include "../core/callback_private.h"
#include "grpc_call_private.h"
#include "log_private.h"
#include "pairs_private.h"
#include "protobuf_private.h"

/* What the host would refuse without a word of why; missing if nothing. */
static PwasmStr
complaint_about(const PwasmGrpcRequest *request)
{
  if (request->target.upstream.len == 0)
    return PWASM_STR("pwasm: grpc call without upstream");
  if (request->target.service.len == 0)
    return PWASM_STR("pwasm: grpc call without service");
  if (request->target.method.len == 0)
    return PWASM_STR("pwasm: grpc call without method");
  if (request->timeout_ms > INT32_MAX)
    return PWASM_STR("pwasm: grpc call with timeout_ms over INT32_MAX");
  return pwasm_str(NULL, 0);
}

/* The owner is deleted, or the host has lost the call and uses its id again. */
static void
cancel(PwasmCall *base)
{
  const PwasmGrpc *call = (PwasmGrpc *)base;

  /* One that has no id yet is cancelled when it gets one. */
  if (base->has_id && pwasm__call_get(PWASM_CALL_KIND_GRPC, base->id) == NULL)
    pwasm_ignore((PwasmStatus)proxy_grpc_cancel(base->id));
  pwasm__call_run(base, call->ops->run_cancelled, NULL);
}

static PwasmStatus
open_on_behalf(PwasmContext *owner, const PwasmGrpcRequest *request, PwasmStr metadata,
               const PwasmGrpc *prototype, PwasmGrpcSendFn *send, PwasmGrpcStream *ret_handle)
{
  PwasmGrpc *call = (PwasmGrpc *)pwasm__call_new(owner, PWASM_CALL_KIND_GRPC, sizeof *call, cancel);
  struct PwasmCallTable *table = pwasm__vm()->calls;
  PwasmGrpc opened;
  uint32_t host_status;
  PwasmStatus status;

  if (call == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  call->ops = prototype->ops;
  call->done = prototype->done;
  call->handlers = prototype->handlers;
  call->data = prototype->data;
  call->generation = ++table->num_generations;
  opened = *call;
  host_status = send(request, metadata, &opened.base.id);
  if (call->base.is_over && call->base.has_id)
    opened.base.id = call->base.id;
  else if (call->base.is_over && host_status == PWASM_STATUS_OK)
    pwasm_ignore((PwasmStatus)proxy_grpc_cancel(opened.base.id));
  status = pwasm__call_opened(&call->base, host_status, opened.base.id);
  if (status == PWASM_STATUS_OK)
    *ret_handle = pwasm__grpc_stream_handle(&opened);
  else if (status == PWASM_STATUS_INTERNAL_FAILURE)
    /* Envoy still closes it, when the callback has returned. */
    table->num_abandoned[PWASM_CALL_KIND_GRPC]++;
  return status;
}

/* Protobuf's tags of the fields of GrpcService that say to whom; they are the first. */
#define TAG_ENVOY_GRPC '\x0a'
#define TAG_GOOGLE_GRPC '\x12'

/* Envoy takes a name for a message if it can: "users" is one, with a field that nobody knows, and since it
 * does not say to whom, Envoy aborts. So no name is passed on: GrpcService{envoy_grpc: {cluster_name}}. */
static PwasmStatus
upstream_to_message(PwasmStr *upstream)
{
  PwasmProtobufField field = {.number = 1, .bytes = *upstream};
  PwasmStatus status = PWASM_STATUS_OK;

  if (upstream->data[0] == TAG_ENVOY_GRPC || upstream->data[0] == TAG_GOOGLE_GRPC)
    return PWASM_STATUS_OK;
  for (int level = 0; level < 2 && status == PWASM_STATUS_OK; level++)
    status = pwasm__protobuf_serialize(pwasm_scratch(), &field, 1, &field.bytes);
  *upstream = field.bytes;
  return status;
}

static PwasmStatus
open_call(PwasmContext *owner, PwasmGrpcRequest *request, const PwasmGrpc *prototype,
          PwasmGrpcSendFn *send, PwasmGrpcStream *ret_handle)
{
  PwasmStr metadata;
  uint32_t previous_id;
  PwasmStatus status = pwasm__pairs_serialize(pwasm_scratch(), request->target.metadata,
                                              request->target.num_metadata, &metadata);

  if (status == PWASM_STATUS_OK)
    status = upstream_to_message(&request->target.upstream);
  if (status == PWASM_STATUS_OK)
    status = pwasm__call_effective_set(owner, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  status = open_on_behalf(owner, request, metadata, prototype, send, ret_handle);
  pwasm__effective_restore(previous_id);
  return status;
}

PwasmStatus
pwasm__grpc_open(PwasmContext *owner, PwasmGrpcRequest *request, const PwasmGrpc *prototype,
                 PwasmGrpcSendFn *send, PwasmGrpcStream *ret_handle)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  PwasmStr complaint = complaint_about(request);
  PwasmStatus status;

  if (owner->closed)
    return PWASM_STATUS_CLOSED;
  if (pwasm_str_is_present(complaint)) {
    pwasm__log(PWASM_LOG_ERROR, complaint.data, complaint.len);
    return PWASM_STATUS_BAD_ARGUMENT;
  }
  if (!pwasm__fits(request->target.upstream.len, request->message.len) ||
      !pwasm__fits(request->target.service.len, request->target.method.len))
    return PWASM_STATUS_TOO_LARGE;
  status = open_call(owner, request, prototype, send, ret_handle);
  pwasm_arena_rewind(scratch, mark);
  return status;
}

/* The end: of a call with or without an answer. */
static void
end(PwasmCall *base, size_t event, uint32_t value)
{
  const PwasmGrpcOps *ops = ((PwasmGrpc *)base)->ops;

  /* Before the author is told: the host may go on meanwhile. */
  pwasm__call_end(base);
  if (ops->forget != NULL && !base->is_opening)
    ops->forget(base->id);
  pwasm__call_run(base, ops->run[event], &value);
  pwasm__call_release(base);
}

uint32_t
pwasm__grpc_deliver(PwasmContext *ctx, size_t event, uint32_t call_id, uint32_t value)
{
  PwasmCall *base = pwasm__call_find(PWASM_CALL_KIND_GRPC, call_id);
  const PwasmGrpcOps *ops;

  (void)ctx;
  if (base == NULL)
    return 0;
  ops = ((PwasmGrpc *)base)->ops;
  if (event == PWASM_GRPC_EVENT_CLOSE ||
      (event == PWASM_GRPC_EVENT_MESSAGE && ops->ends_with_message)) {
    end(base, event, value);
  } else if (ops->run[event] != NULL && !base->is_opening) {
    /* The author may cancel it meanwhile, or the host close it. */
    pwasm__call_hold(base);
    pwasm__call_run(base, ops->run[event], &value);
    pwasm__call_unhold(base);
  }
  return 0;
}
