#include "grpc_script.h"

/* A message arrives, whereupon the plugin does that. */
static void
make(PwasmHostGrpcCall *c, void (*what)(PwasmGrpcStream s))
{
  todo = what;
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  todo = NULL;
}

static void
send_last(PwasmGrpcStream s)
{
  assert_ok(pwasm_grpc_stream_send(s, PWASM_STR("again"), true));
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
  assert_str(c->upstream, "web");
  pwasm_host_grpc_receive_initial_metadata(c, PWASM_HOST_HEADERS("a", "b"));
  pwasm_host_grpc_receive(c, PWASM_STR("one"));
  todo = send_last;
  pwasm_host_grpc_receive(c, PWASM_STR("two"));
  assert_str(c->message, "again");
  assert_true(c->is_half_closed);
  pwasm_host_grpc_receive_trailing_metadata(c, PWASM_HOST_HEADERS("t", "u"));
  pwasm_host_grpc_close(c, 3, PWASM_STR(""));
  assert_string_equal(events,
                      "initial 1 b, message 3 one, message 3 two, trailing 1 u, s closed 3, ");
}

/* Envoy keeps a stream that has ended until it is cancelled. */
static void
grpc_stream__that_has_ended_is_forgotten_by_the_host(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_grpc_close(c, 0, PWASM_STR(""));
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
  assert_false(c->is_cancelled);
  assert_int_equal(proxy_grpc_cancel(c->id), PWASM_STATUS_NOT_FOUND);
}

static void
expect_forgotten(PwasmContext *owner, PwasmGrpcStream s, uint32_t grpc_status, void *data)
{
  (void)owner;
  (void)s;
  (void)data;
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
  add_event("closed %u", grpc_status);
}

static PwasmAction
open_to_be_forgotten(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const PwasmGrpcStreamHandlers only_close = {.on_close = expect_forgotten};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(
    pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &only_close, NULL, &stream));
  return PWASM_ACTION_PAUSE;
}

/* A stream that is opened when this one's end is told may get the same id. */
static void
grpc_stream__that_has_ended_is_forgotten_before_that_is_told(void **state)
{
  (void)state;
  start(open_to_be_forgotten);
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 0, PWASM_STR(""));
  assert_string_equal(events, "closed 0");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
}

static void
send_two(PwasmGrpcStream s)
{
  assert_ok(pwasm_grpc_stream_send(s, PWASM_STR("first"), false));
  assert_false(pwasm_host_grpc_call(host, 0)->is_half_closed);
  assert_ok(pwasm_grpc_stream_send(s, pwasm_str(NULL, 0), true));
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("x"), false), CLOSED);
  assert_status(pwasm_grpc_stream_close(s), CLOSED);
}

static void
grpc_stream__half_closed_by_a_last_message(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  make(c, send_two);
  assert_str(c->message, "");
  assert_true(c->is_half_closed);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 2);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_close", 0);
}

static void
half_close(PwasmGrpcStream s)
{
  assert_ok(pwasm_grpc_stream_close(s));
  assert_status(pwasm_grpc_stream_close(s), CLOSED);
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("x"), false), CLOSED);
}

static void
grpc_stream__half_closed_without_a_message(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  make(c, half_close);
  assert_true(c->is_half_closed);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_close", 1);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 0);
  /* The service goes on. */
  pwasm_host_grpc_receive(c, PWASM_STR("one"));
  pwasm_host_grpc_close(c, 0, PWASM_STR(""));
  assert_string_equal(events, "message 1 m, message 3 one, s closed 0, ");
}

static void
send_in_vain(PwasmGrpcStream s)
{
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("x"), true), INTERNAL_FAILURE);
  assert_status(pwasm_grpc_stream_close(s), NOT_FOUND);
  assert_status(pwasm_grpc_stream_send(s, pwasm_str("", (size_t)UINT32_MAX + 1), true), TOO_LARGE);
}

static void
grpc_stream__what_failed_half_closes_nothing(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_fail(host, "proxy_grpc_send", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_fail(host, "proxy_grpc_close", 1, PWASM_STATUS_NOT_FOUND);
  make(c, send_in_vain);
  assert_false(c->is_half_closed);
  make(c, half_close);
}

static void
cancel(PwasmGrpcStream s)
{
  assert_ok(pwasm_grpc_stream_cancel(s));
}

static void
grpc_stream__cancelled_in_a_handler(void **state)
{
  PwasmHostHttp *http = start(open_stream);
  PwasmHostGrpcCall *c = pwasm_host_grpc_call(host, 0);

  (void)state;
  make(c, cancel);
  assert_true(c->is_cancelled);
  pwasm_host_http_end(http);
  assert_string_equal(events, "message 1 m, s closed 1, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
}

static void
close_meanwhile(PwasmHost *unused, void *data)
{
  (void)unused;
  pwasm_host_grpc_close(data, 5, PWASM_STR(""));
}

static void
grpc_stream__closed_inside_the_cancel(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_hook(host, "proxy_grpc_cancel", close_meanwhile, c);
  make(c, cancel);
  assert_string_equal(events, "message 1 m, s closed 5, ");
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
grpc_stream__refused(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = open_stream;
  stream.id = 77;
  pwasm_host_on_grpc_call(host, refuse, NULL);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, INTERNAL_FAILURE);
  assert_int_equal(stream.id, 77);
  pwasm_host_fail(host, "proxy_grpc_stream", 1, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  stream_options.service = PWASM_STR("");
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_stream", 2);
  assert_string_equal(events, "");
}

/* Of a stream that was refused, Envoy tells the end when the callback has returned. */
static void
grpc_stream__refused_and_closed_afterwards(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_add_cluster(host, "other");
  script.on_request_headers = open_stream;
  pwasm_host_http_get(plugin, "/");
  assert_status(status, INTERNAL_FAILURE);
  PWASM_EXPECT_CALLS(host, "proxy_on_grpc_close", 1);
  assert_string_equal(events, "");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  /* Only that. */
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_grpc_close", 1, 6, 14);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 6");
}

static void
grpc_stream__closed_and_refused(void **state)
{
  (void)state;
  pwasm_host_on_grpc_call(host, close_and_refuse, NULL);
  start(open_stream);
  assert_ok(status);
  assert_string_equal(events, "s closed 14, ");
  assert_status(pwasm_grpc_stream_send(stream, PWASM_STR(""), false), CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
}

static uint32_t
tell_and_refuse(PwasmHostGrpcCall *c, void *data)
{
  pwasm_host_grpc_receive_initial_metadata(c, PWASM_HOST_HEADERS("a", "b"));
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  pwasm_host_grpc_receive_trailing_metadata(c, PWASM_HOST_HEADERS("t", "u"));
  return refuse(c, data);
}

/* Envoy tells of the metadata of a stream that it refuses then. */
static void
grpc_stream__before_it_is_open_only_its_end_is_told(void **state)
{
  (void)state;
  pwasm_host_on_grpc_call(host, tell_and_refuse, NULL);
  start(open_stream);
  assert_status(status, INTERNAL_FAILURE);
  assert_string_equal(events, "");
}

static void
grpc_stream__owner_deleted_inside_the_hostcall(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_on_grpc_call(host, delete_owner, pwasm_host_plugin_vm(plugin));
  script.on_request_headers = open_stream;
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(events, "s closed 1, ");
  assert_status(pwasm_grpc_stream_close(stream), CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 1);
}

static void
grpc_stream__repeated_and_unknown_events_are_ignored(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostGrpcCall *c;

  (void)state;
  script.on_request_headers = open_stream;
  pwasm_host_http_get(plugin, "/");
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_grpc_close(c, 0, PWASM_STR(""));
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  pwasm_host_grpc_receive_trailing_metadata(c, PWASM_HOST_HEADERS("t", "u"));
  pwasm_host_grpc_close(c, 2, PWASM_STR(""));
  pwasm_host_call(vm, "proxy_on_grpc_receive", 1, 998, 1);
  pwasm_host_call(vm, "proxy_on_grpc_close", 12345, 999, 1);
  assert_string_equal(events, "s closed 0, ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 6");
  assert_int_equal(pwasm_host_log_count(host), 1);
}

static PwasmGrpcStream old;

static void
use_both(PwasmGrpcStream s)
{
  assert_status(pwasm_grpc_stream_send(old, PWASM_STR("x"), false), CLOSED);
  assert_status(pwasm_grpc_stream_close(old), CLOSED);
  assert_status(pwasm_grpc_stream_cancel(old), CLOSED);
  assert_ok(pwasm_grpc_stream_send(s, PWASM_STR("y"), false));
}

static void
grpc_stream__a_name_never_means_another_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostGrpcCall *c;

  (void)state;
  script.on_request_headers = open_stream;
  pwasm_host_http_get(plugin, "/");
  old = stream;
  /* The host loses it, and uses its id again. In the handler the new one is there already. */
  pwasm_host_reset_grpc_call_ids(host);
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(events, "s closed 1, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
  c = pwasm_host_grpc_call(host, 1);
  assert_int_equal(c->id, 6);
  make(c, use_both);
  assert_str(c->message, "y");
}

static void
grpc_stream__nothing_is_named_by_zero_or_by_a_call(void **state)
{
  (void)state;
  start(call);
  assert_status(pwasm_grpc_stream_cancel((PwasmGrpcStream){0}), CLOSED);
  for (uint64_t generation = 0; generation < 3; generation++)
    assert_status(pwasm_grpc_stream_cancel((PwasmGrpcStream){generation << 32 | 5}), CLOSED);
}

static PwasmAction
open_deaf(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const PwasmGrpcStreamHandlers none = {0};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &none, NULL, &stream));
  return PWASM_ACTION_PAUSE;
}

static void
grpc_stream__nobody_needs_to_listen(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  pwasm_host_http_end(start(open_deaf));
  start(open_deaf);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_grpc_receive_initial_metadata(c, GET);
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  pwasm_host_grpc_receive_trailing_metadata(c, GET);
  pwasm_host_grpc_close(c, 0, PWASM_STR(""));
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static bool
open_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  assert_ok(
    pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &handlers, "plugin", &stream));
  return true;
}

static bool
open_on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  assert_ok(pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &handlers, "vm", &stream));
  return true;
}

static void
grpc_stream__of_plugin_and_vm(void **state)
{
  (void)state;
  script.on_vm_start = open_on_vm_start;
  start_plugin();
  todo = send_last;
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("m"));
  assert_true(pwasm_host_grpc_call(host, 0)->is_half_closed);
  /* The VM's context has no id to be set. */
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
  script.on_configure = open_on_configure;
  start_plugin();
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 1), PWASM_STR("n"));
  assert_true(pwasm_host_grpc_call(host, 1)->is_half_closed);
  assert_string_equal(events, "message 1 m, message 1 n, ");
  pwasm_host_free(host);
  host = NULL;
  assert_string_equal(events, "message 1 m, message 1 n, plugin closed 1, vm closed 1, ");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GRPC_TEST(grpc_stream__every_event),
    GRPC_TEST(grpc_stream__that_has_ended_is_forgotten_by_the_host),
    GRPC_TEST(grpc_stream__that_has_ended_is_forgotten_before_that_is_told),
    GRPC_TEST(grpc_stream__half_closed_by_a_last_message),
    GRPC_TEST(grpc_stream__half_closed_without_a_message),
    GRPC_TEST(grpc_stream__what_failed_half_closes_nothing),
    GRPC_TEST(grpc_stream__cancelled_in_a_handler),
    GRPC_TEST(grpc_stream__closed_inside_the_cancel),
    GRPC_TEST(grpc_stream__cancelled_with_its_owner),
    GRPC_TEST(grpc_stream__refused),
    GRPC_TEST(grpc_stream__refused_and_closed_afterwards),
    GRPC_TEST(grpc_stream__closed_and_refused),
    GRPC_TEST(grpc_stream__before_it_is_open_only_its_end_is_told),
    GRPC_TEST(grpc_stream__owner_deleted_inside_the_hostcall),
    GRPC_TEST(grpc_stream__repeated_and_unknown_events_are_ignored),
    GRPC_TEST(grpc_stream__a_name_never_means_another_stream),
    GRPC_TEST(grpc_stream__nothing_is_named_by_zero_or_by_a_call),
    GRPC_TEST(grpc_stream__nobody_needs_to_listen),
    GRPC_TEST(grpc_stream__of_plugin_and_vm),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
