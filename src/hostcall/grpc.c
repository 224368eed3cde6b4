#include <pwasm/abi.h>
#include <pwasm/header_map.h>

#include "../core/callback_private.h"
#include "grpc_call_private.h"
#include "log_private.h"
#include "pairs_private.h"

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
               const PwasmGrpc *prototype, PwasmGrpcSendFn *send, uint32_t *ret_id)
{
  PwasmGrpc *call = (PwasmGrpc *)pwasm__call_new(owner, PWASM_CALL_KIND_GRPC, sizeof *call, cancel);
  uint32_t id = 0;
  uint32_t host_status;
  PwasmStatus status;

  if (call == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  call->ops = prototype->ops;
  call->done = prototype->done;
  call->handlers = prototype->handlers;
  call->data = prototype->data;
  host_status = send(request, metadata, &id);
  if (call->base.is_over && call->base.has_id)
    id = call->base.id;
  else if (call->base.is_over && host_status == PWASM_STATUS_OK)
    pwasm_ignore((PwasmStatus)proxy_grpc_cancel(id));
  status = pwasm__call_opened(&call->base, host_status, id);
  if (status == PWASM_STATUS_OK)
    *ret_id = id;
  return status;
}

static PwasmStatus
open_call(PwasmContext *owner, const PwasmGrpcRequest *request, const PwasmGrpc *prototype,
          PwasmGrpcSendFn *send, uint32_t *ret_id)
{
  PwasmStr metadata;
  uint32_t previous_id = 0;
  PwasmStatus status = pwasm__pairs_serialize(pwasm_scratch(), request->target.metadata,
                                              request->target.num_metadata, &metadata);

  if (status != PWASM_STATUS_OK)
    return status;
  status = pwasm__call_effective_set(owner, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  status = open_on_behalf(owner, request, metadata, prototype, send, ret_id);
  pwasm__effective_restore(previous_id);
  return status;
}

PwasmStatus
pwasm__grpc_open(PwasmContext *owner, const PwasmGrpcRequest *request, const PwasmGrpc *prototype,
                 PwasmGrpcSendFn *send, uint32_t *ret_id)
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
  status = open_call(owner, request, prototype, send, ret_id);
  pwasm_arena_rewind(scratch, mark);
  return status;
}

uint32_t
pwasm__grpc_deliver(PwasmContext *ctx, size_t event, uint32_t call_id, uint32_t value)
{
  PwasmCall *base = pwasm__call_find(PWASM_CALL_KIND_GRPC, call_id);
  const PwasmGrpcOps *ops;
  PwasmContext *owner;

  (void)ctx;
  if (base == NULL)
    return 0;
  ops = ((PwasmGrpc *)base)->ops;
  if (event == PWASM_GRPC_EVENT_CLOSE ||
      (event == PWASM_GRPC_EVENT_MESSAGE && ops->ends_with_message)) {
    /* Before the author is told: the host may go on meanwhile. */
    pwasm__call_end(base);
    pwasm__call_run(base, ops->run[event], &value);
    pwasm__call_release(base);
  } else if (ops->run[event] != NULL) {
    /* The author may cancel it meanwhile. */
    owner = pwasm_context_ref(base->owner);
    pwasm__call_run(base, ops->run[event], &value);
    pwasm_context_unref(owner);
  }
  return 0;
}
