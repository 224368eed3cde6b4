#include "../script.h"

static PwasmHttpReply reply;
static PwasmHttpContext *other;

static PwasmAction
send_reply(PwasmHttpContext *ctx, size_t number, bool end_of_stream)
{
  (void)number;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_reply(ctx, &reply));
  /* Overruled by the reply. */
  return PWASM_ACTION_CONTINUE;
}

static int
setup(void **state)
{
  int result = script_setup(state);

  reply = (PwasmHttpReply){.status_code = 403, .body = PWASM_STR("no")};
  other = NULL;
  return result;
}

static PwasmHostHttp *
replied_request(PwasmHostHeaders headers)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  script.on_request_headers = send_reply;
  pwasm_host_http_send_request_headers(http, headers, true);
  return http;
}

static void
http_reply__stops_the_request_whatever_the_answer(void **state)
{
  PwasmHostHttp *http = replied_request(GET);

  (void)state;
  PWASM_EXPECT_NO_REQUEST(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_BODY(http, "no");
  assert_non_null(strstr(pwasm_host_trace(host), "< 0 (stopped by a reply)"));
}

static void
http_reply__has_the_headers_that_envoy_adds(void **state)
{
  static const PwasmPair headers[] = {
    {PWASM_STR_INIT("Content-Type"), PWASM_STR_INIT("text/html")},
    {PWASM_STR_INIT("content-length"), PWASM_STR_INIT("9999")},
    {PWASM_STR_INIT("x-twice"), PWASM_STR_INIT("1")},
    {PWASM_STR_INIT("x-twice"), PWASM_STR_INIT("2")},
  };
  PwasmHostHttp *http = replied_request(GET);

  (void)state;
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-type", "text/plain");
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-length", "2");
  reply.headers = headers;
  reply.num_headers = 4;
  http = replied_request(GET);
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-type", "text/html");
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-length", "2");
  assert_int_equal(pwasm_host_headers_count(pwasm_host_http_response(http).headers, "x-twice"), 2);
  /* Without a body there is nothing for them to be about. */
  reply.body = PWASM_STR("");
  http = replied_request(GET);
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "content-type");
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "content-length");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
http_reply__to_head_has_no_body(void **state)
{
  PwasmHostHttp *http = replied_request(PWASM_HOST_HEADERS(":method", "HEAD"));

  (void)state;
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-length", "2");
  PWASM_EXPECT_RESPONSE_BODY(http, "");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
http_reply__to_grpc_is_a_grpc_status(void **state)
{
  static const PwasmGrpcStatus status = PWASM_GRPC_STATUS_NOT_FOUND;
  static const struct {
    uint32_t http;
    const char *grpc;
  } codes[] = {
    {400, "13"}, {401, "16"}, {403, "7"},  {404, "12"}, {429, "14"},
    {502, "14"}, {503, "14"}, {504, "14"}, {418, "2"},
  };
  PwasmHostHttp *http;

  (void)state;
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    reply.status_code = codes[i].http;
    http = replied_request(PWASM_HOST_HEADERS("content-type", "application/grpc+proto"));
    PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
    PWASM_EXPECT_RESPONSE_HEADER(http, "content-type", "application/grpc");
    PWASM_EXPECT_RESPONSE_HEADER(http, "grpc-status", codes[i].grpc);
    PWASM_EXPECT_RESPONSE_HEADER(http, "grpc-message", "no");
    PWASM_EXPECT_RESPONSE_BODY(http, "");
  }
  reply.grpc_status = &status;
  http = replied_request(PWASM_HOST_HEADERS("content-type", "application/grpc"));
  PWASM_EXPECT_RESPONSE_HEADER(http, "grpc-status", "5");
}

static PwasmAction
change_reply(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  assert_false(end_of_stream);
  assert_ok(
    pwasm_header_add(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("x-own"), PWASM_STR("yes")));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
change_reply_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  assert_int_equal(body_size, 2);
  assert_true(end_of_stream);
  assert_ok(pwasm_buffer_append(PWASM_BUFFER_HTTP_RESPONSE_BODY, PWASM_STR("!")));
  return PWASM_ACTION_CONTINUE;
}

static void
http_reply__runs_through_the_response_callbacks(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_response_headers = change_reply;
  script.on_response_body = change_reply_body;
  http = replied_request(GET);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-own", "yes");
  PWASM_EXPECT_RESPONSE_BODY(http, "no!");
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
}

static void
http_reply__from_a_body_throws_the_request_away(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_body = send_reply;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("x"), false);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_REQUEST_BODY(http, "");
  assert_false(pwasm_host_http_request(http).is_complete);
  /* The client may not have noticed yet: nobody is called any more. */
  pwasm_host_http_send_request_body(http, PWASM_STR("x"), true);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 1);
}

static void
http_reply__in_the_response_headers_takes_their_place(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_response_headers = send_reply;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "403");
  PWASM_EXPECT_RESPONSE_BODY(http, "no");
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
  /* It does not come back to who sent it. */
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_body", 0);
  pwasm_host_http_send_response_body(http, PWASM_STR("from upstream"), true);
  PWASM_EXPECT_RESPONSE_BODY(http, "no");
}

static void
http_reply__after_the_response_headers_resets_the_stream(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.on_response_body = send_reply;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), false);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
  assert_true(pwasm_host_http_is_ended(http));
}

static PwasmAction
reply_twice(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_int_equal(proxy_send_local_response(403, "", 0, "first", 5, "", 0, -1), 0);
  assert_int_equal(proxy_send_local_response(500, "", 0, "second", 6, "", 0, -1), 0);
  return PWASM_ACTION_PAUSE;
}

static void
http_reply__a_second_one_is_ignored(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply_twice;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_RESPONSE_BODY(http, "first");
}

static PwasmAction
reply_to_other(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  if (other == NULL) {
    other = ctx;
    return PWASM_ACTION_PAUSE;
  }
  /* pwasm_http_context_reply() refuses. */
  assert_ok(proxy_set_effective_context(pwasm_context_id(PWASM_CONTEXT(other))));
  assert_ok(proxy_send_local_response(403, "", 0, "", 0, "", 0, -1));
  assert_ok(proxy_set_effective_context(0));
  return PWASM_ACTION_CONTINUE;
}

/* As in Envoy, where a flag of the VM stops whatever callback is running. */
static void
http_reply__to_another_stream_stops_this_one_too(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *first;
  PwasmHostHttp *second;

  (void)state;
  script.on_request_headers = reply_to_other;
  first = pwasm_host_http_get(plugin, "/");
  second = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_STATE(first, PWASM_HOST_HTTP_REPLIED);
  PWASM_EXPECT_STATE(second, PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_NO_REPLY(second);
  /* Callbacks after that one are their own again. */
  other = NULL;
  PWASM_EXPECT_STATE(pwasm_host_http_get(plugin, "/"), PWASM_HOST_HTTP_REQUEST_PAUSED);
  script.on_request_headers = NULL;
  PWASM_EXPECT_STATE(pwasm_host_http_get(plugin, "/"), PWASM_HOST_HTTP_RUNNING);
}

static bool
reply_from_plugin(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  assert_int_equal(proxy_send_local_response(403, "", 0, "", 0, "", 0, -1), 0);
  return true;
}

static void
http_reply__of_a_plugin_is_lost(void **state)
{
  (void)state;
  script.on_configure = reply_from_plugin;
  start_plugin();
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
}

static PwasmAction
pause(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
http_reply__can_be_paused_in_its_response_callbacks(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_response_headers = pause;
  http = replied_request(GET);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESPONSE_PAUSED);
  PWASM_EXPECT_NO_RESPONSE(http);
}

#define REPLY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    REPLY_TEST(http_reply__stops_the_request_whatever_the_answer),
    REPLY_TEST(http_reply__has_the_headers_that_envoy_adds),
    REPLY_TEST(http_reply__to_head_has_no_body),
    REPLY_TEST(http_reply__to_grpc_is_a_grpc_status),
    REPLY_TEST(http_reply__runs_through_the_response_callbacks),
    REPLY_TEST(http_reply__from_a_body_throws_the_request_away),
    REPLY_TEST(http_reply__in_the_response_headers_takes_their_place),
    REPLY_TEST(http_reply__after_the_response_headers_resets_the_stream),
    REPLY_TEST(http_reply__a_second_one_is_ignored),
    REPLY_TEST(http_reply__to_another_stream_stops_this_one_too),
    REPLY_TEST(http_reply__of_a_plugin_is_lost),
    REPLY_TEST(http_reply__can_be_paused_in_its_response_callbacks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
