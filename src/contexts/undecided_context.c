#include "context_private.h"

static const PwasmContextClass undecided_class = {
  .name = "PwasmUndecidedContext",
  .base_class = &pwasm_context_class,
  .instance_size = sizeof(PwasmUndecidedContext),
};

static PwasmContext *
settle(PwasmContext *ctx, uint32_t kind)
{
  PwasmVm *vm = pwasm__vm();
  PwasmContext *previous = vm->current;
  uint32_t previous_effective_id = vm->effective_id;
  const PwasmUndecidedContext *self = (PwasmUndecidedContext *)ctx;
  const PwasmContextClass *klass = kind == PWASM_CONTEXT_KIND_HTTP  ? &self->http_class->base
                                   : kind == PWASM_CONTEXT_KIND_TCP ? &self->tcp_class->base
                                                                    : NULL;
  PwasmContext *settled;

  if (klass == NULL)
    return NULL;
  pwasm_context_ref(ctx);
  pwasm__context_delete(ctx);
  /* The callback has not begun, but the host acts for this stream already while `init` runs. */
  vm->effective_id = ctx->id;
  pwasm__context_new(klass, (PwasmContextKind)kind, ctx->id, ctx->parent);
  vm->current = previous;
  vm->effective_id = previous_effective_id;
  /* The host may have deleted it meanwhile, and used its id again. */
  settled = pwasm__id_table_find(&vm->contexts, ctx->id);
  pwasm_context_unref(ctx);
  return settled == NULL || settled->kind != kind ? NULL : settled;
}

PwasmContext *
pwasm__undecided_new(const PwasmHttpContextClass *http_class, const PwasmTcpContextClass *tcp_class,
                     uint32_t id, PwasmContext *plugin)
{
  PwasmUndecidedContext *self = (PwasmUndecidedContext *)pwasm__context_new(
    &undecided_class, PWASM_CONTEXT_KIND_UNDECIDED, id, plugin);

  if (self == NULL)
    return NULL;
  self->settle = settle;
  self->http_class = http_class;
  self->tcp_class = tcp_class;
  return &self->base;
}
