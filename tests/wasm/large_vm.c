/* A plugin whose VM's context is larger than what the pool begins with. */

#include <pwasm/pwasm.h>

typedef struct LargeVm {
  PwasmVmContext base;
  char bytes[40000];
} LargeVm;

static bool
on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  LargeVm *self = PWASM_SELF(LargeVm, ctx);

  (void)configuration_size;
  for (size_t i = 0; i < sizeof self->bytes; i++)
    self->bytes[i] = 1;
  return true;
}

static const PwasmVmContextClass large_vm_class = {
  PWASM_VM_SUBCLASS(LargeVm, pwasm_vm_context_class),
  PWASM_ON(on_vm_start, on_vm_start),
};

PWASM_PLUGIN(.vm_class = &large_vm_class);
