#include "../context_private.h"

const PwasmExport pwasm_export_on_vm_start = {0};

/* Hosts call it once for each plugin: the answer of the first time stands. */
static uint32_t
start(PwasmContext *plugin, size_t slot, uint32_t configuration_size, uint32_t b)
{
  PwasmVm *vm = pwasm__vm();

  (void)plugin;
  (void)slot;
  (void)b;
  if (vm->start == PWASM_VM_START_PENDING) {
    PwasmVmContext *ctx = pwasm__vm_context();

    if (ctx == NULL)
      return false;
    vm->current = &ctx->base;
    vm->start = PWASM__CALL_SLOT(PwasmVmContextClass, on_vm_start, ctx, configuration_size)
                  ? PWASM_VM_START_ACCEPTED
                  : PWASM_VM_START_REFUSED;
  }
  return vm->start == PWASM_VM_START_ACCEPTED;
}

uint32_t
proxy_on_vm_start(uint32_t plugin_id, uint32_t configuration_size)
{
  return pwasm__callback(plugin_id, PWASM_WANT_NONE, start, 0, configuration_size, 0);
}
