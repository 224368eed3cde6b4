#include <setjmp.h>
#include <stdlib.h>

#include "../core/port_private.h"
#include "../core/vm_private.h"
#include "host_private.h"

/* The plugin that is linked into this program. */

/* It has the callbacks that it overrides, and no others. */
#pragma weak proxy_on_vm_start
#pragma weak proxy_on_configure
#pragma weak proxy_on_done
#pragma weak proxy_on_log
#pragma weak proxy_on_request_headers
#pragma weak proxy_on_request_body
#pragma weak proxy_on_request_trailers
#pragma weak proxy_on_request_metadata
#pragma weak proxy_on_response_headers
#pragma weak proxy_on_response_body
#pragma weak proxy_on_response_trailers
#pragma weak proxy_on_response_metadata
#pragma weak proxy_on_new_connection
#pragma weak proxy_on_downstream_data
#pragma weak proxy_on_downstream_connection_close
#pragma weak proxy_on_upstream_data
#pragma weak proxy_on_upstream_connection_close
#pragma weak proxy_on_http_call_response
#pragma weak proxy_on_grpc_receive_initial_metadata
#pragma weak proxy_on_grpc_receive
#pragma weak proxy_on_grpc_receive_trailing_metadata
#pragma weak proxy_on_grpc_close
#pragma weak proxy_on_tick
#pragma weak proxy_on_queue_ready
#pragma weak proxy_on_foreign_function
#pragma weak envoy_on_resolve_dns
#pragma weak envoy_on_stats_update

/* Every type of function, by its number of arguments after the id and whether it answers. */
static uint32_t
call_void_0(void (*function)(uint32_t), const uint32_t *a)
{
  function(a[0]);
  return 0;
}

static uint32_t
call_void_1(void (*function)(uint32_t, uint32_t), const uint32_t *a)
{
  function(a[0], a[1]);
  return 0;
}

static uint32_t
call_void_2(void (*function)(uint32_t, uint32_t, uint32_t), const uint32_t *a)
{
  function(a[0], a[1], a[2]);
  return 0;
}

static uint32_t
call_void_4(void (*function)(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t), const uint32_t *a)
{
  function(a[0], a[1], a[2], a[3], a[4]);
  return 0;
}

static uint32_t
call_0(uint32_t (*function)(uint32_t), const uint32_t *a)
{
  return function(a[0]);
}

static uint32_t
call_1(uint32_t (*function)(uint32_t, uint32_t), const uint32_t *a)
{
  return function(a[0], a[1]);
}

static uint32_t
call_2(uint32_t (*function)(uint32_t, uint32_t, uint32_t), const uint32_t *a)
{
  return function(a[0], a[1], a[2]);
}

#define CALL(function)                                                                             \
  _Generic((function),                                                                             \
    void (*)(uint32_t): call_void_0,                                                               \
    void (*)(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t): call_void_4,                       \
    void (*)(uint32_t, uint32_t): call_void_1,                                                     \
    void (*)(uint32_t, uint32_t, uint32_t): call_void_2,                                           \
    uint32_t (*)(uint32_t): call_0,                                                                \
    uint32_t (*)(uint32_t, uint32_t): call_1,                                                      \
    uint32_t (*)(uint32_t, uint32_t, uint32_t): call_2)

static uint32_t
dispatch(PwasmHostCallback callback, const uint32_t *arguments)
{
  switch (callback) {
#define DISPATCH(name, num_arguments, absent)                                                      \
  case PWASM_HOST_CALLBACK_##name:                                                                 \
    return CALL(proxy_##name)(proxy_##name, arguments);
    PWASM_HOST_CALLBACK_LIST(DISPATCH)
#undef DISPATCH
#define DISPATCH_ENVOY(name, num_arguments, absent)                                                \
  case PWASM_HOST_CALLBACK_##name:                                                                 \
    return CALL(envoy_##name)(envoy_##name, arguments);
    PWASM_HOST_ENVOY_CALLBACK_LIST(DISPATCH_ENVOY)
#undef DISPATCH_ENVOY
  default:
    return 0;
  }
}

/* Compilers warn where the question is put to a function's name that is not weak. */
#define is_there(function) ((uintptr_t)(function) != 0)

static bool
has(PwasmHostVm *vm, PwasmHostCallback callback)
{
  (void)vm;
  switch (callback) {
#define HAS(name, num_arguments, absent)                                                           \
  case PWASM_HOST_CALLBACK_##name:                                                                 \
    return is_there(proxy_##name);
    PWASM_HOST_CALLBACK_LIST(HAS)
#undef HAS
#define HAS_ENVOY(name, num_arguments, absent)                                                     \
  case PWASM_HOST_CALLBACK_##name:                                                                 \
    return is_there(envoy_##name);
    PWASM_HOST_ENVOY_CALLBACK_LIST(HAS_ENVOY)
#undef HAS_ENVOY
  default:
    return false;
  }
}

/* So many bytes of memory are not used again at once, so that it is found out who still uses them. */
#define MAX_WAITING_SIZE 65536

/* Where a trap goes to, if it is allowed. */
static jmp_buf *innermost;

static void
leave(void)
{
  longjmp(*innermost, 1);
}

static void
start(PwasmHostVm *vm)
{
  vm->native = pwasm_vm_new();
  if (vm->native == NULL)
    abort();
  vm->native->pool.max_waiting_size = vm->host->reuses_memory ? 0 : MAX_WAITING_SIZE;
  vm->native->on_trap = vm->host->allows_traps ? leave : pwasm__host_say_panic;
}

static void
end(PwasmHostVm *vm, PwasmHostLeaks *ret_leaks)
{
  PwasmVm *previous;

  if (!vm->has_trapped) {
    pwasm__kept_vm_free(&vm->kept, vm->native, ret_leaks);
    return;
  }
  /* Nothing of the plugin runs any more. */
  previous = pwasm_vm_switch(vm->native);
  pwasm__port_free_all();
  pwasm_vm_switch(previous == vm->native ? NULL : previous);
  free(vm->native);
  free(vm->kept.contexts);
}

/* Whether it came back. */
static bool
try_dispatch(PwasmHostCallback callback, const uint32_t *arguments, uint32_t *ret_answer)
{
  jmp_buf *const outer = innermost;
  jmp_buf here;
  bool is_sound = false;

  innermost = &here;
  if (setjmp(here) == 0) {
    *ret_answer = dispatch(callback, arguments);
    is_sound = true;
  }
  innermost = outer;
  return is_sound;
}

/* Whom a callback may delete: whoever has the id, also if it is used again. */
static PwasmContext *
deleted_by(PwasmHostVm *vm, PwasmHostCallback callback, uint32_t id)
{
  return callback == PWASM_HOST_CALLBACK_on_delete ||
             callback == PWASM_HOST_CALLBACK_on_context_create
           ? pwasm__id_table_find(&vm->native->contexts, id)
           : NULL;
}

static const char *
call(PwasmHostVm *vm, PwasmHostCallback callback, const uint32_t *arguments, uint32_t *ret_answer)
{
  PwasmVm *previous = pwasm_vm_switch(vm->native);
  PwasmContext *deleted = deleted_by(vm, callback, arguments[0]);
  bool is_sound = try_dispatch(callback, arguments, ret_answer);

  pwasm__kept_note(&vm->kept, deleted);
  /* Outside of callbacks the VM stays the current one, for tests that look into it. */
  if (vm->host->depth > 1)
    pwasm_vm_switch(previous);
  return is_sound ? NULL : "panic";
}

static const char *
allocate(PwasmHostVm *vm, uint32_t size, void **ret_memory)
{
  PwasmVm *previous = pwasm_vm_switch(vm->native);

  *ret_memory = proxy_on_memory_allocate(size);
  if (vm->host->depth > 0)
    pwasm_vm_switch(previous);
  return NULL;
}

static void
memory(PwasmHostVm *vm, PwasmVmMemory *ret_memory)
{
  PwasmVm *previous = pwasm_vm_switch(vm->native);

  pwasm_vm_memory(ret_memory);
  pwasm_vm_switch(previous);
}

static void
fail_allocations_after(PwasmHostVm *vm, size_t count)
{
  PwasmVm *previous = pwasm_vm_switch(vm->native);

  pwasm_vm_fail_allocations_after(count);
  pwasm_vm_switch(previous);
}

const PwasmGuest *
pwasm__guest(void)
{
  static const PwasmGuest guest = {
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
