#include "kept_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/vm_private.h"
#include "memory_private.h"

/* Memory never goes back to the system while its VM lives, so this may be asked of a freed one: a block begins
 * behind its header, but for one that a context lies in. */
static bool
is_alive(PwasmContext *ctx)
{
  PwasmBlock *block = (PwasmBlock *)(void *)ctx - 1;

  return block->begin != pwasm__block_bytes(block);
}

void
pwasm__kept_note(PwasmHostKept *kept, PwasmContext *ctx)
{
  size_t place = kept->num_contexts;

  if (ctx == NULL || !is_alive(ctx))
    return;
  for (size_t i = 0; i < kept->num_contexts; i++) {
    if (kept->contexts[i] == ctx)
      return;
    if (!is_alive(kept->contexts[i]))
      place = i;
  }
  if (place == kept->num_contexts)
    kept->contexts = pwasm__host_grow(kept->contexts, ++kept->num_contexts,
                                      sizeof kept->contexts[0], &kept->capacity);
  kept->contexts[place] = ctx;
}

static void
note_all(PwasmHostKept *kept, PwasmVm *vm)
{
  for (size_t i = 0; i < sizeof vm->contexts.chains / sizeof vm->contexts.chains[0]; i++) {
    for (PwasmContext *ctx = vm->contexts.chains[i]; ctx != NULL; ctx = ctx->next)
      pwasm__kept_note(kept, ctx);
  }
  if (vm->vm_context != NULL)
    pwasm__kept_note(kept, &vm->vm_context->base);
}

/* Of one that is not the VM's; of an undecided stream no plugin knows. */
static const char *
kind_of(const PwasmContext *ctx)
{
  return ctx->kind == PWASM_CONTEXT_KIND_HTTP  ? "HTTP stream"
         : ctx->kind == PWASM_CONTEXT_KIND_TCP ? "connection"
                                               : "plugin";
}

/* What a VM has left when all of its contexts are deleted. */
typedef struct Count {
  const PwasmHostKept *kept;
  size_t num_alive;
  PwasmHostLeaks *leaks;
} Count;

/* Those that are not of the contexts in it. */
static uint32_t
references_of(const PwasmHostKept *kept, const PwasmContext *ctx)
{
  uint32_t refs = ctx->refs;

  for (size_t i = 0; i < kept->num_contexts; i++) {
    if (is_alive(kept->contexts[i]) && kept->contexts[i]->parent == ctx)
      refs--;
  }
  return refs;
}

static void
say(PwasmHostLeaks *leaks, const PwasmContext *ctx, uint32_t refs)
{
  size_t len = strlen(leaks->text);
  char *end = leaks->text + len;
  size_t size = sizeof leaks->text - len;

  leaks->num_referenced++;
  if (ctx->kind == PWASM_CONTEXT_KIND_VM)
    snprintf(end, size, "\n  the VM's context, a %s: %u", ctx->klass->name, refs);
  else
    snprintf(end, size, "\n  %s %u, a %s: %u", kind_of(ctx), ctx->id, ctx->klass->name, refs);
}

static void
count(void *data)
{
  Count *self = data;

  for (size_t i = 0; i < self->kept->num_contexts; i++) {
    PwasmContext *ctx = self->kept->contexts[i];
    uint32_t refs;

    if (!is_alive(ctx))
      continue;
    self->num_alive++;
    refs = references_of(self->kept, ctx);
    if (refs > 0)
      say(self->leaks, ctx, refs);
  }
}

/* Makes `count` run between the end of the contexts and that of their memory: with the arena that is reset there. */
static void
count_at_the_end(Count *self, PwasmVm *vm)
{
  PwasmVm *previous = pwasm_vm_switch(vm);
  size_t allocations_before_fault = vm->allocations_before_fault;

  vm->allocations_before_fault = SIZE_MAX;
  if (pwasm_arena_add_cleanup(&vm->scratch, count, self) != PWASM_STATUS_OK)
    abort();
  vm->allocations_before_fault = allocations_before_fault;
  pwasm_vm_switch(previous);
}

void
pwasm__kept_vm_free(PwasmHostKept *kept, PwasmVm *vm, PwasmHostLeaks *ret_leaks)
{
  PwasmHostLeaks leaks = {0};
  Count self = {.kept = kept, .leaks = &leaks};

  note_all(kept, vm);
  count_at_the_end(&self, vm);
  leaks.num_contexts = pwasm_vm_free(vm);
  /* The plugin has reset the arena before, while something was finalized, or the test has deleted contexts behind
   * the host's back. */
  if (self.num_alive != leaks.num_contexts)
    leaks.num_referenced = 0;
  free(kept->contexts);
  *ret_leaks = leaks;
}
