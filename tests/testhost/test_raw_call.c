#include "../hostcall/grpc_script.h"

/* Callbacks that the test calls itself, about calls to other services; and hosts that do so from inside
 * hostcalls. */

static const char *const callouts[] = {
  "proxy_on_http_call_response", "proxy_on_grpc_receive_initial_metadata",
  "proxy_on_grpc_receive",       "proxy_on_grpc_receive_trailing_metadata",
  "proxy_on_grpc_close",
};

enum { NUM_CALLOUTS = sizeof callouts / sizeof callouts[0] };

static void
raw_call__passes_every_argument(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  for (size_t i = 0; i < NUM_CALLOUTS; i++)
    pwasm_host_call_with(vm, callouts[i], 1, (const uint32_t[4]){7, 2, 3, 4});
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_http_call_response(1, 7, 2, 3, 4)\n"));
  for (size_t i = 1; i < NUM_CALLOUTS; i++) {
    char line[80];

    snprintf(line, sizeof line, "> %s(1, 7, 2)\n", callouts[i]);
    assert_non_null(strstr(pwasm_host_trace(host), line));
  }
  pwasm_host_trace_clear(host);
  /* The next call has none of that. */
  pwasm_host_call(vm, callouts[0], 1, 8, 1);
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_http_call_response(1, 8, 1, 0, 0)\n"));
  assert_int_equal(pwasm_host_call_with(vm, "proxy_on_done", 99, (const uint32_t[4]){0}), 1);
}

static size_t
count_log(const char *text)
{
  size_t count = 0;

  for (size_t i = 0; i < pwasm_host_log_count(host); i++)
    count += strstr(pwasm_host_log_line(host, i)->message.data, text) != NULL;
  return count;
}

static void
http_done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)data;
  add_event("http %u, ", result->status_code);
}

static PwasmAction
call_both(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("web"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a")},
                            http_done, NULL));
  return call(ctx, num_headers, end_of_stream);
}

static void
raw_call__about_unknown_calls_ends_nothing(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());
  PwasmHostHttp *http = start(call_both);
  const uint32_t ids[] = {1, pwasm_host_http_id(http), 0, 999, UINT32_MAX};

  (void)state;
  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    for (size_t j = 0; j < NUM_CALLOUTS; j++)
      pwasm_host_call_with(vm, callouts[j], ids[i],
                           (const uint32_t[4]){99, UINT32_MAX, UINT32_MAX, UINT32_MAX});
  }
  assert_string_equal(events, "");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  assert_int_not_equal(count_log("unknown call 99"), 0);
}

static void
raw_call__may_be_on_the_streams_id(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());
  PwasmHostHttp *http = start(call);
  PwasmHostGrpcCall *c = pwasm_host_grpc_call(host, 0);

  (void)state;
  for (int i = 0; i < 2; i++)
    pwasm_host_call_with(vm, "proxy_on_grpc_close", pwasm_host_http_id(http),
                         (const uint32_t[4]){c->id, 14});
  assert_string_equal(events, "a failed 14 0, ");
  pwasm_host_grpc_close(c, 14, PWASM_STR(""));
  http = start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  for (int i = 0; i < 2; i++)
    pwasm_host_call_with(vm, "proxy_on_grpc_close", pwasm_host_http_id(http),
                         (const uint32_t[4]){c->id, 5});
  assert_string_equal(events, "a failed 14 0, s closed 5, ");
}

static void
close_stream(PwasmHost *of, void *data)
{
  (void)of;
  pwasm_host_grpc_close(data, 5, PWASM_STR(""));
}

static void
send_ping(PwasmGrpcStream s)
{
  pwasm_ignore(pwasm_grpc_stream_send(s, PWASM_STR("ping"), false));
}

/* The host has no such stream any more when it comes to sending. */
static void
raw_call__may_close_a_stream_that_is_sent_on(void **state)
{
  PwasmHostGrpcCall *c;

  (void)state;
  start(open_stream);
  c = pwasm_host_grpc_call(host, 0);
  pwasm_host_hook(host, "proxy_grpc_send", close_stream, c);
  todo = send_ping;
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  assert_string_equal(events, "message 1 m, s closed 5, ");
  pwasm_host_grpc_receive(c, PWASM_STR("m"));
  assert_string_equal(events, "message 1 m, s closed 5, ");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GRPC_TEST(raw_call__passes_every_argument),
    GRPC_TEST(raw_call__about_unknown_calls_ends_nothing),
    GRPC_TEST(raw_call__may_be_on_the_streams_id),
    GRPC_TEST(raw_call__may_close_a_stream_that_is_sent_on),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
