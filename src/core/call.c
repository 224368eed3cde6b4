#include "call_private.h"

#include <string.h>

#include <pwasm/context.h>

#include "../hostcall/log_private.h"
#include "callback_private.h"
#include "poison_private.h"
#include "port_private.h"

static void *
acquire(size_t size)
{
  PwasmBlock *block = pwasm__port_allocation_fails() ? NULL : pwasm__block_acquire(size);

  if (block == NULL)
    return NULL;
  pwasm__unpoison(block->begin, size);
  return memset(block->begin, 0, size);
}

/* Fibonacci hashing, as for contexts. */
static PwasmCall **
chain_of(struct PwasmCallTable *table, uint32_t id)
{
  return &table->chains[(id * 0x9e3779b1u) >> (32 - PWASM_CALL_LOG2_CHAINS)];
}

/* The link that leads to a call of that kind and id; NULL when there is none. */
static PwasmCall **
find_link(struct PwasmCallTable *table, PwasmCallKind kind, uint32_t id)
{
  PwasmCall **link = chain_of(table, id);

  while (*link != NULL && ((*link)->id != id || (*link)->kind != kind))
    link = &(*link)->next;
  return *link == NULL ? NULL : link;
}

/* Takes a call out of the list that it is in. */
static void
unlink_call(struct PwasmCallTable *table, PwasmCall *call)
{
  PwasmCall **link = call->has_id ? chain_of(table, call->id) : &table->opening;

  while (*link != call)
    link = &(*link)->next;
  *link = call->next;
}

static void
cancel(PwasmCall *call)
{
  pwasm__call_end(call);
  call->cancel(call);
  pwasm__call_release(call);
}

static void
cancel_in(struct PwasmCallTable *table, PwasmCall **list, const PwasmContext *owner)
{
  PwasmCall *call = *list;

  while (call != NULL) {
    if (call->owner == owner) {
      /* While it has no name it is counted when it gets one. */
      table->num_abandoned[call->kind] += call->has_id && call->kind != PWASM_CALL_KIND_GRPC;
      cancel(call);
      /* Whatever that has changed; none of this owner can have been added. */
      call = *list;
    } else {
      call = call->next;
    }
  }
}

static void
cancel_calls(PwasmContext *ctx)
{
  struct PwasmCallTable *table = pwasm__vm()->calls;

  if (ctx->num_calls == 0)
    return;
  cancel_in(table, &table->opening, ctx);
  for (size_t i = 0; i < sizeof table->chains / sizeof table->chains[0]; i++)
    cancel_in(table, &table->chains[i], ctx);
}

PwasmCall *
pwasm__call_new(PwasmContext *owner, PwasmCallKind kind, size_t size,
                void (*cancel_call)(PwasmCall *call))
{
  PwasmVm *vm = pwasm__vm();
  PwasmCall *call;

  if (vm->calls == NULL) {
    vm->calls = acquire(sizeof *vm->calls);
    if (vm->calls == NULL)
      return NULL;
    vm->cancel_calls = cancel_calls;
  }
  call = acquire(size);
  if (call == NULL)
    return NULL;
  call->kind = (uint8_t)kind;
  call->cancel = cancel_call;
  call->is_opening = true;
  call->num_holds = 1;
  call->owner = pwasm_context_ref(owner);
  if (owner->num_calls != UINT16_MAX)
    owner->num_calls++;
  call->next = vm->calls->opening;
  vm->calls->opening = call;
  return call;
}

static void
set_id(struct PwasmCallTable *table, PwasmCall *call, uint32_t id)
{
  PwasmCall **chain = chain_of(table, id);
  PwasmCall **stale;

  unlink_call(table, call);
  call->id = id;
  call->has_id = true;
  /* A host that uses an id again has lost the old call, whatever it forgot to say. */
  stale = find_link(table, (PwasmCallKind)call->kind, id);
  call->next = *chain;
  *chain = call;
  if (stale != NULL)
    cancel(*(stale == chain ? &call->next : stale));
}

PwasmStatus
pwasm__call_opened(PwasmCall *call, uint32_t status, uint32_t id)
{
  struct PwasmCallTable *table = pwasm__vm()->calls;

  /* While it is held: here another call may be cancelled, whose author is told. */
  if (!call->is_over && status == PWASM_STATUS_OK && (!call->has_id || call->id != id))
    set_id(table, call, id);
  call->is_opening = false;
  call->num_holds--;
  if (call->is_over) {
    table->num_abandoned[call->kind] +=
      !call->has_id && call->kind != PWASM_CALL_KIND_GRPC && status == PWASM_STATUS_OK;
    pwasm__call_release(call);
    return PWASM_STATUS_OK;
  }
  if (status != PWASM_STATUS_OK) {
    pwasm__call_end(call);
    pwasm__call_release(call);
    return (PwasmStatus)status;
  }
  return PWASM_STATUS_OK;
}

PwasmCall *
pwasm__call_find(PwasmCallKind kind, uint32_t id)
{
  PwasmVm *vm = pwasm__vm();
  struct PwasmCallTable *table = vm->calls;

  if (table != NULL) {
    PwasmCall **link = find_link(table, kind, id);
    PwasmCall *call = link == NULL ? table->opening : *link;

    if (call != NULL && call->kind == kind) {
      if (!call->has_id)
        set_id(table, call, id);
      return call->is_over ? NULL : call;
    }
    if (table->num_abandoned[kind] > 0) {
      table->num_abandoned[kind]--;
      return NULL;
    }
  }
  if (!vm->warned_of_unknown)
    PWASM__LOG_ID(PWASM_LOG_WARN, "pwasm: unknown call ", id);
  vm->warned_of_unknown = true;
  return NULL;
}

PwasmCall *
pwasm__call_get(PwasmCallKind kind, uint32_t id)
{
  struct PwasmCallTable *table = pwasm__vm()->calls;
  PwasmCall **link = table == NULL ? NULL : find_link(table, kind, id);

  return link == NULL ? NULL : *link;
}

void
pwasm__call_end(PwasmCall *call)
{
  unlink_call(pwasm__vm()->calls, call);
  call->is_over = true;
  if (call->owner->num_calls != UINT16_MAX)
    call->owner->num_calls--;
}

void
pwasm__call_release(PwasmCall *call)
{
  PwasmContext *owner = call->owner;

  if (call->num_holds > 0)
    return;
  pwasm__block_release((PwasmBlock *)(void *)call - 1);
  pwasm_context_unref(owner);
}

void
pwasm__call_hold(PwasmCall *call)
{
  call->num_holds++;
}

void
pwasm__call_unhold(PwasmCall *call)
{
  call->num_holds--;
  if (call->is_over)
    pwasm__call_release(call);
}

PwasmStatus
pwasm__call_effective_set(PwasmContext *owner, uint32_t *ret_previous_id)
{
  PwasmStatus status = PWASM_STATUS_OK;

  *ret_previous_id = pwasm__vm()->effective_id;
  pwasm_context_ref(owner);
  if (owner->kind != PWASM_CONTEXT_KIND_VM)
    status = pwasm__effective_set(owner, ret_previous_id);
  /* The host may have deleted it there: a call of it would never be cancelled. */
  if (status == PWASM_STATUS_OK && owner->closed) {
    pwasm__effective_restore(*ret_previous_id);
    status = PWASM_STATUS_CLOSED;
  }
  pwasm_context_unref(owner);
  return status;
}

void
pwasm__call_run(PwasmCall *call, void (*run)(PwasmCall *call, const void *event), const void *event)
{
  PwasmVm *vm = pwasm__vm();
  PwasmContext *previous = vm->current;
  bool was_over = call->is_over;
  uint32_t previous_id = 0;
  bool is_set = pwasm__call_effective_set(call->owner, &previous_id) == PWASM_STATUS_OK;

  if (call->is_over == was_over) {
    vm->current = call->owner;
    vm->calls->num_running++;
    vm->calls->num_told += event != NULL;
    run(call, event);
    vm->calls->num_told -= event != NULL;
    vm->calls->num_running--;
    vm->current = previous;
  }
  if (is_set)
    pwasm__effective_restore(previous_id);
}
