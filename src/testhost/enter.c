#include "host_private.h"

#include <string.h>

uint32_t
pwasm__host_enter(PwasmHostVm *vm, PwasmHostCallback callback, uint32_t context_id, uint32_t a,
                  uint32_t b, bool *ret_stopped)
{
  PwasmHost *host = vm->host;
  PwasmHost *previous_host;
  PwasmHostContext *previous = host->current;
  uint32_t previous_effective_id = host->effective_id;
  bool previous_stops_iteration = vm->stops_iteration;
  const uint32_t arguments[PWASM_HOST_MAX_ARGUMENTS] = {
    context_id, a, b, host->calls.more_arguments[0], host->calls.more_arguments[1]};
  PwasmHostEntry entry;
  const char *trap;
  uint32_t result;

  if (ret_stopped != NULL)
    *ret_stopped = false;
  if (vm->has_trapped)
    return pwasm__callback_dead_answer(callback);
  if (!vm->guest->has(vm, callback) || (host->traits->lacks[callback] && !host->calls_anything))
    return pwasm__callback_absent_answer(callback);
  host->num_callbacks[callback]++;
  pwasm__host_entry_push(host, &entry, callback, context_id, a, b);

  previous_host = pwasm__host_switch(host);
  host->current = pwasm__host_context_find(vm, context_id);
  if (host->current == NULL)
    host->current = &vm->context;
  host->effective_id = 0;
  vm->stops_iteration = false;
  host->depth++;
  trap = vm->guest->call(vm, callback, arguments, &result);
  host->depth--;
  pwasm__host_entry_pop(host);
  host->effective_id = previous_effective_id;
  host->current = previous;
  pwasm__host_switch(previous_host);

  if (trap != NULL) {
    vm->stops_iteration = previous_stops_iteration;
    pwasm__host_trapped(vm, pwasm__callback_name(callback), trap);
    return pwasm__callback_dead_answer(callback);
  }
  if (pwasm__is_traced(host))
    pwasm__trace(host, "< %u%s", result, vm->stops_iteration ? " (stopped by a reply)" : "");
  if (ret_stopped != NULL)
    *ret_stopped = vm->stops_iteration;
  vm->stops_iteration = previous_stops_iteration;
  return result;
}

uint32_t
pwasm__guest_return(PwasmHostVm *vm, PwasmStr bytes, char **ret_bytes, uint32_t *ret_size)
{
  char *to = NULL;

  if (bytes.len > 0) {
    to = pwasm_host_allocate(vm, (uint32_t)bytes.len);
    if (to == NULL)
      return PWASM_STATUS_INVALID_MEMORY_ACCESS;
    memcpy(to, bytes.data, bytes.len);
  }
  *ret_bytes = to;
  *ret_size = (uint32_t)bytes.len;
  return PWASM_STATUS_OK;
}

void *
pwasm_host_allocate(PwasmHostVm *vm, uint32_t size)
{
  PwasmHost *host = vm->host;
  PwasmHost *previous_host;
  PwasmHostContext *previous = host->current;
  uint32_t previous_effective_id = host->effective_id;
  const char *trap;
  void *memory = NULL;

  if (vm->has_trapped)
    return NULL;
  /* The guest allocates on behalf of nobody. */
  previous_host = pwasm__host_switch(host);
  host->current = &vm->context;
  host->effective_id = 0;
  trap = vm->guest->allocate(vm, size, &memory);
  if (host->is_strict && memory != NULL)
    pwasm__views_add(host, memory, size);
  host->effective_id = previous_effective_id;
  host->current = previous;
  pwasm__host_switch(previous_host);
  if (trap != NULL)
    pwasm__host_trapped(vm, "proxy_on_memory_allocate", trap);
  return memory;
}

static PwasmHostCallback
callback_from_name(PwasmHost *host, const char *name)
{
  PwasmHostCallback callback = pwasm__callback_from_name(name);

  if (callback == PWASM_HOST_NUM_CALLBACKS)
    pwasm__host_failure(host, __func__, 0, "there is no callback %s", name);
  return callback;
}

bool
pwasm_host_has_callback(PwasmHostVm *vm, const char *name)
{
  PwasmHostCallback callback = callback_from_name(vm->host, name);

  return callback != PWASM_HOST_NUM_CALLBACKS && vm->guest->has(vm, callback);
}

uint32_t
pwasm_host_call(PwasmHostVm *vm, const char *name, uint32_t context_id, uint32_t a, uint32_t b)
{
  PwasmHostCallback callback = callback_from_name(vm->host, name);
  uint32_t result;

  if (callback == PWASM_HOST_NUM_CALLBACKS)
    return 0;
  vm->host->calls_anything = true;
  result = pwasm__host_enter(vm, callback, context_id, a, b, NULL);
  vm->host->calls_anything = false;
  pwasm__host_settle(vm->host);
  return result;
}
