#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

static PwasmHost *host;
static PwasmHostPlugin *plugin;

static int
setup(void **state)
{
  (void)state;
  host = pwasm_host_new(NULL);
  plugin = pwasm_host_plugin_start(host, NULL);
  return 0;
}

static int
teardown(void **state)
{
  (void)state;
  pwasm_host_free(host);
  return 0;
}

static void
log_entry(void)
{
  pwasm_host_plugin_log(plugin, &(PwasmHostLogEntry){0});
}

static void
set_code(int64_t code)
{
  pwasm_host_property_set(host, PWASM_PATH("response", "code"), PWASM_HOST_INT64(code));
}

static void
expect_last_line(const char *line)
{
  size_t count = pwasm_host_log_count(host);

  assert_true(count > 0);
  assert_int_equal(pwasm_host_log_line(host, count - 1)->level, PWASM_LOG_INFO);
  assert_string_equal(pwasm_host_log_line(host, count - 1)->message.data, line);
}

static void
access_logger__logs_an_entry(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  (void)state;
  pwasm_host_property_set(host, PWASM_PATH("request", "method"), PWASM_STR("GET"));
  pwasm_host_property_set(host, PWASM_PATH("request", "path"), PWASM_STR("/a?b=c"));
  pwasm_host_property_set(host, PWASM_PATH("response", "flags"), PWASM_HOST_INT64(2));
  pwasm_host_property_set(host, PWASM_PATH("request", "duration"), PWASM_HOST_INT64(1234999));
  set_code(503);
  pwasm_host_plugin_log(
    plugin, &(PwasmHostLogEntry){.request_headers = PWASM_HOST_HEADERS("user-agent", "curl/8")});
  expect_last_line("GET /a?b=c 503 2 1234 \"curl/8\"");
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=5xx", 1);
}

static void
access_logger__what_is_missing_is_a_dash(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  (void)state;
  log_entry();
  expect_last_line("- - - - - \"-\"");
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=0xx", 1);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
access_logger__counts_by_class(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  static const int64_t codes[] = {0, 99, 100, 200, 204, 299, 302, 404, 599, 600, 999, -200};

  (void)state;
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    set_code(codes[i]);
    log_entry();
  }
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=0xx", 5);
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=1xx", 1);
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=2xx", 3);
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=3xx", 1);
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=4xx", 1);
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=5xx", 1);
}

static void
access_logger__defines_each_counter_once(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  (void)state;
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("again")));
  set_code(200);
  log_entry();
  log_entry();
  PWASM_EXPECT_CALLS(host, "proxy_define_metric", 6);
  PWASM_EXPECT_COUNTER(host, "access_log_entries_class=2xx", 2);
}

static void
access_logger__logs_without_counters(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  PwasmHostPlugin *other;

  (void)state;
  pwasm_host_fail(host, "proxy_define_metric", 0, PWASM_STATUS_UNIMPLEMENTED);
  other = pwasm_host_plugin_start(host, NULL);
  PWASM_EXPECT_PLUGIN_STATE(other, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "not all entries will be counted: ");
  set_code(200);
  pwasm_host_plugin_log(other, &(PwasmHostLogEntry){0});
  expect_last_line("- - 200 - - \"-\"");
  PWASM_EXPECT_CALLS(host, "proxy_increment_metric", 0);
}

static void
access_logger__logs_what_is_not_counted(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  (void)state;
  set_code(200);
  pwasm_host_fail(host, "proxy_increment_metric", 1, PWASM_STATUS_INTERNAL_FAILURE);
  log_entry();
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "an entry was not counted: internal failure of the host");
  expect_last_line("- - 200 - - \"-\"");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static void
scenario(PwasmHost *fresh, void *data)
{
  PwasmHostPlugin *logger = pwasm_host_plugin_start(fresh, NULL);

  (void)data;
  pwasm_host_property_set(fresh, PWASM_PATH("request", "path"), PWASM_STR("/"));
  pwasm_host_property_set(fresh, PWASM_PATH("response", "code"), PWASM_HOST_INT64(200));
  pwasm_host_plugin_log(logger, &(PwasmHostLogEntry){0});
}

static void
access_logger__bears_any_failure(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_log");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "there are no access loggers");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(access_logger__logs_an_entry),
    TEST(access_logger__what_is_missing_is_a_dash),
    TEST(access_logger__counts_by_class),
    TEST(access_logger__defines_each_counter_once),
    TEST(access_logger__logs_without_counters),
    TEST(access_logger__logs_what_is_not_counted),
    cmocka_unit_test(access_logger__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
