#include "../hostcall/log_private.h"
#include "context_private.h"

/* The callbacks that every module exports. */
const PwasmExport pwasm_export_required = {0};
const PwasmExport pwasm_export_create_http_context = {0};
const PwasmExport pwasm_export_create_tcp_context = {0};

static const PwasmContextClass *
plugin_class_of(PwasmVmContext *vm_context)
{
  const PwasmPluginContextClass *klass =
    PWASM__CALL_SLOT(PwasmVmContextClass, create_plugin_context, vm_context);

  return klass == NULL ? NULL : &klass->base;
}

static const PwasmHttpContextClass *
http_class_of(PwasmPluginContext *plugin)
{
  return PWASM__CALL_SLOT(PwasmPluginContextClass, create_http_context, plugin);
}

/* Asks the parent of which class the new context is to be, and makes it. */
static void
create_in(PwasmContext *parent, uint32_t id)
{
  PwasmContextKind kind = PWASM_CONTEXT_KIND_PLUGIN;
  const PwasmContextClass *klass;

  if (parent->kind == PWASM_CONTEXT_KIND_VM) {
    klass = plugin_class_of((PwasmVmContext *)parent);
  } else {
    PwasmPluginContext *plugin = (PwasmPluginContext *)parent;
    const PwasmHttpContextClass *http_class = http_class_of(plugin);

    if (pwasm__tcp_create != NULL && pwasm__tcp_create(id, plugin, http_class))
      return;
    klass = http_class == NULL ? NULL : &http_class->base;
    kind = PWASM_CONTEXT_KIND_HTTP;
  }
  if (klass != NULL)
    pwasm__context_new(klass, kind, id, parent);
  else
    PWASM__LOG_ID(PWASM_LOG_ERROR, "pwasm: no class: context ", id);
}

static uint32_t
create(PwasmContext *stale, size_t slot, uint32_t id, uint32_t parent_id)
{
  PwasmVm *vm = pwasm__vm();
  PwasmContext *parent;

  (void)slot;
  /* A host that uses an id again has lost its old context, whatever it forgot to say. */
  pwasm__context_delete(stale);
  if (parent_id == 0) {
    parent = (PwasmContext *)pwasm__vm_context();
    if (parent == NULL)
      return 0;
  } else {
    parent = pwasm__id_table_find(&vm->contexts, parent_id);
    if (parent == NULL || parent->kind != PWASM_CONTEXT_KIND_PLUGIN) {
      pwasm__unknown_context(parent_id);
      return 0;
    }
  }
  /* Held: from inside what its author does the host may delete it. */
  vm->current = pwasm_context_ref(parent);
  create_in(parent, id);
  /* The new one is held by the table only, out of which the host may have taken it. */
  vm->current = parent;
  pwasm_context_unref(parent);
  return 0;
}

void
proxy_on_context_create(uint32_t context_id, uint32_t parent_id)
{
  pwasm__callback(context_id, PWASM_WANT_NONE, create, 0, context_id, parent_id);
}

static uint32_t
delete_context(PwasmContext *ctx, size_t slot, uint32_t a, uint32_t b)
{
  (void)slot;
  (void)a;
  (void)b;
  pwasm__context_delete(ctx);
  return 0;
}

void
proxy_on_delete(uint32_t context_id)
{
  pwasm__callback(context_id, PWASM_WANT_NONE, delete_context, 0, 0, 0);
}

/* Where the host puts what it returns; also called outside of any callback. Some hosts ask for
 * nothing and take NULL for a failure. */
void *
proxy_on_memory_allocate(uint32_t size)
{
  PwasmVm *vm = pwasm__vm();
  void *bytes = pwasm_arena_alloc(&vm->scratch, size);

  if (bytes == NULL)
    vm->allocation_failed = true;
  return bytes;
}
