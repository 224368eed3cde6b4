#include "grpc_script.h"

/* What a host may do with gRPC calls and streams from inside of hostcalls. */

/* The stream that on_close() was told of last. */
static PwasmGrpcStream closed;

static void
note_close(PwasmContext *owner, PwasmGrpcStream s, uint32_t grpc_status, void *data)
{
  closed = s;
  on_close(owner, s, grpc_status, data);
}

static PwasmAction
open_noted(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const PwasmGrpcStreamHandlers noting = {.on_message = on_message, .on_close = note_close};

  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_grpc_stream_open(PWASM_CONTEXT(ctx), &stream_options, &noting, "s", &stream);
  return PWASM_ACTION_PAUSE;
}

static uint32_t
answer_at_once(PwasmHostGrpcCall *c, void *data)
{
  (void)data;
  pwasm_host_grpc_receive(c, PWASM_STR("answer"));
  return PWASM_STATUS_OK;
}

static void
grpc_reentry__call_is_answered_before_it_has_an_id(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  pwasm_host_on_grpc_call(host, answer_at_once, NULL);
  pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  assert_string_equal(events, "a answered 0 6, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
}

static void
grpc_reentry__stream_is_the_same_that_was_closed_before_it_had_an_id(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = open_noted;
  stream.id = 77;
  pwasm_host_on_grpc_call(host, close_and_refuse, NULL);
  pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  assert_string_equal(events, "s closed 14, ");
  assert_int_equal(stream.id, closed.id);
}

static uint32_t
delete_owner_and_refuse(PwasmHostGrpcCall *c, void *data)
{
  delete_owner(c, data);
  return refuse(c, NULL);
}

/* The host does not know it: there is nothing to be forgotten. */
static void
grpc_reentry__owner_is_deleted_and_the_call_refused(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  pwasm_host_on_grpc_call(host, delete_owner_and_refuse, pwasm_host_plugin_vm(plugin));
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(events, "a cancelled 1 0, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_cancel", 0);
}

static void
close_once(PwasmHost *unused, void *data)
{
  PwasmHostGrpcCall **c = data;
  PwasmHostGrpcCall *open = *c;

  (void)unused;
  *c = NULL;
  if (open != NULL)
    pwasm_host_grpc_close(open, 9, PWASM_STR(""));
}

/* Something about the stream of another one, and then about the current one. */
static PwasmStatus (*do_with_stream)(void);

static PwasmStatus
send_message(void)
{
  return pwasm_grpc_stream_send(stream, PWASM_STR("m"), false);
}

static PwasmStatus
close_half(void)
{
  return pwasm_grpc_stream_close(stream);
}

static PwasmStatus
cancel_stream(void)
{
  return pwasm_grpc_stream_cancel(stream);
}

static PwasmAction
act_for_another(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  status = do_with_stream();
  assert_ptr_equal(pwasm__vm()->current, ctx);
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  return PWASM_ACTION_CONTINUE;
}

static void
grpc_reentry__stream_is_closed_before_anything_is_done_with_it(void **state)
{
  static PwasmStatus (*const functions[])(void) = {send_message, close_half, cancel_stream};
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostGrpcCall *to_be_closed;

  (void)state;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    events[0] = '\0';
    script.on_request_headers = open_noted;
    pwasm_host_http_get(plugin, "/first");
    to_be_closed = pwasm_host_grpc_call(host, 0);
    do_with_stream = functions[i];
    script.on_request_headers = act_for_another;
    pwasm_host_hook(host, "proxy_set_effective_context", close_once, &to_be_closed);
    pwasm_host_http_get(plugin, "/second");
    assert_null(to_be_closed);
    assert_status(status, CLOSED);
    assert_string_equal(events, "s closed 9, ");
  }
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 0);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_close", 0);
}

static void
close_half_meanwhile(PwasmHost *unused, void *data)
{
  PwasmStatus *ret_status = data;

  (void)unused;
  *ret_status = close_half();
}

static void
send_in_vain(PwasmGrpcStream s)
{
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("m"), false), INTERNAL_FAILURE);
  assert_status(pwasm_grpc_stream_send(s, PWASM_STR("m"), false), CLOSED);
}

static void
grpc_reentry__half_closed_while_a_message_fails(void **state)
{
  PwasmStatus closed_with = PWASM_STATUS_INTERNAL_FAILURE;

  (void)state;
  start(open_noted);
  todo = send_in_vain;
  pwasm_host_hook(host, "proxy_grpc_send", close_half_meanwhile, &closed_with);
  pwasm_host_fail(host, "proxy_grpc_send", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("m"));
  assert_ok(closed_with);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_close", 1);
}

static void
grpc_reentry__done_for_another_stream(void **state)
{
  static PwasmStatus (*const functions[])(void) = {send_message, close_half, cancel_stream};
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = open_noted;
  pwasm_host_http_get(plugin, "/first");
  script.on_request_headers = act_for_another;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    do_with_stream = functions[i];
    pwasm_host_http_get(plugin, "/second");
    assert_ok(status);
  }
  assert_string_equal(events, "s closed 1, ");
}

static PwasmContext *kept;

static PwasmStatus
call_for_kept(void)
{
  const char *next = pwasm_scratch()->next;
  PwasmStatus result = pwasm_grpc_call(kept, &options, done, "a");

  assert_ptr_equal(pwasm_scratch()->next, next);
  return result;
}

static void
keep(PwasmHttpContext *ctx)
{
  kept = PWASM_CONTEXT(ctx);
}

static void
grpc_reentry__called_for_another_stream(void **state)
{
  (void)state;
  run_in_request(keep);
  do_with_stream = call_for_kept;
  script.on_request_headers = act_for_another;
  pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/second");
  assert_ok(status);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GRPC_TEST(grpc_reentry__call_is_answered_before_it_has_an_id),
    GRPC_TEST(grpc_reentry__stream_is_the_same_that_was_closed_before_it_had_an_id),
    GRPC_TEST(grpc_reentry__owner_is_deleted_and_the_call_refused),
    GRPC_TEST(grpc_reentry__stream_is_closed_before_anything_is_done_with_it),
    GRPC_TEST(grpc_reentry__half_closed_while_a_message_fails),
    GRPC_TEST(grpc_reentry__done_for_another_stream),
    GRPC_TEST(grpc_reentry__called_for_another_stream),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
