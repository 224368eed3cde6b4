#ifndef PWASM_NATIVE_H
#define PWASM_NATIVE_H

/** @file
 *  @brief For programs that host plugins natively: several VMs in one process.
 *
 *  All that the SDK knows of a VM is in one object. In wasm there is one, and none of this; a native
 *  host makes as many as it likes and switches to the one that it is about to call into. Without any
 *  of this there is one default VM. Not thread-safe: one thread at a time, whatever the VM.
 */

#include <pwasm/base.h>

#ifndef __wasm__

PWASM_BEGIN_DECLS

/** All that the SDK knows of a VM. */
typedef struct PwasmVm PwasmVm;

/** Makes a VM in which nothing has happened yet.
 *
 *  @return the VM, to be freed with pwasm_vm_free(); NULL when out of memory
 */
PWASM_NODISCARD PwasmVm *pwasm_vm_new(void);

/** Makes a VM the one that callbacks and pwasm functions are about.
 *
 *  @param vm  the VM; NULL for the default one
 *  @return the one before, to be switched back to
 */
PwasmVm *pwasm_vm_switch(PwasmVm *vm);

/** Ends a VM: all its contexts are closed and their references dropped, its memory is freed.
 *
 *  It is as if the host deleted every stream, then every plugin; then the VM's own context is
 *  finalized.
 *
 *  @param vm  the VM, which must not be inside a callback; NULL for the default one, which starts
 *             afresh
 *  @return how many contexts somebody still held a reference to (they are freed all the same): 0,
 *          or the plugin has a leak
 */
size_t pwasm_vm_free(PwasmVm *vm);

/** How a VM's memory is used. */
typedef struct PwasmVmMemory {
  size_t reserved;    /**< bytes taken from the system; never shrinks */
  size_t in_use;      /**< bytes of blocks that arenas and the table of contexts hold */
  size_t contexts;    /**< contexts that are not freed yet, the VM's own included */
  size_t allocations; /**< how often memory was asked for so far, refusals included */
} PwasmVmMemory;

/** Tells how the memory of the current VM is used.
 *
 *  @param[out] ret_memory  the figures
 */
void pwasm_vm_memory(PwasmVmMemory *ret_memory);

/** Makes allocations of the current VM fail, to test how a plugin bears it.
 *
 *  @param count  how many allocations succeed from now on before all fail; `SIZE_MAX` for no failure
 */
void pwasm_vm_fail_allocations_after(size_t count);

PWASM_END_DECLS

#endif

#endif
