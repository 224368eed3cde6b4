#include "host_private.h"

PwasmHostVm *
pwasm_host_vm_new(PwasmHost *host, const PwasmHostVmOptions *options)
{
  static const PwasmHostVmOptions no_options = {0};
  PwasmHostVm *vm = pwasm__host_alloc(sizeof *vm);
  PwasmHostVm **link = &host->vms;
  size_t index = 0;

  if (options == NULL)
    options = &no_options;
  vm->host = host;
  vm->guest = pwasm__guest();
  vm->id = pwasm__host_str_dup(options->id);
  vm->configuration = pwasm__host_str_dup(options->configuration);
  pwasm_host_vm_set_next_context_id(vm, options->next_context_id);
  pwasm__host_context_add(&vm->context, vm);
  for (; *link != NULL; link = &(*link)->next)
    index++;
  *link = vm;
  vm->guest->start(vm);
  if (host->fault.has_vm && host->fault.vm == index)
    pwasm_host_vm_fail_allocations_after(vm, host->fault.allocations_before);
  return vm;
}

void
pwasm_host_vm_set_next_context_id(PwasmHostVm *vm, uint32_t next_context_id)
{
  vm->next_context_id = next_context_id == 0 ? 1 : next_context_id;
}

PwasmVm *
pwasm_host_vm_native(const PwasmHostVm *vm)
{
  return vm->native;
}

bool
pwasm_host_vm_is_wasm(const PwasmHostVm *vm)
{
  return vm->guest->is_wasm;
}

bool
pwasm_host_vm_has_trapped(const PwasmHostVm *vm)
{
  return vm->has_trapped;
}

void
pwasm_host_vm_memory(PwasmHostVm *vm, PwasmVmMemory *ret_memory)
{
  vm->guest->memory(vm, ret_memory);
}

void
pwasm_host_vm_fail_allocations_after(PwasmHostVm *vm, size_t count)
{
  vm->guest->fail_allocations_after(vm, count);
}

static PwasmHostContext **
link_of(PwasmHostVm *vm, uint32_t id)
{
  PwasmHostContext **link = &vm->chains[id % PWASM_HOST_NUM_CHAINS];

  while (*link != NULL && (*link)->id != id)
    link = &(*link)->next;
  return link;
}

PwasmHostContext *
pwasm__host_context_find(PwasmHostVm *vm, uint32_t id)
{
  return *link_of(vm, id);
}

void
pwasm__host_context_add(PwasmHostContext *context, PwasmHostVm *vm)
{
  context->vm = vm;
  context->id = 0;
  /* In ngx_wasm_module a hash; here, a large number. */
  if (vm->host->traits->has_large_plugin_ids && context->plugin != NULL && context->http == NULL &&
      context->tcp == NULL) {
    context->id = 0xf00dface;
    while (*link_of(vm, context->id) != NULL)
      context->id++;
  }
  /* Id 0 is the VM's own, and taken. */
  while (*link_of(vm, context->id) != NULL)
    context->id = vm->next_context_id++;
  *link_of(vm, context->id) = context;
}

void
pwasm__host_context_remove(PwasmHostContext *context)
{
  *link_of(context->vm, context->id) = context->next;
  context->next = NULL;
}
