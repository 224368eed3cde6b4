#include "guard.h"

/* A connection says in its first line who it is; nothing goes on before. */

typedef struct GuardTcp {
  PwasmTcpContext base;
  bool is_known;
  bool is_denied;
  bool is_asking;
  uint64_t downstream_size;
  uint64_t upstream_size;
} GuardTcp;

/* Nothing of a connection that is denied goes on. A host that can't close it takes nothing for its
 * bytes: nobody waits for ever. */
static PwasmAction
deny(GuardTcp *self)
{
  self->is_denied = true;
  if (guard_went_well(pwasm_tcp_context_close_downstream(&self->base), "close"))
    return PWASM_ACTION_PAUSE;
  guard_went_well(pwasm_buffer_clear(PWASM_BUFFER_DOWNSTREAM_DATA), "clear");
  return PWASM_ACTION_CONTINUE;
}

static void
on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  GuardTcp *self = PWASM_SELF(GuardTcp, PWASM_SELF(PwasmTcpContext, owner));

  (void)data;
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  self->is_asking = false;
  if (result->status_code == 200 || deny(self) == PWASM_ACTION_CONTINUE) {
    if (!guard_went_well(pwasm_tcp_context_resume_downstream(&self->base), "resume"))
      deny(self);
  }
}

static PwasmAction
ask(GuardTcp *self)
{
  const PwasmHttpCallOptions options = {
    .upstream = PWASM_STR("auth"),
    .method = PWASM_STR("GET"),
    .path = PWASM_STR("/connection"),
    .authority = PWASM_STR("auth.example.com"),
  };

  self->is_asking = true;
  if (!guard_went_well(pwasm_http_call(PWASM_CONTEXT(&self->base), &options, on_answer, NULL),
                       "call")) {
    self->is_asking = false;
    return deny(self);
  }
  /* Some hosts have answered by now. */
  return self->is_asking || self->is_denied ? PWASM_ACTION_PAUSE : PWASM_ACTION_CONTINUE;
}

static PwasmAction
guard_on_new_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
guard_on_downstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  GuardTcp *self = PWASM_SELF(GuardTcp, ctx);
  PwasmStr bytes;
  bool is_first;

  (void)data_size;
  if (self->is_asking)
    return PWASM_ACTION_PAUSE;
  if (self->is_denied ||
      !guard_went_well(pwasm_buffer_get(PWASM_BUFFER_DOWNSTREAM_DATA, 0, SIZE_MAX, &bytes), "data"))
    return deny(self);
  if (!self->is_known && pwasm_str_find(bytes, PWASM_STR("\n")) == SIZE_MAX && !end_of_stream)
    return PWASM_ACTION_PAUSE;
  is_first = !self->is_known;
  self->is_known = true;
  if (is_first && pwasm_str_starts_with(bytes, PWASM_STR("deny")))
    return deny(self);
  self->downstream_size += bytes.len;
  return is_first && pwasm_str_starts_with(bytes, PWASM_STR("ask")) ? ask(self)
                                                                    : PWASM_ACTION_CONTINUE;
}

static void
log_close(PwasmStr side, PwasmPeer peer)
{
  pwasm_logf(PWASM_LOG_INFO, "%.*s closed: %u", PWASM_STR_ARG(side), (unsigned)peer);
}

static void
guard_on_downstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  log_close(PWASM_STR("downstream"), peer);
}

static PwasmAction
guard_on_upstream_data(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream)
{
  GuardTcp *self = PWASM_SELF(GuardTcp, ctx);

  (void)end_of_stream;
  self->upstream_size += data_size;
  return PWASM_ACTION_CONTINUE;
}

static void
guard_on_upstream_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)ctx;
  log_close(PWASM_STR("upstream"), peer);
}

static void
guard_tcp_on_log(PwasmContext *ctx)
{
  const GuardTcp *self = PWASM_SELF(GuardTcp, PWASM_SELF(PwasmTcpContext, ctx));

  pwasm_logf(PWASM_LOG_INFO, "connection: %llu down, %llu up",
             (unsigned long long)self->downstream_size, (unsigned long long)self->upstream_size);
}

const PwasmTcpContextClass guard_tcp_class = {
  PWASM_TCP_SUBCLASS(GuardTcp, pwasm_tcp_context_class),
  PWASM_ON_BASE(on_log, guard_tcp_on_log),
  PWASM_ON(on_new_connection, guard_on_new_connection),
  PWASM_ON(on_downstream_data, guard_on_downstream_data),
  PWASM_ON(on_downstream_close, guard_on_downstream_close),
  PWASM_ON(on_upstream_data, guard_on_upstream_data),
  PWASM_ON(on_upstream_close, guard_on_upstream_close),
};
