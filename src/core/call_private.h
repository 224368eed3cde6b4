#ifndef PWASM_CALL_PRIVATE_H
#define PWASM_CALL_PRIVATE_H

/* The calls to other services that are not answered yet, by the host's id for them, which is any
 * number: whose they are does not depend on the context that the host answers on.
 *
 * A call holds its owner, and has a block of the pool for itself. It ends once: answered, failed, or
 * cancelled because its owner was deleted. One whose id the host uses again is lost, and has failed. */

#include <pwasm/call_status.h>

#include "vm_private.h"

typedef enum PwasmCallKind {
  PWASM_CALL_KIND_HTTP,
  PWASM_CALL_KIND_GRPC,
  PWASM_CALL_KIND_DNS,
  PWASM_CALL_NUM_KINDS
} PwasmCallKind;

typedef struct PwasmCall PwasmCall;

/* The base of what a call is to whoever made it. */
struct PwasmCall {
  PwasmCall *next;
  PwasmContext *owner; /* held */
  /* Tells who made it that it is cancelled; it is out of the table then. */
  void (*cancel)(PwasmCall *call);
  uint32_t id;
  uint16_t num_holds; /* who works with it, and may be the one that frees it */
  uint8_t kind;       /* a PwasmCallKind */
  bool is_opening;    /* the hostcall that makes it has not returned, and holds it */
  bool has_id;        /* the host has named it, so it is in a chain */
  bool is_over;       /* it has ended, and is in the table no more */
};

#define PWASM_CALL_LOG2_CHAINS 5

/* Lives in a block of the pool, from the first call to the end of the VM. */
struct PwasmCallTable {
  PwasmCall *opening; /* those that the host has not named yet, newest first */
  /* Those that are over for the plugin, but not for all hosts: they speak of them once more. */
  uint32_t num_abandoned[PWASM_CALL_NUM_KINDS];
  uint32_t num_generations;
  uint32_t num_told;    /* functions that run for what the host has told of a call; they nest */
  uint32_t num_running; /* functions that run for any reason; likewise */
  PwasmCall *chains[1 << PWASM_CALL_LOG2_CHAINS];
};

/* A zeroed call of `size` bytes that is being opened; NULL when the memory is at its limit. */
PwasmCall *pwasm__call_new(PwasmContext *owner, PwasmCallKind kind, size_t size,
                           void (*cancel)(PwasmCall *call));

/* The hostcall that opened it has returned. The result is what to return to the author: OK also for a
 * call that has ended meanwhile, whatever the host says, since its end was told. Frees it when it
 * was refused or has ended. */
PwasmStatus pwasm__call_opened(PwasmCall *call, uint32_t status, uint32_t id);

/* The call that the host speaks of. An unknown id, while a call is being opened, is that call's: the
 * host answers before it has named it. NULL, logged once, when there is none. */
PwasmCall *pwasm__call_find(PwasmCallKind kind, uint32_t id);

/* The call of that kind and id, without a word when there is none. */
PwasmCall *pwasm__call_get(PwasmCallKind kind, uint32_t id);

/* Takes a call out of the table: it ends now. */
void pwasm__call_end(PwasmCall *call);

/* Frees a call that has ended, or leaves that to whoever holds it. */
void pwasm__call_release(PwasmCall *call);

/* Keeps a call, and its owner, from being freed while the host may end it. */
void pwasm__call_hold(PwasmCall *call);
void pwasm__call_unhold(PwasmCall *call);

/* pwasm__effective_set() for the owner of a call, which may be the VM's context. That has no id: what it
 * asks for is asked for on behalf of whom the host has called. Undone with pwasm__effective_restore(). */
PwasmStatus pwasm__call_effective_set(PwasmContext *owner, uint32_t *ret_previous_id);

/* How a call has ended of which the host tells nothing: with its owner; or the host has lost it, and who waits
 * for it still lives. */
static inline PwasmCallOutcome
pwasm__call_untold_outcome(const PwasmCall *call)
{
  return call->owner->closed ? PWASM_CALL_CANCELLED : PWASM_CALL_FAILED;
}

/* Runs a function as a callback of the call's owner: as the current context, and on its behalf. `event` is
 * what the host tells of the call; NULL when it tells nothing: see pwasm__call_untold_outcome(). Not when the call
 * ends before, in the hostcall that changes on whose behalf they are: its end has been told then. */
void pwasm__call_run(PwasmCall *call, void (*run)(PwasmCall *call, const void *event),
                     const void *event);

#endif
