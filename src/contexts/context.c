#include "context_private.h"

#include <string.h>

#include <pwasm/panic.h>

#include "../core/arena_private.h"
#include "../core/poison_private.h"
#include "../core/port_private.h"
#include "../hostcall/log_private.h"

/* So many references that an author's ref and unref in a finalizer never end at zero again. */
#define REFS_WHILE_FINALIZED 0x40000000

static bool
default_on_done(PwasmContext *ctx)
{
  (void)ctx;
  return true;
}

static void
default_on_log(PwasmContext *ctx)
{
  (void)ctx;
}

const PwasmContextClass pwasm_context_class = {
  .name = PWASM__CLASS_NAME("PwasmContext"),
  .instance_size = sizeof(PwasmContext),
  PWASM__DEFAULT(on_done, default_on_done),
  PWASM__DEFAULT(on_log, default_on_log),
};

const PwasmContextClass *
pwasm__class_with_slot(const PwasmContextClass *klass, size_t offset)
{
  for (;; klass = klass->base_class) {
    void (*function)(void);

    memcpy(&function, (const char *)klass + offset, sizeof function);
    if (function != NULL || klass->base_class == NULL)
      return klass;
  }
}

static void
init(const PwasmContextClass *klass, PwasmContext *ctx)
{
  if (klass->base_class != NULL)
    init(klass->base_class, ctx);
  if (klass->init != NULL)
    klass->init(ctx);
}

#if !defined(__wasm__) || !defined(NDEBUG)
/* A class whose struct is smaller than its base class's was made by somebody who lied to
 * PWASM_DECLARE_CLASS: its fields would overlap. Found in native and debug builds. */
static void
check_class(const PwasmContextClass *klass)
{
  for (; klass->base_class != NULL; klass = klass->base_class) {
    if (klass->instance_size < klass->base_class->instance_size)
      PWASM_PANIC("a class whose struct is smaller than that of its base class");
  }
}
#else
static void
check_class(const PwasmContextClass *klass)
{
  (void)klass;
}
#endif

PwasmContext *
pwasm__context_new(const PwasmContextClass *klass, PwasmContextKind kind, uint32_t id,
                   PwasmContext *parent)
{
  PwasmVm *vm = pwasm__vm();
  size_t size = pwasm__align(klass->instance_size) + PWASM_RED_ZONE;
  PwasmBlock *block;
  PwasmContext *ctx;

  check_class(klass);
  block = pwasm__port_allocation_fails() ? NULL : pwasm__block_acquire(size);
  if (block == NULL) {
    PWASM__LOG_ID(PWASM_LOG_ERROR, "pwasm: no memory: context ", id);
    return NULL;
  }
  ctx = (PwasmContext *)(void *)block->begin;
  pwasm__unpoison(ctx, klass->instance_size);
  memset(ctx, 0, klass->instance_size);
  block->begin += size;
  ctx->arena.block = block;
  ctx->arena.next = block->begin;
  ctx->klass = klass;
  ctx->kind = (uint8_t)kind;
  ctx->id = id;
  ctx->refs = 2; /* the table's, and that of this function: in `init` the host may delete it */
  if (parent != NULL)
    ctx->parent = pwasm_context_ref(parent);
  /* Before init, from inside which the host may call. The VM's context has no id: the host never
   * names it. */
  if (kind == PWASM_CONTEXT_KIND_VM)
    vm->vm_context = (PwasmVmContext *)ctx;
  else
    pwasm__id_table_insert(&vm->contexts, ctx);
#ifndef __wasm__
  vm->num_contexts++;
#endif
  vm->current = ctx;
  init(klass, ctx);
  pwasm_context_unref(ctx);
  return ctx;
}

void
pwasm__context_delete(PwasmContext *ctx)
{
  PwasmVm *vm = pwasm__vm();

  /* Of a stream that was refused the host knows all the same. */
  if (ctx == NULL)
    return;
  pwasm__id_table_remove(&vm->contexts, ctx);
  ctx->closed = true;
  if (vm->cancel_calls != NULL)
    vm->cancel_calls(ctx);
  pwasm_context_unref(ctx);
}

static void
finalize(PwasmContext *ctx)
{
  PwasmContext *parent = ctx->parent;

  ctx->refs = REFS_WHILE_FINALIZED;
  for (const PwasmContextClass *klass = ctx->klass; klass != NULL; klass = klass->base_class) {
    if (klass->finalize != NULL)
      klass->finalize(ctx);
  }
  pwasm_arena_reset(&ctx->arena);
  pwasm__block_release(ctx->arena.block);
#ifndef __wasm__
  pwasm__vm()->num_contexts--;
#endif
  pwasm_context_unref(parent);
}

PwasmContext *
pwasm_context_ref(PwasmContext *ctx)
{
  ctx->refs++;
  return ctx;
}

void
pwasm_context_unref(PwasmContext *ctx)
{
  if (ctx != NULL && --ctx->refs == 0)
    finalize(ctx);
}
