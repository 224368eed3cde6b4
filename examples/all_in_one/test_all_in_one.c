#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define HEADER "http-header-operation"
#define BODY "http-body-operation"
#define TCP "tcp-total-data-size-counter"

static PwasmHostPlugin *
start(PwasmHost *host, const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(configuration),
                                    .vm_configuration = PWASM_STR("my-vm-configuration")});
}

static void
all_in_one__shares_one_vm(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_vm_start");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, HEADER);
  PwasmHostHttp *http;

  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "vm configuration: my-vm-configuration");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "plugin 1 of this VM: " HEADER);
  pwasm_host_log_clear(host);
  start(host, BODY);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "plugin 2 of this VM: " BODY);
  start(host, TCP);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "plugin 3 of this VM: " TCP);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "vm configuration");
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-plugins-of-vm", "3");
  pwasm_host_free(host);
}

static void
all_in_one__header_operation(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(start(host, HEADER), "/");

  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "request header: :path: /");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), false);
  PWASM_EXPECT_RESPONSE_HEADER(http, "x-all-in-one", HEADER);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), true);
  PWASM_EXPECT_RESPONSE_BODY(http, "body");
  pwasm_host_free(host);
}

static void
all_in_one__body_operation(void **state)
{
  PWASM_HOST_NEEDS("proxy_set_buffer_bytes");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, BODY);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_send_response_headers(
    http, PWASM_HOST_HEADERS(":status", "200", "content-length", "4"), false);
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "content-length");
  PWASM_EXPECT_NO_RESPONSE_HEADER(http, "x-all-in-one");
  pwasm_host_http_send_response_body(http, PWASM_STR("bo"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR("dy"), true);
  PWASM_EXPECT_RESPONSE_BODY(http, "[this is replaced body]");
  pwasm_host_free(host);
}

/* Of a body that trailers follow no part is the last one. */
static void
all_in_one__body_operation_with_trailers(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_response_trailers");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, BODY);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR("body"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_BODY(http, "[this is replaced body]");

  /* There may be none before them. */
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  pwasm_host_free(host);
}

static void
all_in_one__no_body_keeps_its_length(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "callbacks for headers are never told that there is no body");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(start(host, BODY), "/");

  (void)state;
  pwasm_host_http_send_response_headers(
    http, PWASM_HOST_HEADERS(":status", "200", "content-length", "0"), true);
  PWASM_EXPECT_RESPONSE_HEADER(http, "content-length", "0");
  pwasm_host_free(host);
}

static void
all_in_one__tcp_operation(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_new_connection");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, TCP);

  (void)state;
  for (int i = 0; i < 2; i++) {
    PwasmHostTcp *tcp = pwasm_host_tcp_open(plugin);

    pwasm_host_tcp_send_downstream(tcp, PWASM_STR("hello"), false);
    pwasm_host_tcp_send_upstream(tcp, PWASM_STR("you"), false);
    pwasm_host_tcp_send_downstream(tcp, PWASM_STR("!"), true);
    pwasm_host_tcp_close(tcp, PWASM_PEER_REMOTE);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "total data size: 9");
  }
  PWASM_EXPECT_COUNTER(host, "tcp_total_data_size", 18);
  pwasm_host_free(host);
}

static void
all_in_one__refuses_other_configurations(void **state)
{
  static const char *const wrong[] = {"", "http", HEADER "\n", "HTTP-body-operation"};
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    PWASM_EXPECT_PLUGIN_STATE(start(host, wrong[i]), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
    PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "unknown plugin configuration: ");
    PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, wrong[i]);
  }
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 0, PWASM_STATUS_INTERNAL_FAILURE);
  PWASM_EXPECT_PLUGIN_STATE(start(host, BODY), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL,
                   "error reading plugin configuration: internal failure of the host");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *header = start(host, HEADER);
  PwasmHostPlugin *body = start(host, BODY);
  PwasmHostPlugin *tcp = start(host, TCP);

  (void)data;
  if (pwasm_host_plugin_state(header) == PWASM_HOST_PLUGIN_RUNNING)
    pwasm_host_http_send_response_headers(pwasm_host_http_get(header, "/"),
                                          PWASM_HOST_HEADERS(":status", "200"), true);
  if (pwasm_host_plugin_state(body) == PWASM_HOST_PLUGIN_RUNNING) {
    PwasmHostHttp *http = pwasm_host_http_get(body, "/");

    pwasm_host_http_send_response_headers(
      http, PWASM_HOST_HEADERS(":status", "200", "content-length", "4"), false);
    pwasm_host_http_send_response_body(http, PWASM_STR("bo"), false);
    pwasm_host_http_send_response_body(http, PWASM_STR("dy"), true);
  }
  if (pwasm_host_plugin_state(tcp) == PWASM_HOST_PLUGIN_RUNNING) {
    PwasmHostTcp *connection = pwasm_host_tcp_open(tcp);

    pwasm_host_tcp_send_downstream(connection, PWASM_STR("abc"), false);
    pwasm_host_tcp_close(connection, PWASM_PEER_REMOTE);
  }
}

static void
all_in_one__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(all_in_one__shares_one_vm),
    cmocka_unit_test(all_in_one__header_operation),
    cmocka_unit_test(all_in_one__body_operation),
    cmocka_unit_test(all_in_one__body_operation_with_trailers),
    cmocka_unit_test(all_in_one__no_body_keeps_its_length),
    cmocka_unit_test(all_in_one__tcp_operation),
    cmocka_unit_test(all_in_one__refuses_other_configurations),
    cmocka_unit_test(all_in_one__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
