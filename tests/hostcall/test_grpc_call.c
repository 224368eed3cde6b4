#include "../script.h"

#include "core/vm_private.h"

/* What was told, in order. */
static char events[512];
static PwasmGrpcCallOptions options;
static PwasmGrpcStreamOptions stream_options;
static PwasmGrpcStream stream;
static PwasmStatus status;
static const char *todo;

static int
setup(void **state)
{
  int result = script_setup(state);

  events[0] = '\0';
  todo = "";
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

static void
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
  }
}

static void
on_initial(PwasmContext *owner, PwasmGrpcStream s, size_t num, void *data)
{
  PwasmStr value;

  (void)data;
  assert_ptr_equal(pwasm__vm()->current, owner);
  assert_ok(pwasm_header_get(PWASM_MAP_GRPC_CALL_INITIAL_METADATA, PWASM_STR("a"), &value));
  add_event("initial %u %zu %.*s, ", s.id, num, PWASM_STR_ARG(value));
}

static void
on_message(PwasmContext *owner, PwasmGrpcStream s, size_t size, void *data)
{
  PwasmStr message;

  (void)data;
  assert_ptr_equal(pwasm__vm()->current, owner);
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_GRPC_CALL_MESSAGE, 0, SIZE_MAX, &message));
  add_event("message %zu %.*s, ", size, PWASM_STR_ARG(message));
  if (strcmp(todo, "cancel") == 0)
    assert_ok(pwasm_grpc_stream_cancel(s));
  else if (strcmp(todo, "fail") == 0)
    assert_status(pwasm_grpc_stream_send(s, PWASM_STR("x"), true), INTERNAL_FAILURE);
  else if (strcmp(todo, "send") == 0)
    assert_ok(pwasm_grpc_stream_send(s, PWASM_STR("again"), true));
}

static void
on_trailing(PwasmContext *owner, PwasmGrpcStream s, size_t num, void *data)
{
  PwasmStr value;

  (void)owner;
  (void)s;
  (void)data;
  assert_ok(pwasm_header_get(PWASM_MAP_GRPC_CALL_TRAILING_METADATA, PWASM_STR("t"), &value));
  add_event("trailing %zu %.*s, ", num, PWASM_STR_ARG(value));
}

static void
on_close(PwasmContext *owner, PwasmGrpcStream s, uint32_t grpc_status, void *data)
{
  (void)owner;
  add_event("%s closed %u, ", (const char *)data, grpc_status);
  /* With that id there is another one now. */
  if (strcmp(todo, "reuse") == 0)
    return;
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("late"), false), CLOSED);
  assert_status(pwasm_grpc_stream_cancel(s), CLOSED);
}

static const PwasmGrpcStreamHandlers handlers = {on_initial, on_message, on_trailing, on_close};

static PwasmAction
call(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_grpc_call(PWASM_CONTEXT(ctx), &options, done, "a");
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
open_stream(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &handlers, "s", &stream);
  return PWASM_ACTION_PAUSE;
}

static PwasmHostHttp *
start(PwasmAction (*begin)(PwasmHttpContext *, size_t, bool))
{
  PwasmHostPlugin *plugin = start_plugin();

  script.on_request_headers = begin;
  return pwasm_host_http_get(plugin, "/");
}

static void
grpc_call__is_answered_once(void **state)
{
  PwasmPair metadata = {PWASM_STR("k"), PWASM_STR("v")};
  PwasmHostGrpcCall *c;
  PwasmHostHttp *http;

  (void)state;
  options.metadata = &metadata;
  options.num_metadata = 1;
  options.timeout_ms = 7;
  http = start(call);
  assert_ok(status);
  c = pwasm_host_grpc_call(host, 0);
  assert_int_equal(c->id, 5);
  assert_int_equal(c->context_id, pwasm_host_http_id(http));
  assert_str(c->upstream, "web");
  assert_str(c->service, "a.B");
  assert_str(c->method, "Do");
  assert_str(c->message, "ask");
  assert_str(pwasm_host_headers_get(c->metadata, "k"), "v");
  assert_int_equal(c->timeout_ms, 7);
  pwasm_host_grpc_receive_initial_metadata(c, GET);
  pwasm_host_grpc_receive_trailing_metadata(c, GET);
  assert_string_equal(events, "");
  pwasm_host_grpc_receive(c, PWASM_STR("answer"));
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_grpc_receive(c, PWASM_STR("answer"));
  pwasm_host_grpc_close(c, 2, PWASM_STR(""));
  assert_string_equal(events, "a answered 0 6, ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 5");
  pwasm_host_http_end(http);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
}

static void
grpc_call__fails(void **state)
{
  (void)state;
  start(call);
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 14, PWASM_STR("gone"));
  assert_string_equal(events, "a failed 14 0, ");
}

static void
grpc_call__is_cancelled_with_its_owner(void **state)
{
  PwasmHostHttp *http = start(call);
  PwasmHostGrpcCall *c = pwasm_host_grpc_call(host, 0);

  (void)state;
  pwasm_host_http_end(http);
  assert_string_equal(events, "a cancelled 1 0, ");
  assert_true(c->is_cancelled);
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
}

static void
grpc_call__names_what_is_missing(void **state)
{
  const PwasmGrpcCallOptions whole = options;
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  options.upstream = PWASM_STR("");
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "upstream");
  options = whole;
  options.service = PWASM_STR("");
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "service");
  options = whole;
  options.method = PWASM_STR("");
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "method");
  options = whole;
  options.timeout_ms = (uint32_t)INT32_MAX + 1;
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "timeout");
  options = whole;
  options.message = pwasm_str("", (size_t)UINT32_MAX + 1);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, TOO_LARGE);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_call", 0);
  options = whole;
  pwasm_host_add_cluster(host, "other");
  pwasm_host_http_get(plugin, "/");
  assert_status(status, PARSE_FAILURE);
  assert_string_equal(events, "");
}

static uint32_t
close_and_refuse(PwasmHostGrpcCall *c, void *data)
{
  (void)data;
  pwasm_host_grpc_close(c, 14, PWASM_STR(""));
  return PWASM_STATUS_INTERNAL_FAILURE;
}

static uint32_t
refuse(PwasmHostGrpcCall *c, void *data)
{
  (void)c;
  (void)data;
  return PWASM_STATUS_INTERNAL_FAILURE;
}

static uint32_t
delete_owner(PwasmHostGrpcCall *c, void *data)
{
  pwasm_host_call(data, "proxy_on_delete", c->context_id, 0, 0);
  return PWASM_STATUS_OK;
}

static void
grpc_call__ends_inside_the_hostcall(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_on_grpc_call(host, close_and_refuse, NULL);
  script.on_request_headers = call;
  pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  script.on_request_headers = open_stream;
  pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  assert_status(pwasm_grpc_stream_send(stream, PWASM_STR(""), false), CLOSED);
  assert_string_equal(events, "a failed 14 0, s closed 14, ");
  pwasm_host_on_grpc_call(host, refuse, NULL);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, INTERNAL_FAILURE);
  assert_string_equal(events, "a failed 14 0, s closed 14, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
}

static void
grpc_call__owner_deleted_inside_the_hostcall(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_on_grpc_call(host, delete_owner, pwasm_host_plugin_vm(plugin));
  script.on_request_headers = call;
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(events, "a cancelled 1 0, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
}

static void
grpc_call__an_id_used_again_ends_the_lost_call(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = open_stream;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_reset_grpc_call_ids(host);
  todo = "reuse";
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(events, "s closed 1, ");
  /* The new one is not cancelled for it. */
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
  todo = "";
}

static void
grpc_stream__every_event(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  assert_ok(status);
  c = pwasm_host_grpc_call(host, 0);
  assert_true(c->is_stream);
  assert_int_equal(c->id, 6);
  assert_int_equal(stream.id, 6);
  pwasm_host_grpc_receive_initial_metadata(c, PWASM_HOST_HEADERS("a", "b"));
  pwasm_host_grpc_receive(c, PWASM_STR("one"));
  todo = "send";
  pwasm_host_grpc_receive(c, PWASM_STR("two"));
  assert_str(c->message, "again");
  assert_true(c->is_half_closed);
  assert_status(pwasm_grpc_stream_send(stream, PWASM_STR("x"), false), CLOSED);
  assert_int_equal(c->num_messages, 1);
  pwasm_host_grpc_receive_trailing_metadata(c, PWASM_HOST_HEADERS("t", "u"));
  pwasm_host_grpc_close(c, 3, PWASM_STR(""));
  assert_string_equal(events,
                      "initial 6 1 b, message 3 one, message 3 two, trailing 1 u, s closed 3, ");
  assert_status(pwasm_grpc_stream_cancel(stream), CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 1);
}

static void
grpc_stream__cancelled_in_a_handler(void **state)
{
  PwasmHostHttp *http = start(open_stream);
  PwasmHostGrpcCall *c = pwasm_host_grpc_call(host, 0);

  (void)state;
  todo = "cancel";
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  assert_true(c->is_cancelled);
  pwasm_host_http_end(http);
  assert_string_equal(events, "message 1 m, s closed 1, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
}

static void
grpc_stream__cancelled_with_its_owner(void **state)
{
  PwasmHostHttp *http = start(open_stream);
  PwasmHostGrpcCall *c = pwasm_host_grpc_call(host, 0);

  (void)state;
  pwasm_host_http_end(http);
  assert_true(c->is_cancelled);
  assert_string_equal(events, "s closed 1, ");
}

static void
grpc_stream__a_send_that_failed_closes_nothing(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_fail(host, "proxy_grpc_send", 1, PWASM_STATUS_INTERNAL_FAILURE);
  todo = "fail";
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  assert_false(c->is_half_closed);
  todo = "send";
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  assert_true(c->is_half_closed);
}

static PwasmAction
open_deaf(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const PwasmGrpcStreamHandlers none = {0};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &none, NULL, &stream));
  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx), &options, NULL, NULL));
  /* A call is no stream. */
  assert_status(pwasm_grpc_stream_cancel((PwasmGrpcStream){5}), CLOSED);
  return PWASM_ACTION_PAUSE;
}

static void
grpc_stream__nobody_needs_to_listen(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_deaf);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_grpc_receive_initial_metadata(c, GET);
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  pwasm_host_grpc_receive_trailing_metadata(c, GET);
  pwasm_host_grpc_close(c, 0, PWASM_STR(""));
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("m"));
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static bool
call_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx), &options, done, "plugin"));
  return true;
}

static bool
call_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  assert_ok(pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &handlers, "vm", &stream));
  return true;
}

static void
grpc_call__of_plugin_and_vm_to_the_end_of_all(void **state)
{
  (void)state;
  script.on_configure = call_on_configure;
  script.on_vm_start = call_on_vm_start;
  start(call);
  pwasm_host_free(host);
  host = NULL;
  assert_string_equal(events, "a cancelled 1 0, plugin cancelled 1 0, vm closed 1, ");
}

static void
grpc_call__memory_may_run_out_anywhere(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  bool is_enough = false;

  (void)state;
  script.on_request_headers = call;
  for (size_t n = 0; !is_enough; n++) {
    PwasmHostHttp *http;

    assert_true(n < 50);
    status = PWASM_STATUS_OUT_OF_MEMORY;
    pwasm_host_vm_fail_allocations_after(vm, n);
    http = pwasm_host_http_get(plugin, "/");
    pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
    is_enough = status == PWASM_STATUS_OK;
    if (!is_enough)
      assert_status(status, OUT_OF_MEMORY);
    pwasm_host_http_end(http);
  }
  assert_string_equal(events, "a cancelled 1 0, ");
}

#define CALL_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    CALL_TEST(grpc_call__is_answered_once),
    CALL_TEST(grpc_call__fails),
    CALL_TEST(grpc_call__is_cancelled_with_its_owner),
    CALL_TEST(grpc_call__names_what_is_missing),
    CALL_TEST(grpc_call__ends_inside_the_hostcall),
    CALL_TEST(grpc_call__owner_deleted_inside_the_hostcall),
    CALL_TEST(grpc_call__an_id_used_again_ends_the_lost_call),
    CALL_TEST(grpc_stream__every_event),
    CALL_TEST(grpc_stream__cancelled_in_a_handler),
    CALL_TEST(grpc_stream__cancelled_with_its_owner),
    CALL_TEST(grpc_stream__a_send_that_failed_closes_nothing),
    CALL_TEST(grpc_stream__nobody_needs_to_listen),
    CALL_TEST(grpc_call__of_plugin_and_vm_to_the_end_of_all),
    CALL_TEST(grpc_call__memory_may_run_out_anywhere),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
