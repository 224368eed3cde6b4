#include <pwasm/buffer.h>

#include "context_private.h"

static bool
default_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  return true;
}

static const PwasmPluginContextClass *
default_create_plugin_context(PwasmVmContext *ctx)
{
  (void)ctx;
  return pwasm_plugin.plugin_class != NULL ? pwasm_plugin.plugin_class
                                           : &pwasm_plugin_context_class;
}

const PwasmVmContextClass pwasm_vm_context_class = {
  PWASM__SUBCLASS_ROOT(PwasmVmContext),
  PWASM__DEFAULT(on_vm_start, default_on_vm_start),
  PWASM__DEFAULT(create_plugin_context, default_create_plugin_context),
};

PwasmVmContext *
pwasm__vm_context(void)
{
  PwasmVm *vm = pwasm__vm();

  if (vm->vm_context == NULL) {
    const PwasmVmContextClass *klass =
      pwasm_plugin.vm_class != NULL ? pwasm_plugin.vm_class : &pwasm_vm_context_class;

    pwasm__context_new(&klass->base, PWASM_CONTEXT_KIND_VM, 0, NULL);
  }
  return vm->vm_context;
}

PwasmStatus
pwasm_vm_configuration_get(PwasmStr *ret_configuration)
{
  return pwasm_buffer_get(PWASM_BUFFER_VM_CONFIGURATION, 0, SIZE_MAX, ret_configuration);
}
