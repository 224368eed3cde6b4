#ifndef PWASM_PLUGIN_CONTEXT_H
#define PWASM_PLUGIN_CONTEXT_H

/** @file
 *  @brief The context of a plugin: one plugin configuration in a VM.
 */

#include <pwasm/context.h>
#include <pwasm/shared_queue.h>

PWASM_BEGIN_DECLS

/** The context of a plugin. Its streams hold it, so it outlives them. */
struct PwasmPluginContext {
  PwasmContext base; /**< the base class */
};

/** The class of a plugin context. */
struct PwasmPluginContextClass {
  PwasmContextClass base; /**< the base class */

  /** The plugin's configuration is here. Optional; the default answers true.
   *
   *  Answering false makes the host refuse the plugin; Envoy then refuses the listener, or does not
   *  start. Chain up: may. Readable: pwasm_plugin_configuration_get(), properties of the plugin.
   */
  PWASM_SLOT(bool, on_configure, (PwasmPluginContext * ctx, size_t configuration_size));

  /** A stream begins: if it is HTTP, of which class is its context to be? Optional.
   *
   *  The default answers with the `http_class` of @ref PWASM_PLUGIN. NULL: this plugin has no HTTP
   *  streams. The ABI does not tell HTTP from TCP at this point, so both slots are asked; if both
   *  name a class, the stream's first callback settles the kind and the context is made then.
   *  If none does, a line in the log says so and the stream passes untouched. Chain up: may.
   *  Readable: nothing of the stream.
   */
  PWASM_SLOT(const PwasmHttpContextClass *, create_http_context, (PwasmPluginContext * ctx));

  /** A stream begins: if it is TCP, of which class is its context to be? Optional.
   *
   *  As `create_http_context`, for the `tcp_class`.
   */
  PWASM_SLOT(const PwasmTcpContextClass *, create_tcp_context, (PwasmPluginContext * ctx));

  /** The plugin's timer has run out, and runs again. Optional; the default does nothing.
   *
   *  See pwasm_timer_set_period(). Chain up: may. Readable: properties of the plugin.
   */
  PWASM_SLOT(void, on_tick, (PwasmPluginContext * ctx));

  /** Something was put into a shared queue that this plugin has registered. Optional; the default
   *  does nothing.
   *
   *  Take out until the queue is empty: hosts may call once for several values, and once more for
   *  none. Chain up: may.
   */
  PWASM_SLOT(void, on_queue_ready, (PwasmPluginContext * ctx, PwasmSharedQueue queue));

  /** A foreign function of the host calls the plugin. Optional; the default does nothing.
   *
   *  Readable: @ref PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS. Chain up: may.
   */
  PWASM_SLOT(void, on_foreign_function,
             (PwasmPluginContext * ctx, uint32_t function_id, size_t arguments_size));
};

/** The base class of plugin contexts. */
extern const PwasmPluginContextClass pwasm_plugin_context_class;
PWASM_DECLARE_CLASS(pwasm_plugin_context_class, PwasmPluginContext);

/** Begins the table of a subclass of a plugin context: names the struct and the base class.
 *
 *  The compiler refuses a @p T whose first member is not a `base` of the base class's struct.
 */
#define PWASM_PLUGIN_SUBCLASS(T, class_object)                                                     \
  PWASM__SUBCLASS(T, PwasmPluginContextClass, class_object)

/** The VM that a plugin runs in.
 *
 *  @param ctx  the plugin
 *  @return its VM's context
 *  @lifetime{the result, as long as @p ctx}
 */
static inline PwasmVmContext *
pwasm_plugin_context_vm(PwasmPluginContext *ctx)
{
  return (PwasmVmContext *)ctx->base.parent;
}

/** The configuration of the current plugin (Envoy: `configuration`).
 *
 *  It is readable only while the plugin is being created or configured.
 *
 *  @param[out] ret_configuration  the bytes; untouched on failure
 *  @lifetime{ret_configuration, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             found; in Envoy without any bytes if there is none
 *  @retval PWASM_STATUS_NOT_FOUND      the plugin has none, or the time is wrong
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @hostcall{proxy_get_buffer_bytes}
 */
PWASM_NODISCARD PwasmStatus pwasm_plugin_configuration_get(PwasmStr *ret_configuration);

/** Ends a plugin whose `on_done` answered false: whatever it waited for has happened.
 *
 *  @param ctx  the plugin
 *  @retval PWASM_STATUS_OK            the host will delete the plugin
 *  @retval PWASM_STATUS_NOT_FOUND     the host is not waiting for it
 *  @retval PWASM_STATUS_CLOSED        it is deleted already
 *  @retval PWASM_STATUS_BAD_ARGUMENT  the host has lost the plugin
 *  @hostcall{proxy_done}
 */
PWASM_NODISCARD PwasmStatus pwasm_plugin_context_done(PwasmPluginContext *ctx);

/** @cond private */
extern const PwasmExport pwasm_export_on_configure;
extern const PwasmExport pwasm_export_create_http_context;
extern const PwasmExport pwasm_export_create_tcp_context;
extern const PwasmExport pwasm_export_on_tick;
extern const PwasmExport pwasm_export_on_queue_ready;
extern const PwasmExport pwasm_export_on_foreign_function PWASM_SINCE_0_2_0;
/** @endcond */

PWASM_END_DECLS

#endif
