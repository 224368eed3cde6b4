#include "http_call_script.h"

#define ANSWER_200                                                                                 \
  (&(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200", "x-a", "b"),             \
                          .body = PWASM_STR("body"),                                               \
                          .trailers = PWASM_HOST_HEADERS("x-t", "u")})

/* What calls ended with, in order: the data they were made with, the outcome, the status code. */
static char events[512];
static uint32_t last_code;

static void
read_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmHttpContext *http = PWASM_SELF(PwasmHttpContext, owner);
  PwasmStr value;
  PwasmStr body;
  PwasmPairs pairs;

  done(owner, result, data);
  assert_int_equal(result->num_headers, 2);
  assert_int_equal(result->body_size, 4);
  assert_int_equal(result->num_trailers, 1);
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_STR("x-a"), &value));
  assert_str(value, "b");
  assert_ok(pwasm_header_get_all(PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS, &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 1);
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, SIZE_MAX, &body));
  assert_str(body, "body");
  assert_status(pwasm_buffer_clear(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY), BAD_ARGUMENT);
  assert_status(
    pwasm_header_add(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_STR("a"), PWASM_STR("b")),
    BAD_ARGUMENT);
  /* The stream's own headers are there too: the call was made for it. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &value));
  assert_ok(pwasm_http_context_resume_request(http));
}

static PwasmAction
call_and_read(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, read_answer, "a");
  return PWASM_ACTION_PAUSE;
}

static void
answers_on(bool on_stream)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttpAnswer answer = *ANSWER_200;
  PwasmHostHttp *http;

  script.on_request_headers = call_and_read;
  http = pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  if (on_stream)
    answer.context_id = pwasm_host_http_id(http);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), &answer);
  assert_string_equal(events, "a answered 200, ");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_int_equal(pwasm_host_http_call_count(host), 0);
  /* Set and restored. */
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", on_stream ? 0 : 2);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
http_call__answered_on_the_plugins_id(void **state)
{
  (void)state;
  answers_on(false);
}

static void
http_call__answered_on_the_streams_id(void **state)
{
  (void)state;
  answers_on(true);
}

static void
http_call__sends_what_was_asked(void **state)
{
  PwasmPair headers[] = {{PWASM_STR("X-One"), PWASM_STR("1")},
                         {PWASM_STR(":Method"), PWASM_STR("PUT")},
                         {PWASM_STR(":path"), PWASM_STR("/other")},
                         {PWASM_STR(":authority"), PWASM_STR("other")},
                         {PWASM_STR(":scheme"), PWASM_STR("http")}};
  PwasmPair trailers[] = {{PWASM_STR("x-t"), PWASM_STR("")}};
  PwasmHostHttp *http;
  PwasmHostHttpCall *call;

  (void)state;
  options.headers = headers;
  options.num_headers = 5;
  options.body = PWASM_STR("hello");
  options.trailers = trailers;
  options.num_trailers = 1;
  options.timeout_ms = INT32_MAX;
  http = start_call(start_plugin());
  call = pwasm_host_http_call(host, 0);
  assert_int_equal(call->context_id, pwasm_host_http_id(http));
  assert_str(call->upstream, "web");
  assert_str(call->body, "hello");
  assert_int_equal(call->timeout_ms, INT32_MAX);
  assert_int_equal(call->headers.num_pairs, 5);
  assert_str(call->headers.pairs[0].name, ":method");
  assert_str(pwasm_host_headers_get(call->headers, ":method"), "GET");
  assert_str(pwasm_host_headers_get(call->headers, ":path"), "/p");
  assert_str(pwasm_host_headers_get(call->headers, ":authority"), "host");
  assert_str(pwasm_host_headers_get(call->headers, "x-one"), "1");
  assert_str(pwasm_host_headers_get(call->headers, ":scheme"), "http");
  assert_int_equal(call->trailers.num_pairs, 1);
  assert_str(call->trailers.pairs[0].name, "x-t");
  assert_str(call->trailers.pairs[0].value, "");
}

static void
http_call__names_what_is_missing(void **state)
{
  static const struct {
    size_t offset;
    const char *name;
  } fields[] = {{offsetof(PwasmHttpCallOptions, upstream), "upstream"},
                {offsetof(PwasmHttpCallOptions, method), ":method"},
                {offsetof(PwasmHttpCallOptions, path), ":path"},
                {offsetof(PwasmHttpCallOptions, authority), ":authority"}};
  PwasmHostPlugin *plugin = start_plugin();
  const PwasmHttpCallOptions whole = options;

  (void)state;
  script.on_request_headers = call_on_request_headers;
  for (size_t i = 0; i < 2 * sizeof fields / sizeof fields[0]; i++) {
    options = whole;
    *(PwasmStr *)(void *)((char *)&options + fields[i / 2].offset) =
      i % 2 == 0 ? pwasm_str(NULL, 0) : PWASM_STR("");
    pwasm_host_log_clear(host);
    pwasm_host_http_get(plugin, "/");
    assert_status(status, BAD_ARGUMENT);
    PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, fields[i / 2].name);
  }
  options = whole;
  options.timeout_ms = (uint32_t)INT32_MAX + 1;
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "timeout");
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 0);
  assert_string_equal(events, "");
}

static void
http_call__refuses_what_is_too_large(void **state)
{
  static PwasmPair pairs[PWASM_PAIRS_MAX_COUNT + 1];
  static char large[PWASM_PAIRS_MAX_SIZE];
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call_on_request_headers;
  for (size_t i = 0; i <= PWASM_PAIRS_MAX_COUNT; i++)
    pairs[i] = (PwasmPair){PWASM_STR("x"), PWASM_STR("y")};
  options.headers = pairs;
  options.num_headers = SIZE_MAX;
  pwasm_host_http_get(plugin, "/");
  assert_status(status, TOO_LARGE);
  options.num_headers = PWASM_PAIRS_MAX_COUNT - 2;
  pwasm_host_http_get(plugin, "/");
  assert_status(status, TOO_LARGE);
  options.num_headers = 0;
  options.trailers = pairs;
  options.num_trailers = PWASM_PAIRS_MAX_COUNT + 1;
  pwasm_host_http_get(plugin, "/");
  assert_status(status, TOO_LARGE);
  options.num_trailers = 0;
  options.path = pwasm_str(large, sizeof large);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, TOO_LARGE);
  options.path = PWASM_STR("/");
  options.body = pwasm_str(large, (size_t)UINT32_MAX + 1);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, TOO_LARGE);
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 0);
  options.body = pwasm_str(NULL, 0);
  options.num_headers = PWASM_PAIRS_MAX_COUNT - 3;
  start_call(plugin);
  /* Those that are left out do not count. */
  options.num_headers = PWASM_PAIRS_MAX_COUNT;
  pairs[0].name = pairs[1].name = pairs[2].name = PWASM_STR(":path");
  start_call(plugin);
}

static void
http_call__passes_the_hosts_refusal_on(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call_on_request_headers;
  pwasm_host_add_cluster(host, "other");
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  pwasm_host_add_cluster(host, "web");
  pwasm_host_fail(host, "proxy_http_call", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, INTERNAL_FAILURE);
  pwasm_host_fail(host, "proxy_http_call", 1, 77);
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  assert_int_equal(status, 77);
  assert_string_equal(events, "");
  start_call(plugin);
}

static void
read_status(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmStr message;

  done(owner, result, data);
  assert_ok(pwasm_call_status_get(&last_code, &message));
  snprintf(last_text, sizeof last_text, "%.*s", PWASM_STR_ARG(message));
}

static PwasmAction
call_and_read_status(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, read_status, "a");
  return PWASM_ACTION_PAUSE;
}

static void
http_call__fails(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  start_call(plugin);
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  assert_string_equal(events, "a failed 0, ");
  assert_int_equal(last.num_headers, 0);
  /* Some hosts trap on these. */
  PWASM_EXPECT_CALLS(host, "proxy_get_status", 0);
  PWASM_EXPECT_CALLS(host, "proxy_get_header_map_value", 0);
  script.on_request_headers = call_and_read_status;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_fail(pwasm_host_http_call(host, 0));
  assert_int_equal(last_code, PWASM_STATUS_BROKEN_CONNECTION);
  assert_string_equal(last_text, "reset");
}

static void
http_call__status_that_is_none(void **state)
{
  static const char *const texts[] = {"", "20", "2000", "2x0", "-20", "20\xff"};
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    last.status_code = 1;
    start_call(plugin);
    pwasm_host_http_call_answer(
      pwasm_host_http_call(host, 0),
      &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", texts[i])});
    assert_int_equal(last.outcome, PWASM_CALL_ANSWERED);
    assert_int_equal(last.status_code, 0);
  }
  start_call(plugin);
  pwasm_host_http_call_answer(
    pwasm_host_http_call(host, 0),
    &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":dispatch_status", "timeout")});
  assert_int_equal(last.outcome, PWASM_CALL_ANSWERED);
  assert_int_equal(last.status_code, 0);
}

static PwasmAction
call_without_ear(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, NULL, NULL));
  return PWASM_ACTION_CONTINUE;
}

static void
http_call__nobody_needs_to_listen(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call_without_ear;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
}

static void
http_call__memory_may_run_out_anywhere(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  bool is_enough = false;

  (void)state;
  script.on_request_headers = call_on_request_headers;
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
    assert_int_equal(pwasm_host_http_call_count(host), is_enough);
    pwasm_host_http_end(http);
  }
  assert_string_equal(events, "a cancelled 0, ");
}

static PwasmAction
reply_from_done(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 403}));
  return PWASM_ACTION_PAUSE;
}

static void
reply(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)result;
  (void)data;
  reply_from_done(PWASM_SELF(PwasmHttpContext, owner), 0, false);
}

static PwasmAction
call_and_reply(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, reply, NULL);
  return PWASM_ACTION_PAUSE;
}

static void
http_call__answer_makes_a_reply(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = call_and_reply;
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0), ANSWER_200);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REPLIED);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    CALL_TEST(http_call__answered_on_the_plugins_id),
    CALL_TEST(http_call__answered_on_the_streams_id),
    CALL_TEST(http_call__sends_what_was_asked),
    CALL_TEST(http_call__names_what_is_missing),
    CALL_TEST(http_call__refuses_what_is_too_large),
    CALL_TEST(http_call__passes_the_hosts_refusal_on),
    CALL_TEST(http_call__fails),
    CALL_TEST(http_call__status_that_is_none),
    CALL_TEST(http_call__nobody_needs_to_listen),
    CALL_TEST(http_call__memory_may_run_out_anywhere),
    CALL_TEST(http_call__answer_makes_a_reply),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
