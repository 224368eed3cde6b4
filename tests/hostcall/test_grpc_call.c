#include "grpc_script.h"

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

/* Envoy tells the service of 0 as of a deadline that has passed. */
static void
grpc_call__without_timeout_has_one_that_is_never_over(void **state)
{
  (void)state;
  start(call);
  assert_int_equal(pwasm_host_grpc_call(host, 0)->timeout_ms, INT32_MAX);
}

/* What the host got for upstream, in the trace. */
static void
expect_upstream(const char *quoted)
{
  char expected[64];

  snprintf(expected, sizeof expected, "proxy_grpc_call(%s, ", quoted);
  assert_non_null(strstr(pwasm_host_trace(host), expected));
}

/* A host might read the name of a cluster as a message. */
static void
grpc_call__upstream_is_a_message_for_the_host(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  pwasm_host_add_cluster(host, "users");
  options.upstream = PWASM_STR("users");
  pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  assert_str(pwasm_host_grpc_call(host, 0)->upstream, "users");
  expect_upstream("\"\\n\\x07\\n\\x05users\"");
  options.upstream = PWASM_STR("\x0a\x07\x0a\x05users\x1a\x00");
  pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  assert_str(pwasm_host_grpc_call(host, 1)->upstream, "users");
  expect_upstream("\"\\n\\x07\\n\\x05users\\x1a\\x00\"");
  options.upstream = PWASM_STR("\x12\x00");
  pwasm_host_http_get(plugin, "/");
  expect_upstream("\"\\x12\\x00\"");
}

static void
grpc_call__upstream_unknown(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  pwasm_host_add_cluster(host, "other");
  pwasm_host_http_get(plugin, "/");
  assert_status(status, INTERNAL_FAILURE);
  options.upstream = PWASM_STR("\x0a\x05 bad");
  pwasm_host_http_get(plugin, "/");
  assert_status(status, PARSE_FAILURE);
  assert_string_equal(events, "");
  /* Of the first, the host has told the end too. */
  PWASM_EXPECT_CALLS(host, "proxy_on_grpc_close", 1);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
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

/* The host was told to forget it: whatever it speaks of next is not that call. */
static void
grpc_call__cancelled_is_not_waited_for(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_grpc_close", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
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
  assert_string_equal(events, "");
}

static void
grpc_call__passes_the_hosts_refusal_on(void **state)
{
  static const PwasmStatus statuses[] = {PWASM_STATUS_BAD_ARGUMENT, PWASM_STATUS_INTERNAL_FAILURE,
                                         PWASM_STATUS_UNIMPLEMENTED};
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    pwasm_host_fail(host, "proxy_grpc_call", 1, statuses[i]);
    pwasm_host_http_get(plugin, "/");
    assert_int_equal(status, statuses[i]);
  }
  assert_string_equal(events, "");
}

/* Only after INTERNAL_FAILURE hosts still speak of the call. */
static void
grpc_call__refused_is_not_waited_for(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = call;
  pwasm_host_fail(host, "proxy_grpc_call", 1, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, BAD_ARGUMENT);
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_grpc_close", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
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
  assert_string_equal(events, "a failed 14 0, ");
  pwasm_host_on_grpc_call(host, refuse, NULL);
  pwasm_host_http_get(plugin, "/");
  assert_status(status, INTERNAL_FAILURE);
  assert_string_equal(events, "a failed 14 0, ");
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
  /* What the host was told to forget is not waited for. */
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_grpc_close", 1, 99, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown call 99");
}

static PwasmAction
call_deaf(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx), &options, NULL, NULL));
  return PWASM_ACTION_PAUSE;
}

static void
grpc_call__nobody_needs_to_listen(void **state)
{
  (void)state;
  pwasm_host_http_end(start(call_deaf));
  start(call_deaf);
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("m"));
  start(call_deaf);
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 2, PWASM_STR(""));
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
  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx), &options, done, "vm"));
  return true;
}

static void
grpc_call__of_plugin_and_vm(void **state)
{
  (void)state;
  script.on_configure = call_on_configure;
  script.on_vm_start = call_on_vm_start;
  start_plugin();
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 1), PWASM_STR("answer"));
  pwasm_host_grpc_receive(pwasm_host_grpc_call(host, 0), PWASM_STR("answer"));
  assert_string_equal(events, "plugin answered 0 6, vm answered 0 6, ");
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
  assert_string_equal(events, "a cancelled 1 0, plugin cancelled 1 0, vm cancelled 1 0, ");
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

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GRPC_TEST(grpc_call__is_answered_once),
    GRPC_TEST(grpc_call__without_timeout_has_one_that_is_never_over),
    GRPC_TEST(grpc_call__upstream_is_a_message_for_the_host),
    GRPC_TEST(grpc_call__upstream_unknown),
    GRPC_TEST(grpc_call__fails),
    GRPC_TEST(grpc_call__is_cancelled_with_its_owner),
    GRPC_TEST(grpc_call__cancelled_is_not_waited_for),
    GRPC_TEST(grpc_call__names_what_is_missing),
    GRPC_TEST(grpc_call__passes_the_hosts_refusal_on),
    GRPC_TEST(grpc_call__refused_is_not_waited_for),
    GRPC_TEST(grpc_call__ends_inside_the_hostcall),
    GRPC_TEST(grpc_call__owner_deleted_inside_the_hostcall),
    GRPC_TEST(grpc_call__nobody_needs_to_listen),
    GRPC_TEST(grpc_call__of_plugin_and_vm),
    GRPC_TEST(grpc_call__of_plugin_and_vm_to_the_end_of_all),
    GRPC_TEST(grpc_call__memory_may_run_out_anywhere),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
