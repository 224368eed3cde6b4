#include "callback_private.h"

#include <pwasm/abi.h>

#include "../contexts/context_private.h"
#include "../hostcall/log_private.h"
#include "port_private.h"

void
pwasm__unknown_context(uint32_t id)
{
  PwasmVm *vm = pwasm__vm();

  if (!vm->warned_of_unknown)
    PWASM__LOG_ID(PWASM_LOG_WARN, "pwasm: unknown context ", id);
  vm->warned_of_unknown = true;
}

uint32_t
pwasm__callback(uint32_t id, uint32_t wanted, PwasmCallbackBody *body, size_t slot, uint32_t a,
                uint32_t b)
{
  PwasmVm *vm = pwasm__vm();
  char *scratch_next = NULL;
  PwasmBlock *scratch_block = NULL;
  PwasmCleanup *scratch_cleanups = NULL;
  PwasmContext *previous = vm->current;
  uint32_t previous_effective_id = vm->effective_id;
  PwasmContext *ctx = pwasm__id_table_find(&vm->contexts, id);
  uint32_t result;

  if (wanted != PWASM_WANT_NONE) {
    if (ctx != NULL && (ctx->kind & wanted) == 0)
      ctx = ctx->kind == PWASM_CONTEXT_KIND_UNDECIDED
              ? ((PwasmUndecidedContext *)ctx)->settle(ctx, wanted)
              : NULL;
    if (ctx == NULL) {
      pwasm__unknown_context(id);
      return 0;
    }
  }
  /* When there is none, but one is current, a callback of that runs, to which scratch belongs. */
  if (ctx != NULL)
    vm->current = pwasm_context_ref(ctx);
  /* Inside another callback what that one has in scratch stays; otherwise what the host put there
   * between callbacks ends with this one. */
  if (previous != NULL) {
    scratch_next = vm->scratch.next;
    scratch_block = vm->scratch.block;
    scratch_cleanups = vm->scratch.cleanups;
  }
  vm->effective_id = id;
  /* Of whatever the host wanted before: that is no hostcall of this callback. */
  vm->allocation_failed = false;
  result = body(ctx, slot, a, b);
  /* If this is the last reference, it is still the effective context while it is finalized, as while
   * cleanups run. */
  pwasm_context_unref(ctx);
  pwasm__arena_rewind(&vm->scratch, scratch_next, scratch_block, scratch_cleanups);
  vm->current = previous;
  vm->effective_id = previous_effective_id;
  if (previous == NULL)
    pwasm__port_check_null();
  return result;
}

PwasmStatus
pwasm__effective_set(const PwasmContext *ctx, uint32_t *ret_previous_id)
{
  PwasmVm *vm = pwasm__vm();
  PwasmStatus status = PWASM_STATUS_OK;
  uint32_t id = ctx->id; /* in the hostcall the context may be freed */

  if (ctx->closed)
    return PWASM_STATUS_CLOSED;
  if (id != vm->effective_id) {
    status = (PwasmStatus)proxy_set_effective_context(id);
    if (status != PWASM_STATUS_OK)
      return status;
  }
  *ret_previous_id = vm->effective_id;
  vm->effective_id = id;
  return PWASM_STATUS_OK;
}

void
pwasm__effective_restore(uint32_t previous_id)
{
  PwasmVm *vm = pwasm__vm();

  if (vm->effective_id == previous_id)
    return;
  /* The context may be gone meanwhile; 0 is whom the host has called. */
  if (proxy_set_effective_context(previous_id) != PWASM_STATUS_OK)
    pwasm_ignore((PwasmStatus)proxy_set_effective_context(0));
  vm->effective_id = previous_id;
}

PwasmStatus
pwasm__effective_call(const PwasmContext *ctx, uint32_t (*hostcall)(uint32_t), uint32_t argument)
{
  uint32_t previous_id;
  PwasmStatus status = pwasm__effective_set(ctx, &previous_id);

  if (status != PWASM_STATUS_OK)
    return status;
  status = (PwasmStatus)hostcall(argument);
  pwasm__effective_restore(previous_id);
  return status;
}
