#include "../unit.h"

static void
wasm__only_logs_while_it_is_initialized(void **state)
{
  PwasmHost *bold = pwasm_host_new(&(PwasmHostOptions){.allow_traps = true, .keep_trace = true});
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(bold, NULL);

  (void)state;
  assert_true(pwasm_host_vm_has_trapped(pwasm_host_plugin_vm(plugin)));
  PWASM_EXPECT_LOG(bold, PWASM_LOG_INFO, "a log line is allowed");
  PWASM_EXPECT_NO_LOG(bold, PWASM_LOG_INFO, "too late");
  assert_non_null(strstr(pwasm_host_trace(bold), "restricted_callback: hosts do not allow "
                                                 "proxy_set_tick_period_milliseconds there"));
  assert_int_equal(pwasm_host_plugin_state(plugin), PWASM_HOST_PLUGIN_VM_REFUSED);
  PWASM_EXPECT_CALLS(bold, "proxy_on_context_create", 0);
  pwasm_host_free(bold);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(wasm__only_logs_while_it_is_initialized)};

  return cmocka_run_group_tests(tests, NULL, NULL);
}
