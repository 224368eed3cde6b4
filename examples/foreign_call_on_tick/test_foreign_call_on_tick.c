#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

/* "Compresses" to what it was given, as long as `status` says so. */
static uint32_t status;

static uint32_t
compress(PwasmHost *caller, PwasmStr arguments, PwasmStr *ret_result, void *data)
{
  (void)caller;
  (void)data;
  *ret_result = arguments;
  return status;
}

static void
foreign_call_on_tick__logs_the_result(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "the only foreign function is resolve_lua");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin;

  (void)state;
  status = PWASM_STATUS_OK;
  pwasm_host_foreign_define(host, "compress", compress, NULL);
  plugin = pwasm_host_plugin_start(host, NULL);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "set tick period milliseconds: 1");
  assert_int_equal(pwasm_host_tick_period(plugin), 1);
  for (int i = 1; i < 10; i++) {
    char line[96];

    snprintf(line, sizeof line,
             "foreign function (compress) called: %d, result: 68656c6c6f20776f726c6421", i);
    PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, line);
    pwasm_host_tick(plugin);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, line);
  }
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_CRITICAL, "");
  pwasm_host_free(host);
}

static void
foreign_call_on_tick__logs_what_fails(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "the only foreign function is resolve_lua");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)state;
  pwasm_host_tick(plugin);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "foreign function (compress) failed: not found");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "foreign function (compress) called: 1, result: ");
  pwasm_host_free(host);
}

static void
foreign_call_on_tick__needs_a_timer(void **state)
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
  PwasmHostPlugin *plugin;

  (void)data;
  status = PWASM_STATUS_OK;
  pwasm_host_foreign_define(host, "compress", compress, NULL);
  plugin = pwasm_host_plugin_start(host, NULL);
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_tick(plugin);
  pwasm_host_tick(plugin);
}

static void
foreign_call_on_tick__bears_any_failure(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "the only foreign function is resolve_lua");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(foreign_call_on_tick__logs_the_result),
    cmocka_unit_test(foreign_call_on_tick__logs_what_fails),
    cmocka_unit_test(foreign_call_on_tick__needs_a_timer),
    cmocka_unit_test(foreign_call_on_tick__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
