#include "http_stream_script.h"

static PwasmAction
reply_with_everything(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const PwasmPair headers[] = {
    {PWASM_STR_INIT("X-One"), PWASM_STR_INIT("1")},
    {PWASM_STR_INIT("content-type"), PWASM_STR_INIT("text/html")},
  };
  static const PwasmGrpcStatus grpc_status = PWASM_GRPC_STATUS_PERMISSION_DENIED;
  PwasmVmMemory before;
  PwasmVmMemory after;
  PwasmHttpReply reply = {
    .status_code = 403,
    .body = PWASM_STR("<p>no</p>"),
    .headers = headers,
    .num_headers = 2,
    .grpc_status = &grpc_status,
    .details = PWASM_STR("not  allowed"),
  };

  (void)num_headers;
  (void)end_of_stream;
  assert_false(pwasm_http_context_is_replied(ctx));
  pwasm_vm_memory(&before);
  assert_ok(pwasm_http_context_reply(ctx, &reply));
  assert_true(pwasm_http_context_is_replied(ctx));
  /* What it needed is given back at once. */
  pwasm_vm_memory(&after);
  assert_int_equal(after.in_use, before.in_use);
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__reply_sends_all_of_it(void **state)
{
  PwasmHostHttp *http;
  const PwasmHostReply *reply;

  (void)state;
  script.on_request_headers = reply_with_everything;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-one", "1");
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-type", "text/html");
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-length", "9");
  PWASM_EXPECT_RESPONSE_BODY(http, "<p>no</p>");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  reply = pwasm_host_http_reply(http);
  assert_str(reply->details, "not__allowed");
  assert_true(reply->has_grpc_status);
  assert_int_equal(reply->grpc_status, 7);
  /* It was the current stream: nothing to set. */
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
}

static PwasmAction
reply_with_nothing(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply reply = {.status_code = 204};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_reply(ctx, &reply));
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__reply_needs_no_more_than_a_status_code(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply_with_nothing;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REPLY(http, 204);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  assert_false(pwasm_host_http_reply(http)->has_grpc_status);
  assert_int_equal(pwasm_host_http_reply(http)->details.len, 0);
  assert_int_equal(pwasm_host_http_reply(http)->headers.num_pairs, 0);
}

static bool response_was_own;

static PwasmAction
see_own_reply(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  response_was_own = pwasm_http_context_is_replied(ctx);
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__reply_is_recognised_in_the_response(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  response_was_own = false;
  script.on_request_headers = reply_with_nothing;
  script.on_response_headers = see_own_reply;
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  assert_true(response_was_own);
  script.on_request_headers = NULL;
  pwasm_host_http_send_response_headers(pwasm_host_http_get(plugin, "/"), STATUS_200, true);
  assert_false(response_was_own);
}

static PwasmAction
reply_twice(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply second = {.status_code = 500};

  reply_with_everything(ctx, num_headers, end_of_stream);
  assert_status(pwasm_http_context_reply(ctx, &second), ALREADY_REPLIED);
  assert_status(pwasm_http_context_resume_request(ctx), ALREADY_REPLIED);
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
reply_once_more(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply third = {.status_code = 500};

  (void)num_headers;
  (void)end_of_stream;
  assert_status(pwasm_http_context_reply(ctx, &third), ALREADY_REPLIED);
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__replies_at_most_once(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply_twice;
  script.on_response_headers = reply_once_more;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
}

static PwasmAction
reply_badly(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const uint32_t bad_codes[] = {0, 1, 100, 199, 600, 1000, UINT32_MAX};
  static PwasmPair pairs[PWASM_PAIRS_MAX_COUNT + 1];
  PwasmHttpReply reply = {0};

  (void)num_headers;
  (void)end_of_stream;
  for (size_t i = 0; i < sizeof bad_codes / sizeof bad_codes[0]; i++) {
    reply.status_code = bad_codes[i];
    assert_status(pwasm_http_context_reply(ctx, &reply), BAD_ARGUMENT);
  }
  reply.status_code = 200;
  reply.headers = pairs;
  reply.num_headers = PWASM_PAIRS_MAX_COUNT + 1;
  assert_status(pwasm_http_context_reply(ctx, &reply), TOO_LARGE);
  reply.num_headers = 1;
  reply.body = pwasm_str("x", (size_t)UINT32_MAX + 1);
  assert_status(pwasm_http_context_reply(ctx, &reply), TOO_LARGE);
  reply.body = PWASM_STR("");
  reply.details = pwasm_str("x", (size_t)UINT32_MAX + 1);
  assert_status(pwasm_http_context_reply(ctx, &reply), TOO_LARGE);
  reply.details = PWASM_STR("");
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_http_context_reply(ctx, &reply), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  /* None of that counts as a reply. */
  assert_false(pwasm_http_context_is_replied(ctx));
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__reply_says_why_not(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply_badly;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_NO_REPLY(http);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static PwasmAction
reply_after_all(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmHttpReply reply = {.status_code = 200};

  (void)num_headers;
  (void)end_of_stream;
  assert_status(pwasm_http_context_reply(ctx, &reply), INTERNAL_FAILURE);
  assert_false(pwasm_http_context_is_replied(ctx));
  assert_ok(pwasm_http_context_reply(ctx, &reply));
  return PWASM_ACTION_PAUSE;
}

static void
http_stream__reply_that_the_host_refused_may_be_tried_again(void **state)
{
  (void)state;
  script.on_request_headers = reply_after_all;
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_INTERNAL_FAILURE);
  PWASM_EXPECT_REPLY(pwasm_host_http_get(start_plugin(), "/"), 200);
}

static PwasmStatus
reply_in_vain(PwasmHttpContext *ctx)
{
  assert_status(reply_to(ctx), BAD_ARGUMENT);
  assert_false(pwasm_http_context_is_replied(ctx));
  return PWASM_STATUS_OK;
}

/* Envoy would stop this one too. */
static void
http_stream__no_reply_to_another_stream(void **state)
{
  (void)state;
  act_from_another_stream(reply_in_vain);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_STATE(first_http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_STATE(second_http, PWASM_HOST_HTTP_RUNNING);
}

static PwasmAction
reply_in_vain_from_connection(PwasmTcpContext *ctx)
{
  (void)ctx;
  assert_ok(reply_in_vain(streams[0]));
  return PWASM_ACTION_CONTINUE;
}

static void
http_stream__no_reply_from_a_connection(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = pause;
  pwasm_host_http_get(plugin, "/");
  script.create_tcp_context = use_tcp;
  script.on_new_connection = reply_in_vain_from_connection;
  pwasm_host_tcp_open(plugin);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
}

static void
reply_from_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
  pwasm_host_fail(host, "proxy_send_local_response", 1, PWASM_STATUS_INTERNAL_FAILURE);
  assert_status(reply_to(streams[0]), INTERNAL_FAILURE);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 2);
  assert_ok(reply_to(streams[0]));
}

static void
http_stream__reply_from_the_plugin(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = pause;
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_trace_clear(host);
  script.on_tick = reply_from_tick;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_tick", pwasm_host_plugin_id(plugin), 0,
                  0);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  assert_non_null(
    strstr(pwasm_host_trace(host),
           "  proxy_set_effective_context(2) = OK\n"
           "  proxy_send_local_response(403, \"\", \"\", 0 bytes of headers, -1) = OK\n"
           "  proxy_set_effective_context(1) = OK\n"));
}

static void
reply_to_first_when_called(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)result;
  (void)data;
  assert_ok(reply_to(streams[0]));
  assert_ok(pwasm_http_context_resume_request(PWASM_SELF(PwasmHttpContext, owner)));
}

static PwasmAction
call_from_second(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  if (streams[1] == ctx)
    assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                              &(PwasmHttpCallOptions){.upstream = PWASM_STR("web"),
                                                      .method = PWASM_STR("GET"),
                                                      .path = PWASM_STR("/"),
                                                      .authority = PWASM_STR("a")},
                              reply_to_first_when_called, NULL));
  return pause(ctx, num_headers, end_of_stream);
}

static PwasmStatus
reply_to_second_in_vain(PwasmHttpContext *first)
{
  (void)first;
  return reply_in_vain(streams[1]);
}

/* The host is in a callback of the plugin's then. */
static void
http_stream__reply_to_another_stream_when_a_call_ends(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *second;

  (void)state;
  script.on_request_headers = call_from_second;
  first_http = pwasm_host_http_get(plugin, "/first");
  second = pwasm_host_http_get(plugin, "/second");
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  PWASM_EXPECT_REPLY(first_http, 403);
  PWASM_EXPECT_STATE(second, PWASM_HOST_HTTP_RUNNING);
  /* In no callback but that one. */
  do_to_first = reply_to_second_in_vain;
  script.on_request_headers = act_for_first;
  pwasm_host_http_get(plugin, "/second");
  PWASM_EXPECT_NO_REPLY(second);
}

static void
reply_from_log(PwasmContext *ctx)
{
  if (ctx != &streams[0]->base)
    assert_ok(reply_to(streams[0]));
}

/* That stream has ended: there is nothing to be stopped. */
static void
http_stream__reply_to_another_stream_from_the_log(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = pause;
  first_http = pwasm_host_http_get(plugin, "/first");
  script.on_http_log = reply_from_log;
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/second"));
  PWASM_EXPECT_REPLY(first_http, 403);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STREAM_TEST(http_stream__reply_sends_all_of_it),
    STREAM_TEST(http_stream__reply_needs_no_more_than_a_status_code),
    STREAM_TEST(http_stream__reply_is_recognised_in_the_response),
    STREAM_TEST(http_stream__replies_at_most_once),
    STREAM_TEST(http_stream__reply_says_why_not),
    STREAM_TEST(http_stream__reply_that_the_host_refused_may_be_tried_again),
    STREAM_TEST(http_stream__no_reply_to_another_stream),
    STREAM_TEST(http_stream__no_reply_from_a_connection),
    STREAM_TEST(http_stream__reply_from_the_plugin),
    STREAM_TEST(http_stream__reply_to_another_stream_when_a_call_ends),
    STREAM_TEST(http_stream__reply_to_another_stream_from_the_log),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
