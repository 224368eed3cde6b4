#ifndef PWASM_TESTHOST_PLUGIN_H
#define PWASM_TESTHOST_PLUGIN_H

/** @file
 *  @brief Plugins of a test host: one plugin configuration in a VM.
 */

#include <pwasm/str.h>
#include <pwasm/testhost/headers.h>
#include <pwasm/testhost/host.h>
#include <pwasm/testhost/vm.h>

PWASM_BEGIN_DECLS

/** A plugin in a VM, with its root context. */
typedef struct PwasmHostPlugin PwasmHostPlugin;

/** How a plugin is to be. */
typedef struct PwasmHostPluginOptions {
  PwasmHostVm *vm;        /**< where it runs; NULL: in the host's first VM, made if need be */
  PwasmStr configuration; /**< Envoy: `configuration` */
  PwasmStr name;          /**< Envoy: `name` */
  PwasmStr root_id;       /**< Envoy: `root_id` */
  /** The configuration of the VM, if it is made now; with `vm` set, that one's is used. */
  PwasmStr vm_configuration;
  /** Envoy's option of that name: body callbacks come although the headers' callback paused. */
  bool allow_on_headers_stop_iteration;
} PwasmHostPluginOptions;

/** How far a plugin has come. */
typedef enum PwasmHostPluginState {
  PWASM_HOST_PLUGIN_RUNNING,           /**< configured */
  PWASM_HOST_PLUGIN_VM_REFUSED,        /**< `on_vm_start` answered false */
  PWASM_HOST_PLUGIN_CONFIGURE_REFUSED, /**< `on_configure` answered false */
  PWASM_HOST_PLUGIN_ENDING,            /**< it ends when its last stream has */
  PWASM_HOST_PLUGIN_DONE_PENDING,      /**< `on_done` answered false: it is waited for */
  PWASM_HOST_PLUGIN_DELETED            /**< gone */
} PwasmHostPluginState;

/** Starts a plugin: creates its context, starts the VM, configures the plugin.
 *
 *  @param host     the host
 *  @param options  borrowed for the call; NULL for none
 *  @return the plugin, which may have refused: see pwasm_host_plugin_state(); never NULL
 *  @lifetime{the result, as long as @p host}
 */
PwasmHostPlugin *pwasm_host_plugin_start(PwasmHost *host, const PwasmHostPluginOptions *options);

/** Starts a plugin as Envoy does first, on its main thread, to see whether it takes its configuration: in a VM
 *  of its own that is thrown away then, without `on_done` and `on_delete`.
 *
 *  What it has asked for meanwhile comes to nothing, but shared data stay, and it is the receiver of the
 *  queues that it has registered until somebody registers them again.
 *
 *  @param host     the host
 *  @param options  borrowed for the call; NULL for none. Of `vm` the id and the configuration are taken.
 *  @return whether it took its configuration; if not, Envoy starts no other, and refuses the listener
 */
bool pwasm_host_plugin_try(PwasmHost *host, const PwasmHostPluginOptions *options);

/** Tells how far a plugin has come.
 *
 *  @param plugin  the plugin
 *  @return its state
 */
PwasmHostPluginState pwasm_host_plugin_state(const PwasmHostPlugin *plugin);

/** The id of a plugin's context.
 *
 *  @param plugin  the plugin
 *  @return the id
 */
uint32_t pwasm_host_plugin_id(const PwasmHostPlugin *plugin);

/** The VM that a plugin runs in.
 *
 *  @param plugin  the plugin
 *  @return its VM
 *  @lifetime{the result, as long as the host}
 */
PwasmHostVm *pwasm_host_plugin_vm(const PwasmHostPlugin *plugin);

/** Gives a plugin another configuration.
 *
 *  @param plugin         the plugin
 *  @param configuration  borrowed for the call
 *  @return what `on_configure` answered
 */
bool pwasm_host_plugin_configure(PwasmHostPlugin *plugin, PwasmStr configuration);

/** An entry of the access log: what an access logger can read of a stream. */
typedef struct PwasmHostLogEntry {
  PwasmHostHeaders request_headers;   /**< may be none */
  PwasmHostHeaders response_headers;  /**< may be none */
  PwasmHostHeaders response_trailers; /**< may be none */
} PwasmHostLogEntry;

/** Calls `on_log` of a plugin that is an access logger: Envoy does, for each stream that ends, on the
 *  plugin's own context. What else the plugin can find out of the stream are properties.
 *
 *  @param plugin  the plugin
 *  @param entry   borrowed for the call
 */
void pwasm_host_plugin_log(PwasmHostPlugin *plugin, const PwasmHostLogEntry *entry);

/** Ends a plugin: `on_done`, and if that answers true, the context is deleted. While it has streams
 *  that have not ended, nothing happens yet.
 *
 *  @param plugin  the plugin
 */
void pwasm_host_plugin_end(PwasmHostPlugin *plugin);

PWASM_END_DECLS

#endif
