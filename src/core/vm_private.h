#ifndef PWASM_VM_PRIVATE_H
#define PWASM_VM_PRIVATE_H

/* All that the SDK knows of a VM. There is no other mutable state in the library, so that a native
 * process can hold several VMs and switch between them. */

#include <pwasm/arena.h>
#include <pwasm/log.h>
#include <pwasm/plugin.h>

#include "id_table_private.h"
#include "pool_private.h"

typedef enum PwasmVmStart {
  PWASM_VM_START_PENDING = 0,
  PWASM_VM_START_REFUSED,
  PWASM_VM_START_ACCEPTED,
} PwasmVmStart;

/* What is used most comes first: near offsets are short in wasm. */
struct PwasmVm {
  PwasmArena scratch;
  PwasmContext *current; /* whom the host has called; NULL outside of callbacks */
  uint32_t effective_id; /* on whose behalf the host takes hostcalls */
  PwasmVmContext *vm_context;
  /* Ends the calls that a deleted context waits for; set with the first call, so that modules that
   * make none do not contain it. */
  void (*cancel_calls)(PwasmContext *ctx);
  struct PwasmCallTable *calls; /* unanswered; NULL before the first */
  uint8_t log_level;            /* a PwasmLogLevel */
  uint8_t start;                /* a PwasmVmStart */
  bool allocation_failed;       /* proxy_on_memory_allocate said no since the last hostcall */
  bool warned_of_unknown;       /* the log has it that the host spoke of what does not exist */
  PwasmPool pool;
  PwasmIdTable contexts;
#ifndef __wasm__
  struct PwasmChunk *chunks;       /* memory to be given back to the system */
  size_t reserved;                 /* their bytes */
  size_t num_contexts;             /* made and not yet freed */
  size_t num_allocations;          /* asked for so far */
  void (*on_trap)(void);           /* does not return; NULL: the program aborts */
  size_t allocations_before_fault; /* see pwasm_vm_fail_allocations_after() */
#endif
};

typedef struct PwasmVm PwasmVm;

/* The current VM. */
#ifdef __wasm__
extern PwasmVm pwasm__only_vm;

static inline PwasmVm *
pwasm__vm(void)
{
  PwasmVm *vm = &pwasm__only_vm;

  /* Hides that it is a constant: kept in a local it takes half the code of one that is spelled out
   * at each use. */
  __asm__("" : "+r"(vm));
  return vm;
}
#else
PwasmVm *pwasm__vm(void);
#endif

#endif
