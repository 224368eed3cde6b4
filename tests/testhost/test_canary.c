#include "../script.h"

#include <pwasm/abi.h>

/* The VM in which Envoy tries a configuration, and the ones after it. */

static uint32_t queue_id;
static char seen[256];
static bool answer;

static void
answer_done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
}

static bool
ask_for_everything(PwasmPluginContext *ctx, size_t size)
{
  PwasmStr configuration;

  assert_ok(pwasm_buffer_get(PWASM_BUFFER_PLUGIN_CONFIGURATION, 0, size, &configuration));
  snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.*s ", PWASM_STR_ARG(configuration));
  assert_ok(pwasm_timer_set_period(ctx, 1));
  assert_ok(proxy_register_shared_queue("q", 1, &queue_id));
  assert_ok(proxy_enqueue_shared_queue(queue_id, "a", 1));
  assert_ok(proxy_set_shared_data("key", 3, "value", 5, 0));
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("web"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a"),
                                                    .timeout_ms = 1},
                            answer_done, NULL));
  return answer;
}

static int
setup(void **state)
{
  int result = script_setup(state);

  answer = true;
  seen[0] = '\0';
  script.on_configure = ask_for_everything;
  return result;
}

static void
canary__is_thrown_away(void **state)
{
  (void)state;
  assert_true(pwasm_host_plugin_try(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("text"),
                                    .vm_configuration = PWASM_STR("vm-text")}));
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_vm_start(1, 7)\n"));
  assert_string_equal(seen, "text ");
  /* Nothing comes of what it has asked for, not even its end. */
  PWASM_EXPECT_HTTP_CALLS(host, 0);
  pwasm_host_advance(host, 10000000);
  PWASM_EXPECT_CALLS(host, "proxy_on_tick", 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_queue_ready", 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_http_call_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_done", 0);
  PWASM_EXPECT_CALLS(host, "proxy_on_delete", 0);
  /* But of what is not its own. */
  PWASM_EXPECT_SHARED_DATA(host, "", "key", "value");
}

static void
canary__the_plugin_then_starts_anew(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  assert_true(pwasm_host_plugin_try(host, NULL));
  plugin = start_plugin();
  assert_int_equal(pwasm_host_plugin_id(plugin), 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_vm_start", 2);
  PWASM_EXPECT_CALLS(host, "proxy_on_configure", 2);
  PWASM_EXPECT_HTTP_CALLS(host, 1);
  pwasm_host_advance(host, 1000000);
  PWASM_EXPECT_CALLS(host, "proxy_on_tick", 1);
  /* Both VMs have put something into the queue, which is the second one's now. */
  PWASM_EXPECT_CALLS(host, "proxy_on_queue_ready", 1);
  /* A third one is not in the first one's VM either. */
  assert_ptr_equal(pwasm_host_plugin_vm(start_plugin()), pwasm_host_plugin_vm(plugin));
}

static void
canary__tells_who_refuses(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(
    host, &(PwasmHostVmOptions){.id = PWASM_STR("v"), .configuration = PWASM_STR("four")});

  (void)state;
  answer = false;
  assert_false(pwasm_host_plugin_try(host, &(PwasmHostPluginOptions){.vm = vm}));
  /* It has the id and the configuration of the other, which has not heard of it. */
  PWASM_EXPECT_SHARED_DATA(host, "v", "key", "value");
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_vm_start(1, 4)\n"));
  answer = true;
  assert_int_equal(
    pwasm_host_plugin_id(pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm})), 1);
}

static bool
call_grpc(PwasmPluginContext *ctx, size_t configuration_size)
{
  uint32_t id;

  (void)ctx;
  (void)configuration_size;
  assert_ok(proxy_grpc_call("web", 3, "s", 1, "m", 1, "", 0, "", 0, 1, &id));
  return true;
}

static void
canary__of_calls_only_its_own_are_forgotten(void **state)
{
  (void)state;
  pwasm_host_add_cluster(host, "web");
  start_plugin();
  PWASM_EXPECT_HTTP_CALLS(host, 1);
  script.on_configure = call_grpc;
  start_plugin();
  assert_true(pwasm_host_plugin_try(host, NULL));
  PWASM_EXPECT_HTTP_CALLS(host, 1);
  PWASM_EXPECT_GRPC_CALLS(host, 1);
  pwasm_host_http_call_drop(pwasm_host_http_call(host, 0));
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 0, PWASM_STR(""));
  assert_true(pwasm_host_plugin_try(host, NULL));
  PWASM_EXPECT_GRPC_CALLS(host, 0);
}

#define CANARY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    CANARY_TEST(canary__is_thrown_away),
    CANARY_TEST(canary__the_plugin_then_starts_anew),
    CANARY_TEST(canary__tells_who_refuses),
    CANARY_TEST(canary__of_calls_only_its_own_are_forgotten),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
