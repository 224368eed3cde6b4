#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pwasm/abi.h>
#include <pwasm/testhost.h>

/* The test plays the receiver's VM too: the same plugin, inside which a hook registers the queues. */
static const char *const queues[] = {"http_request_headers", "http_response_headers",
                                     "tcp_data_hashes"};

static void
register_queues(PwasmHost *host, void *data)
{
  uint32_t id;

  (void)host;
  (void)data;
  for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++)
    assert_int_equal(proxy_register_shared_queue(queues[i], (uint32_t)strlen(queues[i]), &id),
                     PWASM_STATUS_OK);
}

static void
start_receiver(PwasmHost *host)
{
  pwasm_host_hook(host, "proxy_log", register_queues, NULL);
  pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){
            .vm = pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("receiver")}),
            .configuration = PWASM_STR("http")});
  pwasm_host_hook(host, "proxy_log", NULL, NULL);
}

static PwasmHostPlugin *
start_sender(PwasmHost *host, const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){
            .vm = pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("sender")}),
            .configuration = pwasm_str_from_cstr(configuration)});
}

static void
assert_value(PwasmHost *host, const char *queue, size_t index, const char *expected)
{
  PwasmStr value = pwasm_host_shared_queue_peek(host, "receiver", queue, index);

  assert_true(pwasm_str_equal(value, pwasm_str_from_cstr(expected)));
  assert_true(pwasm_str_is_present(value));
}

static void
sender__sends_headers(void **state)
{
  PWASM_HOST_NEEDS("proxy_resolve_shared_queue");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http;

  (void)state;
  start_receiver(host);
  http = pwasm_host_http_open(start_sender(host, "http"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "contextID=1 is configured for http");
  pwasm_host_http_send_request_headers(http, PWASM_HOST_HEADERS(":method", "GET", "a", "b"), true);
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  assert_value(host, "http_request_headers", 0, "{\"key\": \":method\",\"value\": \"GET\"}");
  assert_value(host, "http_request_headers", 1, "{\"key\": \"a\",\"value\": \"b\"}");
  assert_value(host, "http_response_headers", 0, "{\"key\": \":status\",\"value\": \"200\"}");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "enqueued data: {\"key\": \":method\",\"value\": \"GET\"}");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "(contextID=2) enqueued data: {\"key\": \":status\",\"value\": \"200\"}");
  pwasm_host_free(host);
}

static void
sender__sends_hashes_of_data(void **state)
{
  PWASM_HOST_NEEDS("proxy_resolve_shared_queue");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostTcp *tcp;

  (void)state;
  start_receiver(host);
  tcp = pwasm_host_tcp_open(start_sender(host, "tcp"));
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR(""), false);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("a"), false);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("foobar"), false);
  assert_value(host, "tcp_data_hashes", 0, "d228cb696f1a8caf78912b704e4a8964");
  assert_value(host, "tcp_data_hashes", 1, "343e1662793c64bf6f0d3597ba446f18");
  assert_false(
    pwasm_str_is_present(pwasm_host_shared_queue_peek(host, "receiver", "tcp_data_hashes", 2)));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "(contextID=2) enqueued data: d228cb696f1a8caf78912b704e4a8964");
  pwasm_host_free(host);
}

static void
sender__bears_a_missing_receiver(void **state)
{
  PWASM_HOST_NEEDS("proxy_resolve_shared_queue");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start_sender(host, "http");

  (void)state;
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(plugin, "/"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "error resolving queue id: not found");
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "error queueing: not found");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "enqueued data");
  pwasm_host_free(host);
}

static void
sender__refuses_other_configurations(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(start_sender(host, "udp"), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_PLUGIN_STATE(start_sender(host, ""), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *http_sender = start_sender(host, "http");
  PwasmHostPlugin *tcp_sender = start_sender(host, "tcp");

  (void)data;
  if (pwasm_host_plugin_state(http_sender) == PWASM_HOST_PLUGIN_RUNNING)
    pwasm_host_http_send_response_headers(pwasm_host_http_get(http_sender, "/"),
                                          PWASM_HOST_HEADERS(":status", "200"), true);
  if (pwasm_host_plugin_state(tcp_sender) == PWASM_HOST_PLUGIN_RUNNING)
    pwasm_host_tcp_send_upstream(pwasm_host_tcp_open(tcp_sender), PWASM_STR("a"), false);
}

static void
sender__bears_any_failure(void **state)
{
  PWASM_HOST_NEEDS("proxy_resolve_shared_queue");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sender__sends_headers),
    cmocka_unit_test(sender__sends_hashes_of_data),
    cmocka_unit_test(sender__bears_a_missing_receiver),
    cmocka_unit_test(sender__refuses_other_configurations),
    cmocka_unit_test(sender__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
