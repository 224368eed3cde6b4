#include "../failures.h"

/* Hostcalls that a test makes itself, while no callback runs, and those made for no plugin. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){0});
}

static void
hostcall__outside_of_callbacks_is_on_behalf_of_nobody(void **state)
{
  char *bytes = NULL;
  uint32_t size = 0;
  uint32_t number = 0;
  uint64_t value = 0;

  (void)state;
  start_plugin();
  assert_status(proxy_define_metric(0, "m", 1, &number), BAD_ARGUMENT);
  assert_status(proxy_increment_metric(8, 1), BAD_ARGUMENT);
  assert_status(proxy_record_metric(8, 1), BAD_ARGUMENT);
  assert_status(proxy_get_metric(8, &value), BAD_ARGUMENT);
  assert_status(proxy_get_property("plugin_name", 11, &bytes, &size), BAD_ARGUMENT);
  assert_status(proxy_set_property("user", 4, "a", 1), NOT_FOUND);
  assert_status(proxy_get_shared_data("k", 1, &bytes, &size, &number), BAD_ARGUMENT);
  assert_status(proxy_set_shared_data("k", 1, "v", 1, 0), BAD_ARGUMENT);
  assert_status(proxy_register_shared_queue("q", 1, &number), BAD_ARGUMENT);
  assert_status(proxy_resolve_shared_queue("", 0, "q", 1, &number), BAD_ARGUMENT);
  assert_status(proxy_dequeue_shared_queue(1, &bytes, &size), BAD_ARGUMENT);
  assert_status(proxy_call_foreign_function("f", 1, "", 0, &bytes, &size), BAD_ARGUMENT);
  assert_status(proxy_http_call("a", 1, "", 0, "", 0, "", 0, 1, &number), BAD_ARGUMENT);
  assert_status(proxy_grpc_call("a", 1, "", 0, "", 0, "", 0, "", 0, 1, &number), BAD_ARGUMENT);
  assert_status(envoy_resolve_dns("a", 1, &number), BAD_ARGUMENT);
  assert_status(proxy_get_buffer_bytes(PWASM_BUFFER_DOWNSTREAM_DATA, 0, 1, &bytes, &size),
                NOT_FOUND);
  assert_status(proxy_set_buffer_bytes(PWASM_BUFFER_DOWNSTREAM_DATA, 0, 1, "", 0), NOT_FOUND);
  assert_status(proxy_get_buffer_bytes(PWASM_BUFFER_PLUGIN_CONFIGURATION, 0, 9, &bytes, &size),
                NOT_FOUND);
  assert_null(bytes);
  assert_int_equal(num_failures, 0);
}

static void
hostcall__outside_of_callbacks_has_nowhere_to_put_an_answer(void **state)
{
  char *bytes = NULL;
  uint32_t size = 0;

  (void)state;
  start_plugin();
  pwasm_host_answer(host, "proxy_get_property", 1, PWASM_STR("ordered"));
  assert_status(proxy_get_property("a", 1, &bytes, &size), BAD_ARGUMENT);
  assert_null(bytes);
  pwasm_host_answer(host, "nonsense", 1, PWASM_STR(""));
  expect_failure("there is no hostcall nonsense", "");
}

static void
hostcall__that_returns_bytes_is_unimplemented_without_a_host(void **state)
{
  char *bytes = NULL;
  uint32_t size = 0;

  (void)state;
  pwasm_host_free(host);
  host = NULL;
  assert_status(proxy_get_property("a", 1, &bytes, &size), UNIMPLEMENTED);
  assert_null(bytes);
}

static void
use_what_takes_a_plugin(PwasmContext *ctx)
{
  char *bytes;
  uint32_t size;
  uint32_t number;

  (void)ctx;
  assert_status(proxy_get_buffer_bytes(PWASM_BUFFER_PLUGIN_CONFIGURATION, 0, 9, &bytes, &size),
                NOT_FOUND);
  assert_status(proxy_register_shared_queue("q", 1, &number), BAD_ARGUMENT);
  assert_status(proxy_http_call("a", 1, "", 0, "", 0, "", 0, 1, &number), BAD_ARGUMENT);
  assert_status(proxy_grpc_call("a", 1, "", 0, "", 0, "", 0, "", 0, 1, &number), BAD_ARGUMENT);
  assert_status(envoy_resolve_dns("a", 1, &number), BAD_ARGUMENT);
  assert_status(proxy_set_property("user", 4, "a", 1), NOT_FOUND);
}

/* A host may make a context up; the VM then makes hostcalls on its own behalf. */
static void
hostcall__of_a_context_that_is_none_has_no_plugin(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  script.create_tcp_context = use_tcp;
  script.tcp_init = use_what_takes_a_plugin;
  pwasm_host_call(vm, "proxy_on_context_create", 77, pwasm_host_plugin_id(plugin), 0);
  pwasm_host_call(vm, "proxy_on_new_connection", 77, 0, 0);
  PWASM_EXPECT_CALLS(host, "envoy_resolve_dns", 1);
  pwasm_host_call(vm, "proxy_on_delete", 77, 0, 0);
  assert_int_equal(num_failures, 0);
}

#define OUTSIDE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    OUTSIDE_TEST(hostcall__outside_of_callbacks_is_on_behalf_of_nobody),
    OUTSIDE_TEST(hostcall__outside_of_callbacks_has_nowhere_to_put_an_answer),
    OUTSIDE_TEST(hostcall__that_returns_bytes_is_unimplemented_without_a_host),
    OUTSIDE_TEST(hostcall__of_a_context_that_is_none_has_no_plugin),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
