#ifndef PWASM_TESTS_HOSTCALL_GRPC_SCRIPT_H
#define PWASM_TESTS_HOSTCALL_GRPC_SCRIPT_H

/* What the tests of gRPC calls and of streams share: a plugin that makes one in each request, and notes all
 * that is told of it. */

#include "../script.h"

#include "core/vm_private.h"

/* What was told, in order. */
static char events[512];
static PwasmGrpcCallOptions options;
static PwasmGrpcStreamOptions stream_options;
static PwasmGrpcStream stream;
static PwasmStatus status;
/* What the plugin does when a message arrives; NULL: nothing. */
static void (*todo)(PwasmGrpcStream s);

static inline int
setup(void **state)
{
  int result = script_setup(state);

  events[0] = '\0';
  todo = NULL;
  options = (PwasmGrpcCallOptions){.upstream = PWASM_STR("web"),
                                   .service = PWASM_STR("a.B"),
                                   .method = PWASM_STR("Do"),
                                   .message = PWASM_STR("ask")};
  stream_options = (PwasmGrpcStreamOptions){
    .upstream = PWASM_STR("web"), .service = PWASM_STR("a.B"), .method = PWASM_STR("Do")};
  status = PWASM_STATUS_INTERNAL_FAILURE;
  return result;
}

__attribute__((format(printf, 1, 2))) static void
add_event(const char *format, ...)
{
  size_t len = strlen(events);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(events + len, sizeof events - len, format, arguments);
  va_end(arguments);
}

static inline void
done(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  static const char *const outcomes[] = {"answered", "failed", "cancelled"};
  PwasmStr message;

  assert_ptr_equal(pwasm__vm()->current, owner);
  assert_int_equal(pwasm_context_is_closed(owner), result->outcome == PWASM_CALL_CANCELLED);
  add_event("%s %s %u %zu, ", (const char *)data, outcomes[result->outcome], result->grpc_status,
            result->message_size);
  if (result->outcome == PWASM_CALL_ANSWERED) {
    assert_ok(pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, SIZE_MAX, &message));
    assert_str(message, "answer");
  } else if (result->outcome == PWASM_CALL_CANCELLED) {
    assert_status(pwasm_grpc_call(owner, &options, done, NULL), CLOSED);
    /* Whatever else is wrong with it. */
    assert_status(pwasm_grpc_call(owner, &(PwasmGrpcCallOptions){0}, done, NULL), CLOSED);
  }
}

static inline void
on_initial(PwasmContext *owner, PwasmGrpcStream s, size_t num, void *data)
{
  PwasmStr value;

  (void)data;
  assert_int_equal(s.id, stream.id);
  assert_ptr_equal(pwasm__vm()->current, owner);
  assert_ok(pwasm_header_get(PWASM_MAP_GRPC_CALL_INITIAL_METADATA, PWASM_STR("a"), &value));
  add_event("initial %zu %.*s, ", num, PWASM_STR_ARG(value));
}

static inline void
on_message(PwasmContext *owner, PwasmGrpcStream s, size_t size, void *data)
{
  PwasmStr message;

  (void)data;
  assert_int_equal(s.id, stream.id);
  assert_ptr_equal(pwasm__vm()->current, owner);
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, SIZE_MAX, &message));
  add_event("message %zu %.*s, ", size, PWASM_STR_ARG(message));
  if (todo != NULL)
    todo(s);
}

static inline void
on_trailing(PwasmContext *owner, PwasmGrpcStream s, size_t num, void *data)
{
  PwasmStr value;

  (void)data;
  assert_int_equal(s.id, stream.id);
  assert_ptr_equal(pwasm__vm()->current, owner);
  assert_ok(pwasm_header_get(PWASM_MAP_GRPC_CALL_TRAILING_METADATA, PWASM_STR("t"), &value));
  add_event("trailing %zu %.*s, ", num, PWASM_STR_ARG(value));
}

static inline void
on_close(PwasmContext *owner, PwasmGrpcStream s, uint32_t grpc_status, void *data)
{
  assert_ptr_equal(pwasm__vm()->current, owner);
  add_event("%s closed %u, ", (const char *)data, grpc_status);
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("late"), false), CLOSED);
  assert_status(pwasm_grpc_stream_close(s), CLOSED);
  assert_status(pwasm_grpc_stream_cancel(s), CLOSED);
}

static const PwasmGrpcStreamHandlers handlers = {on_initial, on_message, on_trailing, on_close};

static inline PwasmAction
call(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_grpc_call(PWASM_CONTEXT(ctx), &options, done, "a");
  return PWASM_ACTION_PAUSE;
}

static inline PwasmAction
open_stream(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &handlers, "s", &stream);
  return PWASM_ACTION_PAUSE;
}

/* A request in which the plugin does that. */
static inline PwasmHostHttp *
start(PwasmAction (*begin)(PwasmHttpContext *, size_t, bool))
{
  PwasmHostPlugin *plugin = start_plugin();

  script.on_request_headers = begin;
  return pwasm_host_http_get(plugin, "/");
}

/* Hooks of the host: what it does inside the hostcall that makes a call or stream. */

static inline uint32_t
refuse(PwasmHostGrpcCall *c, void *data)
{
  (void)c;
  (void)data;
  return PWASM_STATUS_INTERNAL_FAILURE;
}

static inline uint32_t
close_and_refuse(PwasmHostGrpcCall *c, void *data)
{
  pwasm_host_grpc_close(c, 14, PWASM_STR(""));
  return refuse(c, data);
}

static inline uint32_t
delete_owner(PwasmHostGrpcCall *c, void *data)
{
  pwasm_host_call(data, "proxy_on_delete", c->context_id, 0, 0);
  return PWASM_STATUS_OK;
}

#define GRPC_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

#endif
