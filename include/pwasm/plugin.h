#ifndef PWASM_PLUGIN_H
#define PWASM_PLUGIN_H

/** @file
 *  @brief Where a plugin begins: the descriptor that names its classes.
 */

#include <pwasm/http_context.h>
#include <pwasm/plugin_context.h>
#include <pwasm/tcp_context.h>
#include <pwasm/vm_context.h>

PWASM_BEGIN_DECLS

/** Which classes a module has. A class that is not named is the SDK's own for the VM and plugins,
 *  and none for streams. */
typedef struct PwasmPlugin {
  const PwasmExport *abi_version;              /**< private: the marker that hosts look for */
  const PwasmExport *required;                 /**< private: what every module exports */
  const PwasmVmContextClass *vm_class;         /**< of the VM's context */
  const PwasmPluginContextClass *plugin_class; /**< of the plugins' contexts */
  const PwasmHttpContextClass *http_class;     /**< of the contexts of HTTP streams */
  const PwasmTcpContextClass *tcp_class;       /**< of the contexts of TCP connections */
} PwasmPlugin;

/** The descriptor of the module, which @ref PWASM_PLUGIN defines. */
extern const PwasmPlugin pwasm_plugin;

/** Defines the module's descriptor: `PWASM_PLUGIN(.http_class = &hello_http_class);`
 *
 *  Once in a module, at file scope. Nothing runs at load time. To choose classes at run time, set
 *  `create_plugin_context`, `create_http_context` or `create_tcp_context` in the classes named here.
 */
#define PWASM_PLUGIN(...)                                                                          \
  const PwasmPlugin pwasm_plugin = {                                                               \
    .abi_version = &PWASM__ABI_VERSION_EXPORT, .required = &pwasm_export_required, __VA_ARGS__}

/** @cond private */
extern const PwasmExport PWASM__ABI_VERSION_EXPORT;
extern const PwasmExport pwasm_export_required;
/** @endcond */

PWASM_END_DECLS

#endif
