#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define SECOND_NS 1000000000u

static void
helloworld__logs_with_each_tick(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "OnPluginStart from Go!");
  assert_int_equal(pwasm_host_tick_period(plugin), 1000);
  pwasm_host_advance(host, SECOND_NS - 1);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "OnTick called");
  pwasm_host_advance(host, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "It's 1735689601000000000: random value: ");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "OnTick called");
  pwasm_host_advance(host, SECOND_NS);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "It's 1735689602000000000: random value: ");
  pwasm_host_free(host);
}

static void
helloworld__refuses_to_run_without_a_timer(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_fail(host, "proxy_set_tick_period_milliseconds", 1, PWASM_STATUS_UNIMPLEMENTED);
  PWASM_EXPECT_PLUGIN_STATE(pwasm_host_plugin_start(host, NULL),
                            PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to set tick period");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  (void)data;
  pwasm_host_plugin_start(host, NULL);
  pwasm_host_advance(host, 2 * (uint64_t)SECOND_NS);
}

static void
helloworld__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(helloworld__logs_with_each_tick),
    cmocka_unit_test(helloworld__refuses_to_run_without_a_timer),
    cmocka_unit_test(helloworld__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
