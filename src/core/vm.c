#include "vm_private.h"

/* Zero is a valid beginning for all of it but the fault counter, which counts what is left. */
#ifdef __wasm__

PwasmVm pwasm__only_vm;

#else

#include <stdlib.h>

#include "../contexts/context_private.h"
#include "port_private.h"

#include <pwasm/native.h>

static PwasmVm default_vm = {.allocations_before_fault = SIZE_MAX};
static PwasmVm *current_vm = &default_vm;

PwasmVm *
pwasm__vm(void)
{
  return current_vm;
}

PwasmVm *
pwasm_vm_new(void)
{
  PwasmVm *vm = calloc(1, sizeof *vm);

  if (vm != NULL)
    vm->allocations_before_fault = SIZE_MAX;
  return vm;
}

PwasmVm *
pwasm_vm_switch(PwasmVm *vm)
{
  PwasmVm *previous = current_vm;

  current_vm = vm == NULL ? &default_vm : vm;
  return previous;
}

static void
delete_kinds(PwasmVm *vm, uint32_t kinds)
{
  for (size_t i = 0; i < sizeof vm->contexts.chains / sizeof vm->contexts.chains[0]; i++) {
    PwasmContext **link = &vm->contexts.chains[i];

    while (*link != NULL) {
      if (((*link)->kind & kinds) == 0) {
        link = &(*link)->next;
        continue;
      }
      /* Of that id there may be several, of which the newest is in the way. */
      pwasm__context_delete(pwasm__id_table_find(&vm->contexts, (*link)->id));
      link = &vm->contexts.chains[i];
    }
  }
}

/* Streams first: a stream's finalize may look at its plugin. */
static void
delete_all(PwasmVm *vm)
{
  delete_kinds(vm, ~(uint32_t)PWASM_CONTEXT_KIND_PLUGIN);
  delete_kinds(vm, PWASM_CONTEXT_KIND_PLUGIN);
  if (vm->vm_context != NULL) {
    PwasmContext *ctx = &vm->vm_context->base;

    vm->vm_context = NULL;
    ctx->closed = true;
    if (vm->cancel_calls != NULL)
      vm->cancel_calls(ctx);
    pwasm_context_unref(ctx);
  }
}

size_t
pwasm_vm_free(PwasmVm *vm)
{
  PwasmVm *freed = vm == NULL ? &default_vm : vm;
  PwasmVm *previous = pwasm_vm_switch(freed);
  size_t leaked;

  delete_all(freed);
  pwasm_arena_reset(&freed->scratch);
  leaked = freed->num_contexts;
  pwasm__port_free_all();
  if (freed == &default_vm)
    default_vm = (PwasmVm){.allocations_before_fault = SIZE_MAX};
  else
    free(freed);
  pwasm_vm_switch(previous == freed ? NULL : previous);
  return leaked;
}

void
pwasm_vm_memory(PwasmVmMemory *ret_memory)
{
  PwasmVm *vm = pwasm__vm();

  ret_memory->reserved = vm->reserved;
  ret_memory->in_use = vm->pool.in_use;
  ret_memory->contexts = vm->num_contexts;
  ret_memory->allocations = vm->num_allocations;
}

void
pwasm_vm_fail_allocations_after(size_t count)
{
  pwasm__vm()->allocations_before_fault = count;
}

#endif
