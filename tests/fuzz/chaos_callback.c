/* Calls any callback about anything. */

#include "chaos_host.h"
#include "core/vm_private.h"

static void
create(uint32_t id)
{
  /* Plugins are few: most of the time one that may be there is asked for a stream. */
  proxy_on_context_create(id, fuzz_below(&chaos.input, 4) == 0 ? 0 : chaos_id());
}

static void
create_plugin(uint32_t id)
{
  proxy_on_context_create(id, 0);
}

static void
allocate(uint32_t id)
{
  uint32_t size = fuzz_u8(&chaos.input);
  char *bytes = proxy_on_memory_allocate(size);

  (void)id;
  if (bytes != NULL)
    memset(bytes, 'a', size);
}

static void
fail_allocations(uint32_t id)
{
  (void)id;
  pwasm_vm_fail_allocations_after(fuzz_below(&chaos.input, 16));
}

/* One of two numbers, so that those that mean nothing are rare. */
static uint32_t
count(void)
{
  return fuzz_one_in(&chaos.input, 8) ? fuzz_u32(&chaos.input) : fuzz_u8(&chaos.input);
}

#define CALLBACK(name, ...)                                                                        \
  static void call_##name(uint32_t id)                                                             \
  {                                                                                                \
    proxy_on_##name(__VA_ARGS__);                                                                  \
  }

CALLBACK(vm_start, id, count())
CALLBACK(configure, id, count())
CALLBACK(done, id)
CALLBACK(log, id)
CALLBACK(delete, id)
CALLBACK(request_headers, id, count(), count())
CALLBACK(request_body, id, count(), count())
CALLBACK(request_trailers, id, count())
CALLBACK(request_metadata, id, count())
CALLBACK(response_headers, id, count(), count())
CALLBACK(response_body, id, count(), count())
CALLBACK(response_trailers, id, count())
CALLBACK(response_metadata, id, count())
CALLBACK(new_connection, id)
CALLBACK(downstream_data, id, count(), count())
CALLBACK(downstream_connection_close, id, count())
CALLBACK(upstream_data, id, count(), count())
CALLBACK(upstream_connection_close, id, count())
CALLBACK(tick, id)
CALLBACK(queue_ready, id, chaos_id())
CALLBACK(foreign_function, id, count(), count())
CALLBACK(http_call_response, id, chaos_id(), count(), count(), count())
CALLBACK(grpc_receive_initial_metadata, id, chaos_id(), count())
CALLBACK(grpc_receive, id, chaos_id(), count())
CALLBACK(grpc_receive_trailing_metadata, id, chaos_id(), count())
CALLBACK(grpc_close, id, chaos_id(), count())

/* At the end those that change more than others, once again. */
static void (*const callbacks[])(uint32_t id) = {
  create_plugin,
  create,
  call_vm_start,
  call_configure,
  call_done,
  call_log,
  call_delete,
  call_request_headers,
  call_request_body,
  call_request_trailers,
  call_request_metadata,
  call_response_headers,
  call_response_body,
  call_response_trailers,
  call_response_metadata,
  call_new_connection,
  call_downstream_data,
  call_downstream_connection_close,
  call_upstream_data,
  call_upstream_connection_close,
  call_tick,
  call_queue_ready,
  call_foreign_function,
  call_http_call_response,
  call_grpc_receive_initial_metadata,
  call_grpc_receive,
  call_grpc_receive_trailing_metadata,
  call_grpc_close,
  allocate,
  fail_allocations,
  create,
  call_delete,
  call_http_call_response,
  call_grpc_receive,
  call_grpc_close,
};

#define UNUSUAL_ID 0xfedcba98u

void
chaos_callback(void)
{
  PwasmVm *vm = pwasm__vm();
  Chaos outer = chaos;
  const PwasmContext *outer_current = vm->current;
  uint32_t outer_effective_id = vm->effective_id;
  uint32_t callback = fuzz_below(&chaos.input, sizeof callbacks / sizeof callbacks[0]);
  uint32_t id = chaos_id();

  if (++chaos.num_callbacks > CHAOS_MAX_CALLBACKS)
    return;
  chaos.depth++;
  /* These are no calls on behalf of anybody. */
  if (callbacks[callback] == allocate || callbacks[callback] == fail_allocations) {
    callbacks[callback](id);
    chaos.depth = outer.depth;
    return;
  }
  chaos.called = chaos.effective = id;
  chaos.expected = CHAOS_NOBODY;
  chaos.is_effective_unknown = chaos.has_refused_last = false;
  callbacks[callback](id);

  if (!chaos.is_effective_unknown)
    FUZZ_CHECK(chaos_is_effective(id));
  FUZZ_CHECK(vm->effective_id == outer_effective_id);
  FUZZ_CHECK(vm->current == outer_current);
  if (outer.depth == 0) {
    /* About a context that does not exist, callbacks leave what is in scratch to the next one. */
    proxy_on_delete(UNUSUAL_ID);
    FUZZ_CHECK(vm->scratch.block == NULL && vm->scratch.cleanups == NULL);
  }
  chaos.depth = outer.depth;
  chaos.called = outer.called;
  chaos.effective = outer.effective;
  chaos.expected = outer.expected;
  chaos.num_refusals = outer.num_refusals;
  chaos.has_refused_last = outer.has_refused_last;
  chaos.is_effective_unknown = outer.is_effective_unknown;
}
