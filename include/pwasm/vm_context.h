#ifndef PWASM_VM_CONTEXT_H
#define PWASM_VM_CONTEXT_H

/** @file
 *  @brief The context of a VM: what all its plugins share.
 */

#include <pwasm/context.h>

PWASM_BEGIN_DECLS

/** The context of a VM. There is one, made before the first plugin, and it lives as long as the VM.
 *
 *  The host has no callback for its end, so under a real host its `on_done`, `on_log` and
 *  `finalize` never run.
 */
struct PwasmVmContext {
  PwasmContext base; /**< the base class */
};

/** The class of a VM context. */
struct PwasmVmContextClass {
  PwasmContextClass base; /**< the base class */

  /** The VM starts. Optional; the default answers true.
   *
   *  Runs once a VM, although hosts announce it once for each plugin: the answer is remembered. In
   *  some hosts (ngx_wasm_module) not every VM gets it, so keep nothing vital here. Answering false
   *  makes the host refuse the VM. Chain up: may. Readable: pwasm_vm_configuration_get().
   */
  PWASM_SLOT(bool, on_vm_start, (PwasmVmContext * ctx, size_t configuration_size));

  /** A plugin appears: of which class is its context to be? Optional.
   *
   *  The default answers with the `plugin_class` of @ref PWASM_PLUGIN, or @ref
   *  pwasm_plugin_context_class where none is named. NULL refuses the plugin: a line in the log
   *  says so, and the plugin fails to configure. Chain up: may.
   */
  PWASM_SLOT(const PwasmPluginContextClass *, create_plugin_context, (PwasmVmContext * ctx));
};

/** The base class of VM contexts. */
extern const PwasmVmContextClass pwasm_vm_context_class;
PWASM_DECLARE_CLASS(pwasm_vm_context_class, PwasmVmContext);

/** Begins the table of a subclass of a VM context: names the struct and the base class.
 *
 *  The compiler refuses a @p T whose first member is not a `base` of the base class's struct.
 */
#define PWASM_VM_SUBCLASS(T, class_object) PWASM__SUBCLASS(T, PwasmVmContextClass, class_object)

/** The configuration of the VM (Envoy: `vm_config.configuration`).
 *
 *  @param[out] ret_configuration  the bytes; untouched on failure
 *  @lifetime{ret_configuration, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             found; in Envoy without any bytes if there is none
 *  @retval PWASM_STATUS_NOT_FOUND      the VM has none
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @hostcall{proxy_get_buffer_bytes}
 */
PWASM_NODISCARD PwasmStatus pwasm_vm_configuration_get(PwasmStr *ret_configuration);

/** @cond private */
extern const PwasmExport pwasm_export_on_vm_start;
extern const PwasmExport pwasm_export_create_plugin_context;
/** @endcond */

PWASM_END_DECLS

#endif
