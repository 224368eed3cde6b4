#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasm_private.h"

#define PAGE_SIZE 65536u

/* What is allowed while the module is initialized or asked for memory; of WASI all is, in the former
 * case. */
static const char *const allowed_in_allocate[] = {"proxy_log", "fd_write", "clock_time_get",
                                                  "poll_oneoff"};

/* Whose code runs. */
static PwasmWasm *current;

PwasmWasm *
pwasm__wasm_hostcall(const char *name)
{
  PwasmWasm *wasm = current;
  size_t num_allowed = sizeof allowed_in_allocate / sizeof allowed_in_allocate[0];
  bool is_allowed = wasm->phase == PWASM_WASM_PHASE_CALLBACK ||
                    (wasm->phase == PWASM_WASM_PHASE_INITIALIZE &&
                     strncmp(name, "proxy_", 6) != 0 && strncmp(name, "envoy_", 6) != 0);

  for (size_t i = 0; i < num_allowed && !is_allowed; i++)
    is_allowed = strcmp(name, allowed_in_allocate[i]) == 0;
  if (is_allowed)
    return wasm;
  wasm->hostcall = name;
  pwasm__wasm_module.trap();
}

char *
pwasm__wasm_at(PwasmWasm *wasm, uint32_t offset, uint32_t size)
{
  PwasmWasmMemory memory = pwasm__wasm_module.memory(wasm->instance);

  return (uint64_t)offset + size <= (uint64_t)memory.pages * PAGE_SIZE ? memory.data + offset
                                                                       : NULL;
}

uint32_t
pwasm__wasm_load(PwasmWasm *wasm, uint32_t offset)
{
  const char *from = pwasm__wasm_at(wasm, offset, sizeof(uint32_t));
  uint32_t value = 0;

  if (from != NULL)
    memcpy(&value, from, sizeof value);
  return value;
}

bool
pwasm__wasm_store(PwasmWasm *wasm, uint32_t offset, const void *bytes, uint32_t size)
{
  char *to = pwasm__wasm_at(wasm, offset, size);

  if (to != NULL)
    memcpy(to, bytes, size);
  return to != NULL;
}

static const PwasmWasmExport *
find_export(const char *name)
{
  const PwasmWasmExport *export = pwasm__wasm_module.exports;

  while (export->name != NULL && strcmp(export->name, name) != 0)
    export ++;
  return export->name == NULL ? NULL : export;
}

/* A call of the module; NULL for the export: making the instance. */
typedef struct Entry {
  PwasmWasm *wasm;
  const PwasmWasmExport *export;
  const uint32_t *arguments;
  uint32_t answer;
} Entry;

static void
run(void *data)
{
  Entry *entry = data;

  if (entry->export == NULL)
    pwasm__wasm_module.start(entry->wasm->instance);
  else
    entry->answer = entry->export->call(entry->wasm->instance, entry->arguments);
}

/* Runs code of the module; NULL, or why it trapped. */
static const char *
enter(PwasmWasm *wasm, PwasmWasmPhase phase, Entry *entry)
{
  PwasmWasmPhase previous_phase = wasm->phase;
  PwasmWasm *previous = current;
  const char *trap;

  current = wasm;
  wasm->phase = phase;
  wasm->hostcall = NULL;
  entry->wasm = wasm;
  trap = pwasm__wasm_module.protect(run, entry);
  wasm->phase = previous_phase;
  current = previous;
  if (trap == NULL || wasm->hostcall == NULL)
    return trap;
  snprintf(wasm->trap, sizeof wasm->trap, "restricted_callback: hosts do not allow %s there",
           wasm->hostcall);
  return wasm->trap;
}

static const char *
initialize(PwasmWasm *wasm)
{
  static const uint32_t no_arguments[2] = {0};
  static const char *const reactor[] = {"_initialize", "main"};
  static const char *const command[] = {"_start", NULL};
  const char *const *names = find_export(reactor[0]) != NULL ? reactor : command;
  Entry entry = {.arguments = no_arguments};
  const char *trap = enter(wasm, PWASM_WASM_PHASE_INITIALIZE, &entry);

  for (int i = 0; i < 2 && names[i] != NULL && trap == NULL; i++) {
    entry.export = find_export(names[i]);
    if (entry.export != NULL && entry.export->num_arguments <= 2)
      trap = enter(wasm, PWASM_WASM_PHASE_INITIALIZE, &entry);
  }
  return trap;
}

static void
find_callbacks(PwasmWasm *wasm)
{
  for (int i = 0; i < PWASM_HOST_NUM_CALLBACKS; i++)
    wasm->callbacks[i] = find_export(pwasm__callback_name((PwasmHostCallback)i));
  /* The order that hosts look for them in. */
  wasm->allocate = find_export("malloc");
  if (wasm->allocate == NULL)
    wasm->allocate = find_export("proxy_on_memory_allocate");
}

static void
start(PwasmHostVm *vm)
{
  PwasmHost *host = vm->host;
  PwasmHost *previous_host = pwasm__host_switch(host);
  PwasmHostContext *previous = host->current;
  PwasmWasm *wasm = pwasm__host_alloc(sizeof *wasm);
  const char *trap;

  wasm->vm = vm;
  wasm->instance = pwasm__host_alloc(pwasm__wasm_module.instance_size);
  wasm->allocations_before_fault = SIZE_MAX;
  vm->wasm = wasm;
  find_callbacks(wasm);
  host->current = &vm->context;
  host->depth++;
  trap = initialize(wasm);
  host->depth--;
  host->current = previous;
  pwasm__host_switch(previous_host);
  if (trap != NULL)
    pwasm__host_trapped(vm, "_initialize", trap);
  else if (wasm->allocate == NULL)
    pwasm__host_trapped(vm, "_initialize", "the module exports no proxy_on_memory_allocate");
}

static void
end(PwasmHostVm *vm, PwasmHostLeaks *ret_leaks)
{
  (void)ret_leaks;
  pwasm__wasm_module.end(vm->wasm->instance);
  free(vm->wasm->instance);
  free(vm->wasm);
}

static bool
has(PwasmHostVm *vm, PwasmHostCallback callback)
{
  return vm->wasm->callbacks[callback] != NULL;
}

/* Asks the module for memory; 0 when it has none. */
static const char *
ask(PwasmWasm *wasm, uint32_t size, uint32_t *ret_offset)
{
  Entry entry = {.export = wasm->allocate, .arguments = &size};
  const char *trap = enter(wasm, PWASM_WASM_PHASE_ALLOCATE, &entry);

  *ret_offset = entry.answer;
  return trap;
}

static bool
is_exhausted(const PwasmWasm *wasm)
{
  return wasm->num_allocations >= wasm->allocations_before_fault;
}

/* Takes all memory that the module has left. */
static const char *
exhaust(PwasmWasm *wasm)
{
  uint32_t pages = pwasm__wasm_module.memory(wasm->instance).pages;
  uint32_t size = pages * (PAGE_SIZE / 2);
  const char *trap = NULL;
  uint32_t offset = 0;

  if (!wasm->is_limited) {
    wasm->max_pages = pwasm__wasm_module.limit(wasm->instance, pages);
    wasm->is_limited = true;
  }
  while (size > 0 && trap == NULL) {
    trap = ask(wasm, size, &offset);
    if (offset == 0)
      size /= 2;
  }
  return trap;
}

static const char *
allocate(PwasmHostVm *vm, uint32_t size, void **ret_memory)
{
  PwasmWasm *wasm = vm->wasm;
  const char *trap = is_exhausted(wasm) ? exhaust(wasm) : NULL;
  uint32_t offset = 0;

  wasm->num_allocations++;
  if (trap == NULL)
    trap = ask(wasm, size, &offset);
  *ret_memory = trap != NULL || offset == 0 ? NULL : pwasm__wasm_at(wasm, offset, size);
  return trap;
}

static const char *
call(PwasmHostVm *vm, PwasmHostCallback callback, const uint32_t *arguments, uint32_t *ret_answer)
{
  PwasmWasm *wasm = vm->wasm;
  Entry entry = {.export = wasm->callbacks[callback], .arguments = arguments};
  const char *trap = is_exhausted(wasm) ? exhaust(wasm) : NULL;

  wasm->num_allocations++;
  if (trap == NULL)
    trap = enter(wasm, PWASM_WASM_PHASE_CALLBACK, &entry);
  *ret_answer = entry.answer;
  return trap;
}

static void
memory(PwasmHostVm *vm, PwasmVmMemory *ret_memory)
{
  uint32_t pages = pwasm__wasm_module.memory(vm->wasm->instance).pages;

  *ret_memory = (PwasmVmMemory){.reserved = (size_t)pages * PAGE_SIZE,
                                .allocations = vm->wasm->num_allocations};
}

static void
fail_allocations_after(PwasmHostVm *vm, size_t count)
{
  PwasmWasm *wasm = vm->wasm;

  wasm->allocations_before_fault =
    count > SIZE_MAX - wasm->num_allocations ? SIZE_MAX : wasm->num_allocations + count;
  if (wasm->is_limited) {
    pwasm__wasm_module.limit(wasm->instance, wasm->max_pages);
    wasm->is_limited = false;
  }
}

const PwasmGuest *
pwasm__wasm_guest(void)
{
  static const PwasmGuest guest = {
    .is_wasm = true,
    .start = start,
    .end = end,
    .has = has,
    .call = call,
    .allocate = allocate,
    .memory = memory,
    .fail_allocations_after = fail_allocations_after,
  };

  return &guest;
}
