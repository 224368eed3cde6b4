#include "../script.h"

static int num_http_inits;
static int num_tcp_inits;
static int num_http_logs;

static void
count_http_init(PwasmContext *ctx)
{
  (void)ctx;
  num_http_inits++;
}

static void
count_tcp_init(PwasmContext *ctx)
{
  (void)ctx;
  num_tcp_inits++;
}

static void
count_http_log(PwasmContext *ctx)
{
  (void)ctx;
  num_http_logs++;
}

static int
setup(void **state)
{
  int result = script_setup(state);

  num_http_inits = 0;
  num_tcp_inits = 0;
  num_http_logs = 0;
  script.create_tcp_context = use_tcp;
  script.http_init = count_http_init;
  script.tcp_init = count_tcp_init;
  script.on_http_log = count_http_log;
  return result;
}

/* A stream of which the plugin can't know yet what it is. */
static PwasmHostVm *
create(uint32_t id)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  pwasm_host_call(vm, "proxy_on_context_create", id, pwasm_host_plugin_id(plugin), 0);
  assert_int_equal(num_http_inits, 0);
  assert_int_equal(num_tcp_inits, 0);
  return vm;
}

static void
undecided_context__is_settled_by_any_http_callback(void **state)
{
  static const char *const callbacks[] = {
    "proxy_on_request_headers",   "proxy_on_request_body",      "proxy_on_request_trailers",
    "proxy_on_request_metadata",  "proxy_on_response_headers",  "proxy_on_response_body",
    "proxy_on_response_trailers", "proxy_on_response_metadata",
  };

  (void)state;
  for (size_t i = 0; i < sizeof callbacks / sizeof callbacks[0]; i++) {
    PwasmHostVm *vm = create(700);

    pwasm_host_call(vm, callbacks[i], 700, 0, 0);
    assert_int_equal(num_http_inits, 1);
    assert_int_equal(num_tcp_inits, 0);
    pwasm_host_call(vm, "proxy_on_log", 700, 0, 0);
    assert_int_equal(num_http_logs, 1);
    pwasm_host_call(vm, "proxy_on_delete", 700, 0, 0);
    num_http_inits = 0;
    num_http_logs = 0;
  }
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
undecided_context__is_settled_by_any_tcp_callback(void **state)
{
  static const char *const callbacks[] = {
    "proxy_on_new_connection",
    "proxy_on_downstream_data",
    "proxy_on_downstream_connection_close",
    "proxy_on_upstream_data",
    "proxy_on_upstream_connection_close",
  };

  (void)state;
  for (size_t i = 0; i < sizeof callbacks / sizeof callbacks[0]; i++) {
    PwasmHostVm *vm = create(700);

    pwasm_host_call(vm, callbacks[i], 700, 0, 0);
    assert_int_equal(num_http_inits, 0);
    assert_int_equal(num_tcp_inits, 1);
    pwasm_host_call(vm, "proxy_on_delete", 700, 0, 0);
    num_tcp_inits = 0;
  }
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
undecided_context__stays_what_it_became(void **state)
{
  PwasmHostVm *vm = create(700);

  (void)state;
  pwasm_host_call(vm, "proxy_on_new_connection", 700, 0, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 700, 1, 1), 0);
  assert_int_equal(num_http_inits, 0);
  assert_int_equal(num_tcp_inits, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "unknown context 700");
  pwasm_host_call(vm, "proxy_on_delete", 700, 0, 0);
}

static void
undecided_context__is_no_plugin(void **state)
{
  PwasmHostVm *vm = create(700);

  (void)state;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", 700, 0, 0), 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "unknown context 700");
  /* It can still become what it is. */
  pwasm_host_call(vm, "proxy_on_request_headers", 700, 0, 0);
  assert_int_equal(num_http_inits, 1);
  pwasm_host_call(vm, "proxy_on_delete", 700, 0, 0);
}

static void
undecided_context__may_go_unsettled(void **state)
{
  PwasmHostVm *vm = create(700);
  PwasmVmMemory memory;

  (void)state;
  pwasm_host_call(vm, "proxy_on_log", 700, 0, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_done", 700, 0, 0), 1);
  pwasm_host_call(vm, "proxy_on_delete", 700, 0, 0);
  assert_int_equal(num_http_inits + num_tcp_inits + num_http_logs, 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_vm_memory(vm, &memory);
  assert_int_equal(memory.contexts, 2);
}

static PwasmAction
reply_at_once(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 418}));
  return PWASM_ACTION_PAUSE;
}

static void
undecided_context__works_as_http_from_its_first_callback(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = reply_at_once;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REPLY(http, 418);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "418");
  pwasm_host_http_end(http);
  assert_int_equal(num_http_logs, 1);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
}

static void
log_own_request(PwasmContext *ctx)
{
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("made"));
  assert_int_equal(pwasm_context_id(ctx), 2);
}

static void
undecided_context__init_runs_on_behalf_of_the_stream(void **state)
{
  const PwasmHostLogLine *line;

  (void)state;
  script.http_init = log_own_request;
  pwasm_host_http_get(start_plugin(), "/");
  line = pwasm_host_log_find(host, PWASM_LOG_INFO, "made");
  assert_non_null(line);
  assert_int_equal(line->context_id, 2);
}

static void
use_scratch_around_a_hostcall(PwasmContext *ctx)
{
  char *bytes = pwasm_arena_alloc(pwasm_scratch(), 10);

  (void)ctx;
  strcpy(bytes, "kept");
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("between"));
  assert_string_equal(bytes, "kept");
}

static void
call_plugin(PwasmHost *unused, void *data)
{
  (void)unused;
  assert_int_equal(pwasm_host_call(data, "proxy_on_done", 1, 0, 0), 1);
}

static void
undecided_context__init_keeps_its_scratch(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.http_init = use_scratch_around_a_hostcall;
  pwasm_host_hook(host, "proxy_log", call_plugin, pwasm_host_plugin_vm(plugin));
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_CALLS(host, "proxy_on_done", 1);
}

static void
undecided_context__passes_untouched_without_memory(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmVmMemory memory;

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 700, pwasm_host_plugin_id(plugin), 0);
  pwasm_host_vm_fail_allocations_after(vm, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 700, 0, 0), 0);
  /* Nor is one made that is to become one later. */
  pwasm_host_call(vm, "proxy_on_context_create", 701, pwasm_host_plugin_id(plugin), 0);
  pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "no memory: context 700");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "no memory: context 701");
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 701, 0, 0), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_body", 700, 0, 0), 0);
  pwasm_host_call(vm, "proxy_on_delete", 700, 0, 0);
  pwasm_host_vm_memory(vm, &memory);
  assert_int_equal(memory.contexts, 2);
}

static const PwasmTcpContextClass *
use_default_tcp(PwasmPluginContext *ctx)
{
  (void)ctx;
  return &pwasm_tcp_context_class;
}

static void
undecided_context__goes_on_as_tcp_by_default(void **state)
{
  PwasmHostVm *vm;

  (void)state;
  script.create_tcp_context = use_default_tcp;
  vm = create(50);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_new_connection", 50, 0, 0), PWASM_ACTION_CONTINUE);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_downstream_data", 50, 1, 1),
                   PWASM_ACTION_CONTINUE);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_upstream_data", 50, 1, 1), PWASM_ACTION_CONTINUE);
  pwasm_host_call(vm, "proxy_on_downstream_connection_close", 50, 1, 0);
  pwasm_host_call(vm, "proxy_on_upstream_connection_close", 50, 1, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_done", 50, 0, 0), 1);
  pwasm_host_call(vm, "proxy_on_log", 50, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", 50, 0, 0);
  assert_int_equal(pwasm_host_log_count(host), 0);
}

static PwasmContext *settled;

static void
note_settled(PwasmContext *ctx)
{
  settled = ctx;
}

static void
undecided_context__keeps_its_plugin(void **state)
{
  PwasmHostVm *vm = create(50);

  (void)state;
  script.http_init = note_settled;
  script.tcp_init = note_settled;
  pwasm_host_call(vm, "proxy_on_request_headers", 50, 0, 0);
  assert_int_equal(pwasm_context_id(&pwasm_http_context_plugin((PwasmHttpContext *)settled)->base),
                   1);
  pwasm_host_call(vm, "proxy_on_delete", 50, 0, 0);
  pwasm_host_call(vm, "proxy_on_context_create", 50, 1, 0);
  pwasm_host_call(vm, "proxy_on_new_connection", 50, 0, 0);
  assert_int_equal(pwasm_context_id(&pwasm_tcp_context_plugin((PwasmTcpContext *)settled)->base),
                   1);
  pwasm_host_call(vm, "proxy_on_delete", 50, 0, 0);
}

#define UNDECIDED_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    UNDECIDED_TEST(undecided_context__is_settled_by_any_http_callback),
    UNDECIDED_TEST(undecided_context__is_settled_by_any_tcp_callback),
    UNDECIDED_TEST(undecided_context__stays_what_it_became),
    UNDECIDED_TEST(undecided_context__goes_on_as_tcp_by_default),
    UNDECIDED_TEST(undecided_context__keeps_its_plugin),
    UNDECIDED_TEST(undecided_context__is_no_plugin),
    UNDECIDED_TEST(undecided_context__may_go_unsettled),
    UNDECIDED_TEST(undecided_context__works_as_http_from_its_first_callback),
    UNDECIDED_TEST(undecided_context__init_runs_on_behalf_of_the_stream),
    UNDECIDED_TEST(undecided_context__init_keeps_its_scratch),
    UNDECIDED_TEST(undecided_context__passes_untouched_without_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
