#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

static const PwasmHostEnvoyStat counters[] = {
  {"http.main.rq_total", 7, 2}, {"http.main.rq_error", 1, 0}, {"cluster.web.rq_total", 3, 3}};
static const PwasmHostEnvoyStat gauges[] = {{"http.main.rq_active", 1, 0}, {"server.live", 1, 0}};
static const PwasmHostEnvoyStats stats = {counters, 3, gauges, 2, 4};

static PwasmHost *host;

static int
setup(void **state)
{
  (void)state;
  host = pwasm_host_new(NULL);
  return 0;
}

static int
teardown(void **state)
{
  (void)state;
  pwasm_host_free(host);
  return 0;
}

static PwasmHostPlugin *
start(PwasmHost *on, const char *prefix)
{
  return pwasm_host_plugin_start(
    on, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(prefix)});
}

static void
stats_sink__logs_what_has_changed(void **state)
{
  (void)state;
  PWASM_HOST_NEEDS("envoy_on_stats_update");
  pwasm_host_envoy_stats_update(start(host, "http.main."), &stats);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "http.main.rq_total 7 (+2)");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "http.main.rq_active 1");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "rq_error");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "cluster.web");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "server.live");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
stats_sink__without_configuration_all_are_meant(void **state)
{
  (void)state;
  PWASM_HOST_NEEDS("envoy_on_stats_update");
  pwasm_host_envoy_stats_update(pwasm_host_plugin_start(host, NULL), &stats);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "cluster.web.rq_total 3 (+3)");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "server.live 1");
}

static void
stats_sink__says_what_is_missing(void **state)
{
  PwasmHostPlugin *plugin = start(host, "");

  (void)state;
  PWASM_HOST_NEEDS("envoy_on_stats_update");
  pwasm_host_envoy_stats_update_bytes(plugin, PWASM_STR("no statistics"), 13);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN,
                   "statistics are missing: the host's bytes do not follow the ABI");
}

static void
stats_sink__refuses_a_configuration_that_it_cant_read(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 0, PWASM_STATUS_INTERNAL_FAILURE);
  PWASM_EXPECT_PLUGIN_STATE(start(host, "a"), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "no configuration: ");
}

static void
scenario(PwasmHost *fresh, void *data)
{
  PwasmHostPlugin *plugin = start(fresh, "http");

  (void)data;
  pwasm_host_envoy_stats_update(plugin, &stats);
}

static void
stats_sink__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(stats_sink__logs_what_has_changed),
    TEST(stats_sink__without_configuration_all_are_meant),
    TEST(stats_sink__says_what_is_missing),
    TEST(stats_sink__refuses_a_configuration_that_it_cant_read),
    cmocka_unit_test(stats_sink__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
