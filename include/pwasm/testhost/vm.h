#ifndef PWASM_TESTHOST_VM_H
#define PWASM_TESTHOST_VM_H

/** @file
 *  @brief VMs of a test host: each has memory of its own and runs the same plugin code.
 *
 *  Most tests need none of this: pwasm_host_plugin_start() makes the first VM by itself.
 */

#include <pwasm/native.h>
#include <pwasm/str.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** A VM, as a worker of a proxy has one. */
typedef struct PwasmHostVm PwasmHostVm;

/** How a VM is to be. */
typedef struct PwasmHostVmOptions {
  PwasmStr id;              /**< Envoy: `vm_config.vm_id` */
  PwasmStr configuration;   /**< Envoy: `vm_config.configuration` */
  uint32_t next_context_id; /**< ids of contexts count from here; 0: from 1 */
} PwasmHostVmOptions;

/** Makes a VM. Its plugins start it.
 *
 *  @param host     the host
 *  @param options  borrowed for the call; NULL for none
 *  @return the VM; never NULL
 *  @lifetime{the result, as long as @p host}
 */
PwasmHostVm *pwasm_host_vm_new(PwasmHost *host, const PwasmHostVmOptions *options);

/** Sets where the ids of further contexts count from; ids in use are passed over.
 *
 *  @param vm               the VM
 *  @param next_context_id  the next id; 0 is taken for 1
 */
void pwasm_host_vm_set_next_context_id(PwasmHostVm *vm, uint32_t next_context_id);

/** Whether the VM runs the plugin's module, or the plugin is native. Both behave the same, but for what
 *  is said here of memory.
 *
 *  @param vm  the VM
 *  @return whether it is a module
 */
bool pwasm_host_vm_is_wasm(const PwasmHostVm *vm);

/** Whether the plugin has trapped, in any callback so far.
 *
 *  Its callbacks are not called any more then. As in Envoy each HTTP stream is replied to with a 503 when the
 *  next callback would be due, and each connection is closed. The test fails at the trap unless the host has
 *  the option `allow_traps`.
 *
 *  A native plugin traps where it calls pwasm_panic(), and only with `allow_traps`: otherwise the
 *  program aborts there, for a debugger to look at. All else that a module traps at is what
 *  sanitizers find.
 *
 *  @param vm  the VM
 *  @return whether it has
 */
bool pwasm_host_vm_has_trapped(const PwasmHostVm *vm);

/** The SDK's side of a VM.
 *
 *  It is the current one while the host calls the VM and stays so until the host calls another; a
 *  test that has several VMs switches with pwasm_vm_switch() before it asks pwasm_vm_memory().
 *
 *  @param vm  the VM
 *  @return what the SDK knows of it; NULL if the VM runs a module, which keeps that to itself
 *  @lifetime{the result, as long as the host}
 */
PwasmVm *pwasm_host_vm_native(const PwasmHostVm *vm);

/** How the memory of a VM is used.
 *
 *  Of a module it is known how much memory it has (`reserved`), and how often it could have run out of it
 *  (`allocations`, see pwasm_host_vm_fail_allocations_after()); all else is 0.
 *
 *  @param      vm          the VM
 *  @param[out] ret_memory  the figures
 */
void pwasm_host_vm_memory(PwasmHostVm *vm, PwasmVmMemory *ret_memory);

/** Makes allocations in a VM fail, to test how a plugin bears it.
 *
 *  Of a module those are counted that the host makes for what it returns, and each callback as one. After
 *  them its memory does not grow any more, and what is left of it is taken away at the beginning of
 *  each callback: whatever the plugin allocates then fails.
 *
 *  @param vm     the VM
 *  @param count  how many allocations succeed from now on before all fail; `SIZE_MAX` for no failure
 */
void pwasm_host_vm_fail_allocations_after(PwasmHostVm *vm, size_t count);

PWASM_END_DECLS

#endif
