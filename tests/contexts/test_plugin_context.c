#include "../script.h"

static PwasmPluginContext *configured;

static bool
read_configuration(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;

  configured = ctx;
  assert_ok(pwasm_plugin_configuration_get(&configuration));
  assert_int_equal(configuration.len, configuration_size);
  pwasm_log(PWASM_LOG_INFO, configuration);
  return !pwasm_str_equal(configuration, PWASM_STR("bad"));
}

static PwasmHostPlugin *
start_with(const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(configuration)});
}

static void
plugin_context__reads_its_configuration(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_configure = read_configuration;
  plugin = start_with("good");
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "good");
  assert_int_equal(pwasm_context_id(&configured->base), pwasm_host_plugin_id(plugin));
}

static void
plugin_context__reads_a_large_configuration(void **state)
{
  static char large[100001];

  (void)state;
  memset(large, 'x', sizeof large - 1);
  script.on_configure = read_configuration;
  PWASM_EXPECT_PLUGIN_STATE(start_with(large), PWASM_HOST_PLUGIN_RUNNING);
}

static void
plugin_context__may_refuse_and_be_configured_again(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_configure = read_configuration;
  plugin = start_with("bad");
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("good")));
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("bad")));
}

static void
read_in_init(PwasmContext *ctx)
{
  PwasmStr configuration;

  (void)ctx;
  assert_ok(pwasm_plugin_configuration_get(&configuration));
  assert_str(configuration, "x");
}

static bool
read_too_early(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = PWASM_STR("before");

  (void)ctx;
  (void)configuration_size;
  assert_status(pwasm_plugin_configuration_get(&configuration), NOT_FOUND);
  assert_str(configuration, "before");
  return true;
}

static PwasmAction
read_too_late(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  read_too_early(pwasm_plugin_context_vm(pwasm_http_context_plugin(ctx)), num_headers);
  (void)end_of_stream;
  return PWASM_ACTION_CONTINUE;
}

static void
plugin_context__configuration_is_readable_in_init_and_on_configure_only(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.plugin_init = read_in_init;
  script.on_vm_start = read_too_early;
  script.on_configure = read_configuration;
  script.on_request_headers = read_too_late;
  plugin = start_with("x");
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 3);
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_bytes", 4);
}

static bool
expect_no_configuration(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;

  (void)ctx;
  assert_int_equal(configuration_size, 0);
  assert_status(pwasm_plugin_configuration_get(&configuration), NOT_FOUND);
  /* As Envoy has it: nothing is an empty one. */
  assert_ok(pwasm_plugin_configuration_get(&configuration));
  assert_str(configuration, "");
  return true;
}

static void
plugin_context__may_have_no_configuration(void **state)
{
  (void)state;
  script.on_configure = expect_no_configuration;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  start_plugin();
}

static bool
read_without_memory(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;

  (void)ctx;
  (void)configuration_size;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_plugin_configuration_get(&configuration), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  return true;
}

static void
plugin_context__says_when_its_configuration_does_not_fit(void **state)
{
  (void)state;
  script.on_configure = read_without_memory;
  start_with("x");
}

static bool
not_yet(PwasmContext *ctx)
{
  (void)ctx;
  return false;
}

static PwasmAction
finish_plugin(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_status(pwasm_plugin_context_done(pwasm_http_context_plugin(ctx)), NOT_FOUND);
  return PWASM_ACTION_CONTINUE;
}

static void
plugin_context__done_is_for_a_plugin_that_is_waited_for(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = finish_plugin;
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_CALLS(host, "proxy_done", 1);
}

static int num_plugin_finalizes;

static void
count_finalize(PwasmContext *ctx)
{
  assert_true(pwasm_context_is_closed(ctx));
  num_plugin_finalizes++;
}

/* Something that happens in another plugin of the VM while the first one is waited for. */
static bool
finish_the_other(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  assert_ok(pwasm_plugin_context_done(configured));
  /* Not while the callback runs. */
  assert_int_equal(num_plugin_finalizes, 0);
  assert_status(pwasm_plugin_context_done(configured), NOT_FOUND);
  return true;
}

static void
plugin_context__on_done_can_wait(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  num_plugin_finalizes = 0;
  script.on_configure = read_configuration;
  script.on_plugin_done = not_yet;
  script.plugin_finalize = count_finalize;
  plugin = start_with("x");
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DONE_PENDING);
  assert_int_equal(num_plugin_finalizes, 0);
  script.on_configure = finish_the_other;
  script.on_plugin_done = NULL;
  pwasm_host_plugin_start(host, NULL);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  assert_int_equal(num_plugin_finalizes, 1);
}

static void
plugin_context__ends_with_done_then_delete_and_no_log(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_trace_clear(host);
  pwasm_host_plugin_end(plugin);
  assert_string_equal(pwasm_host_trace(host), "> proxy_on_done(1)\n"
                                              "< 1\n"
                                              "> proxy_on_delete(1)\n"
                                              "< 0\n");
}

static void
log_entry(PwasmContext *ctx)
{
  (void)ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("an entry"));
}

static void
plugin_context__may_be_an_access_logger(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_plugin_log = log_entry;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_log", pwasm_host_plugin_id(plugin), 0, 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "an entry");
}

static PwasmAction
pause(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

typedef struct OtherHttp {
  PwasmHttpContext base;
} OtherHttp;

static const PwasmHttpContextClass other_http_class = {
  PWASM_HTTP_SUBCLASS(OtherHttp, pwasm_http_context_class),
  PWASM_ON(on_request_headers, pause),
};

static const PwasmHttpContextClass *
choose_by_number(PwasmPluginContext *ctx)
{
  ScriptPlugin *self = PWASM_SELF(ScriptPlugin, ctx);

  switch (self->number++) {
  case 0:
    return &other_http_class;
  case 1:
    return &script_http_class;
  default:
    return NULL;
  }
}

static void
plugin_context__chooses_the_class_of_a_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *refused;

  (void)state;
  script.create_http_context = choose_by_number;
  PWASM_EXPECT_STATE(pwasm_host_http_get(plugin, "/"), PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_STATE(pwasm_host_http_get(plugin, "/"), PWASM_HOST_HTTP_RUNNING);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  /* A stream without a context passes untouched. */
  refused = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_REQUEST_COMPLETE(refused);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: no class: context 4");
  pwasm_host_http_send_response_headers(refused, STATUS_200, true);
  pwasm_host_http_end(refused);
}

static const PwasmHttpContextClass *
chain_up(PwasmPluginContext *ctx)
{
  /* This module names no class of streams. */
  assert_null(PWASM_CHAIN_UP(pwasm_plugin_context_class, create_tcp_context, ctx));
  return PWASM_CHAIN_UP(pwasm_plugin_context_class, create_http_context, ctx);
}

static bool
chain_up_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  return PWASM_CHAIN_UP(pwasm_plugin_context_class, on_configure, ctx, configuration_size);
}

static void
plugin_context__defaults_are_those_of_the_descriptor(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.on_configure = chain_up_configure;
  script.create_http_context = chain_up;
  plugin = start_plugin();
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: no class: context 2");
}

static void
plugin_context__streams_outlive_the_host_ending_it(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_ENDING);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  pwasm_host_http_end(http);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(plugin_context__reads_its_configuration),
    SCRIPT_TEST(plugin_context__reads_a_large_configuration),
    SCRIPT_TEST(plugin_context__may_refuse_and_be_configured_again),
    SCRIPT_TEST(plugin_context__configuration_is_readable_in_init_and_on_configure_only),
    SCRIPT_TEST(plugin_context__may_have_no_configuration),
    SCRIPT_TEST(plugin_context__says_when_its_configuration_does_not_fit),
    SCRIPT_TEST(plugin_context__done_is_for_a_plugin_that_is_waited_for),
    SCRIPT_TEST(plugin_context__on_done_can_wait),
    SCRIPT_TEST(plugin_context__ends_with_done_then_delete_and_no_log),
    SCRIPT_TEST(plugin_context__may_be_an_access_logger),
    SCRIPT_TEST(plugin_context__chooses_the_class_of_a_stream),
    SCRIPT_TEST(plugin_context__defaults_are_those_of_the_descriptor),
    SCRIPT_TEST(plugin_context__streams_outlive_the_host_ending_it),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
