#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

#define COUNTER "proxy_wasm_go.connection_counter"

/* In the wire format: one pair, "region" and "here". */
#define LOCATION                                                                                   \
  PWASM_STR("\x01\x00\x00\x00\x06\x00\x00\x00\x04\x00\x00\x00"                                     \
            "region\0here\0")

static void
network__logs_what_goes_through(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostTcp *tcp;

  (void)state;
  pwasm_host_property_set(host, PWASM_PATH("upstream", "address"), PWASM_STR("127.0.0.1:8099"));
  pwasm_host_property_set(
    host, PWASM_PATH("xds", "cluster_metadata", "filter_metadata", "location"), LOCATION);
  tcp = pwasm_host_tcp_open(pwasm_host_plugin_start(host, NULL));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "new connection!");
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("hello"), false);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, ">>>>>> downstream data received >>>>>>\nhello");
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("world"), false);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "remote address: 127.0.0.1:8099");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "upstream cluster metadata location[region]=here");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "<<<<<< upstream data received <<<<<<\nworld");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  PWASM_EXPECT_COUNTER(host, COUNTER, 0);
  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "downstream connection close!");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "connection complete!");
  PWASM_EXPECT_COUNTER(host, COUNTER, 1);
  assert_true(pwasm_str_equal(pwasm_host_tcp_sent_to_upstream(tcp), PWASM_STR("hello")));
  assert_true(pwasm_str_equal(pwasm_host_tcp_sent_to_client(tcp), PWASM_STR("world")));
  pwasm_host_free(host);
}

static void
network__nothing_is_not_logged(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostTcp *tcp = pwasm_host_tcp_open(pwasm_host_plugin_start(host, NULL));

  (void)state;
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR(""), true);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR(""), true);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "received");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
  pwasm_host_free(host);
}

static void
network__says_what_is_not_known(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostTcp *tcp = pwasm_host_tcp_open(pwasm_host_plugin_start(host, NULL));

  (void)state;
  pwasm_host_fail(host, "proxy_get_property", 0, PWASM_STATUS_NOT_FOUND);
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("x"), false);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "failed to get upstream remote address: not found");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "failed to get upstream location metadata: not found");
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to get upstream data: not found");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin;
  PwasmHostTcp *tcp;

  (void)data;
  pwasm_host_property_set(host, PWASM_PATH("upstream", "address"), PWASM_STR("127.0.0.1:8099"));
  pwasm_host_property_set(
    host, PWASM_PATH("xds", "cluster_metadata", "filter_metadata", "location"), LOCATION);
  plugin = pwasm_host_plugin_start(host, NULL);
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  tcp = pwasm_host_tcp_open(plugin);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("hello"), false);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("world"), false);
  pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
}

static void
network__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(network__logs_what_goes_through),
    cmocka_unit_test(network__nothing_is_not_logged),
    cmocka_unit_test(network__says_what_is_not_known),
    cmocka_unit_test(network__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
