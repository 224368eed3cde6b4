#include "../script.h"

/* Each callback notes itself and its arguments. */
static char events[512];

static void
note(const char *name, size_t number, bool end_of_stream)
{
  size_t len = strlen(events);

  snprintf(events + len, sizeof events - len, "%s %zu%s, ", name, number,
           end_of_stream ? " end" : "");
}

static PwasmAction
note_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  note("request headers", num_headers, end_of_stream);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
note_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  note("request body", body_size, end_of_stream);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
note_request_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  note("request trailers", num_trailers, false);
  return PWASM_ACTION_CONTINUE;
}

static void
note_request_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  note("request metadata", num_elements, false);
}

static PwasmAction
note_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  note("response headers", num_headers, end_of_stream);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
note_response_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  note("response body", body_size, end_of_stream);
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
note_response_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  note("response trailers", num_trailers, false);
  return PWASM_ACTION_CONTINUE;
}

static void
note_response_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)ctx;
  note("response metadata", num_elements, false);
}

static void
note_log(PwasmContext *ctx)
{
  (void)ctx;
  note("log", 0, false);
}

static bool
note_done(PwasmContext *ctx)
{
  (void)ctx;
  note("done", 0, false);
  /* Streams are not waited for. */
  return false;
}

static void
note_finalize(PwasmContext *ctx)
{
  (void)ctx;
  note("finalize", 0, false);
}

static int
setup(void **state)
{
  int result = script_setup(state);

  events[0] = '\0';
  script.on_request_headers = note_request_headers;
  script.on_request_body = note_request_body;
  script.on_request_trailers = note_request_trailers;
  script.on_request_metadata = note_request_metadata;
  script.on_response_headers = note_response_headers;
  script.on_response_body = note_response_body;
  script.on_response_trailers = note_response_trailers;
  script.on_response_metadata = note_response_metadata;
  script.on_http_log = note_log;
  script.on_http_done = note_done;
  script.http_finalize = note_finalize;
  return result;
}

static void
http_context__gets_each_callback_with_its_arguments(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_metadata(http, 3);
  pwasm_host_http_send_request_body(http, PWASM_STR("12345"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR(""), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "1", "b", "2"));
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_metadata(http, 4);
  pwasm_host_http_send_response_body(http, PWASM_STR("123"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("c", "3"));
  pwasm_host_http_end(http);
  assert_string_equal(events, "request headers 2, request metadata 3, request body 5, "
                              "request body 0, request trailers 2, response headers 1, "
                              "response metadata 4, response body 3, response trailers 1, "
                              "log 0, done 0, finalize 0, ");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
}

static void
http_context__the_end_may_be_in_headers_or_body(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_request_headers(http, GET, true);
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  pwasm_host_http_send_response_body(http, PWASM_STR("x"), true);
  assert_string_equal(events, "request headers 2 end, response headers 1, response body 1 end, ");
}

static void
http_context__may_get_nothing_but_the_log(void **state)
{
  (void)state;
  pwasm_host_http_end(pwasm_host_http_open(start_plugin()));
  assert_string_equal(events, "log 0, done 0, finalize 0, ");
}

static void
http_context__may_end_when_the_client_goes(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_abort(http);
  assert_string_equal(events, "request headers 2, log 0, done 0, finalize 0, ");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RESET);
}

static void
http_context__bears_any_order_of_callbacks(void **state)
{
  static const char *const callbacks[] = {
    "proxy_on_response_trailers",
    "proxy_on_response_body",
    "proxy_on_log",
    "proxy_on_request_trailers",
    "proxy_on_done",
    "proxy_on_response_headers",
    "proxy_on_request_body",
    "proxy_on_request_headers",
    "proxy_on_log",
    "proxy_on_done",
  };
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 500, pwasm_host_plugin_id(plugin), 0);
  for (size_t i = 0; i < sizeof callbacks / sizeof callbacks[0]; i++)
    assert_int_equal(pwasm_host_call(vm, callbacks[i], 500, 7, 7), 0);
  pwasm_host_call(vm, "proxy_on_delete", 500, 0, 0);
  assert_string_equal(
    events, "response trailers 7, response body 7 end, log 0, request trailers 7, done 0, "
            "response headers 7 end, request body 7 end, request headers 7 end, log 0, "
            "done 0, finalize 0, ");
}

static PwasmAction
chain_up_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PWASM_CHAIN_UP(pwasm_http_context_class, on_response_headers, ctx, num_headers, end_of_stream);
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_request_headers, ctx, num_headers,
                        end_of_stream);
}

static PwasmAction
chain_up_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PWASM_CHAIN_UP(pwasm_http_context_class, on_response_body, ctx, body_size, end_of_stream);
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_request_body, ctx, body_size, end_of_stream);
}

static PwasmAction
chain_up_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  PWASM_CHAIN_UP(pwasm_http_context_class, on_response_trailers, ctx, num_trailers);
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_request_trailers, ctx, num_trailers);
}

static void
chain_up_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  PWASM_CHAIN_UP(pwasm_http_context_class, on_response_metadata, ctx, num_elements);
  PWASM_CHAIN_UP(pwasm_http_context_class, on_request_metadata, ctx, num_elements);
}

static void
chain_up_log(PwasmContext *ctx)
{
  PWASM_CHAIN_UP(pwasm_http_context_class, base.on_log, ctx);
}

static bool
chain_up_done(PwasmContext *ctx)
{
  return PWASM_CHAIN_UP(pwasm_http_context_class, base.on_done, ctx);
}

static void
http_context__defaults_let_everything_pass(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_headers = chain_up_headers;
  script.on_request_body = chain_up_body;
  script.on_request_trailers = chain_up_trailers;
  script.on_request_metadata = chain_up_metadata;
  script.on_http_log = chain_up_log;
  script.on_http_done = chain_up_done;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_metadata(http, 1);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, "body");
  pwasm_host_trace_clear(host);
  pwasm_host_http_end(http);
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_done(2)\n< 1\n"));
}

static PwasmAction
expect_plugin(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  const ScriptPlugin *plugin = PWASM_SELF(ScriptPlugin, pwasm_http_context_plugin(ctx));

  (void)end_of_stream;
  assert_int_equal(pwasm_context_id(&plugin->base.base), num_headers);
  assert_false(pwasm_http_context_is_replied(ctx));
  return PWASM_ACTION_CONTINUE;
}

static void
http_context__knows_its_plugin(void **state)
{
  PwasmHostPlugin *first = start_plugin();
  PwasmHostPlugin *second = start_plugin();

  (void)state;
  script.on_request_headers = expect_plugin;
  assert_int_equal(pwasm_host_plugin_id(first), 1);
  assert_int_equal(pwasm_host_plugin_id(second), 2);
  pwasm_host_http_send_request_headers(pwasm_host_http_open(first), PWASM_HOST_HEADERS("a", "b"),
                                       true);
  pwasm_host_http_send_request_headers(pwasm_host_http_open(second), GET, true);
}

/* An end_of_stream that is not 0 or 1 is true, whatever the host means by it. */
static void
http_context__any_nonzero_end_of_stream_is_true(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  events[0] = '\0';
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_request_body", pwasm_host_http_id(http),
                  4294967295u, 256);
  assert_string_equal(events, "request body 4294967295 end, ");
}

#define HTTP_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    HTTP_TEST(http_context__gets_each_callback_with_its_arguments),
    HTTP_TEST(http_context__the_end_may_be_in_headers_or_body),
    HTTP_TEST(http_context__may_get_nothing_but_the_log),
    HTTP_TEST(http_context__may_end_when_the_client_goes),
    HTTP_TEST(http_context__bears_any_order_of_callbacks),
    HTTP_TEST(http_context__defaults_let_everything_pass),
    HTTP_TEST(http_context__knows_its_plugin),
    HTTP_TEST(http_context__any_nonzero_end_of_stream_is_true),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
