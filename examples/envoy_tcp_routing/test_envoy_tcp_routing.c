#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

static PwasmHost *host;
static PwasmHostPlugin *plugin;
static char arguments[128]; /* of the last call of the foreign function */
static uint32_t status;

static uint32_t
set_envoy_filter_state(PwasmHost *caller, PwasmStr message, PwasmStr *ret_result, void *data)
{
  (void)caller;
  (void)ret_result;
  (void)data;
  assert_true(message.len < sizeof arguments);
  memcpy(arguments, message.data, message.len);
  arguments[message.len] = '\0';
  return status;
}

static int
setup(void **state)
{
  (void)state;
  status = PWASM_STATUS_OK;
  arguments[0] = '\0';
  host = pwasm_host_new(NULL);
  pwasm_host_foreign_define(host, "set_envoy_filter_state", set_envoy_filter_state, NULL);
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("standalone")});
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
connect_from(const char *address)
{
  arguments[0] = '\0';
  pwasm_host_log_clear(host);
  pwasm_host_property_set(host, PWASM_PATH("source", "address"), pwasm_str_from_cstr(address));
  pwasm_host_tcp_open(plugin);
}

static void
envoy_tcp_routing__routes(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "[TCP WASM] Configuration: \"standalone\"");
  connect_from("172.22.0.10:1234");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "[TCP WASM] Routed source 172.22.0.10:1234 to egress-router1");
  assert_string_equal(arguments, "\x0a\x17"
                                 "envoy.tcp_proxy.cluster\x12\x0e"
                                 "egress-router1");
  connect_from("172.22.0.11:1234");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "[TCP WASM] Routed source 172.22.0.11:1234 to egress-router2");
  assert_string_equal(arguments, "\x0a\x17"
                                 "envoy.tcp_proxy.cluster\x12\x0e"
                                 "egress-router2");
}

static void
envoy_tcp_routing__addresses(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  static const char *const even[] = {
    "10.0.0.0:1",          "10.0.0.254",
    "[2001:db8::2]:1234",  "[::]:80",
    "2001:db8::fffe",      "[1::]:1",
    "::ffff:192.0.2.2",    "[::1:a]:1",
    "[1:2:3:4:5:6:7:8]:1", "1:2:3:4:5:6:1.2.3.4",
  };
  static const char *const odd[] = {
    "10.0.0.1:1",  "255.255.255.255:65535", "[2001:db8::1]:1234", "[::1]:80",
    "2001:DB8::F", "::ffff:192.0.2.1",      "[fe80::1:2:3]:5",
  };

  (void)state;
  for (size_t i = 0; i < sizeof even / sizeof even[0]; i++) {
    connect_from(even[i]);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, " to egress-router1");
  }
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    connect_from(odd[i]);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, " to egress-router2");
  }
}

static void
envoy_tcp_routing__no_addresses(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  static const char *const others[] = {
    "",          "/run/socket", "10.0.0",    "10.0.0.256:1", "10.0.0.1.2:1",
    "a.b.c.d:1", "10.0.0.:1",   "[:]:1",     "1:2:3",        "1:2:3:4:5:6:7:8:9",
    "[::g]:1",   "[::12345]:1", "localhost", "[::1.2.3]:1",  "1:2:3:4::5:6:7:8",
    ":1",
  };

  (void)state;
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    connect_from(others[i]);
    PWASM_EXPECT_LOG(host, PWASM_LOG_WARN,
                     "[TCP WASM] Failed to parse source address for routing: ");
    assert_string_equal(arguments, "");
  }
}

static void
envoy_tcp_routing__logs_what_fails(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  (void)state;
  pwasm_host_tcp_open(plugin);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "[TCP WASM] Missing source address property");
  status = PWASM_STATUS_NOT_FOUND;
  connect_from("10.0.0.1:1");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "[TCP WASM] Failed to set Envoy filter state: not found");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static void
scenario(PwasmHost *fresh, void *data)
{
  PwasmHostPlugin *router;

  (void)data;
  pwasm_host_foreign_define(fresh, "set_envoy_filter_state", set_envoy_filter_state, NULL);
  router = pwasm_host_plugin_start(
    fresh, &(PwasmHostPluginOptions){.configuration = PWASM_STR("standalone")});
  pwasm_host_property_set(fresh, PWASM_PATH("source", "address"), PWASM_STR("172.22.0.10:1234"));
  if (pwasm_host_plugin_state(router) == PWASM_HOST_PLUGIN_RUNNING)
    pwasm_host_tcp_open(router);
}

static void
envoy_tcp_routing__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(envoy_tcp_routing__routes),
    TEST(envoy_tcp_routing__addresses),
    TEST(envoy_tcp_routing__no_addresses),
    TEST(envoy_tcp_routing__logs_what_fails),
    cmocka_unit_test(envoy_tcp_routing__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
