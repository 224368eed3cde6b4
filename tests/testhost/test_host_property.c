#include "found.h"

static int num_calls;

static PwasmAction
in_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  num_calls++;
  FOUND("/a?b=c?d", "request", "path");
  FOUND("/a", "request", "url_path");
  FOUND("b=c?d", "request", "query");
  FOUND("example.com", "request", "host");
  FOUND("http", "request", "scheme");
  FOUND("PUT", "request", "method");
  FOUND("NOT_FOUND", "request", "referer");
  FOUND("test", "request", "useragent");
  FOUND("17", "request", "id");
  FOUND("HTTP/1.1", "request", "protocol");
  FOUND("yes", "request", "headers", "x-test");
  FOUND("NOT_FOUND", "request", "headers", "x-none");
  FOUND("NOT_FOUND", "request", "no_such_field");
  FOUND("NOT_FOUND", "requests", "path");
  FOUND("NOT_FOUND", "request", "duration");
  FOUND_INT64((int64_t)PWASM_HOST_START_TIME_NS, "request", "time");
  FOUND_INT64(0, "request", "size");
  FOUND_INT64(7 + 3 + 5 + 8 + 10 + 11 + 7 + 4 + 10 + 4 + 12 + 2 + 6 + 3, "request", "total_size");
  FOUND("NOT_FOUND", "response", "code");
  FOUND("SERIALIZATION_FAILURE", "request");
  FOUND("SERIALIZATION_FAILURE", "xds");
  FOUND("NOT_FOUND", "no_such_root");
  FOUND("name", "plugin_name");
  FOUND("root", "plugin_root_id");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
in_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  num_calls++;
  FOUND("NOT_FOUND", "request", "path");
  FOUND("NOT_FOUND", "request", "headers");
  FOUND("HTTP/1.1", "request", "protocol");
  FOUND_INT64(4, "request", "size");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
in_response_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  num_calls++;
  FOUND_INT64(404, "response", "code");
  FOUND("NOT_FOUND", "response", "grpc_status");
  FOUND_INT64(0, "response", "size");
  FOUND("404", "response", "headers", ":status");
  FOUND("NOT_FOUND", "response", "trailers");
  FOUND("NOT_FOUND", "request", "path");
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
in_response_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)ctx;
  (void)num_trailers;
  num_calls++;
  FOUND_INT64(404, "response", "code");
  FOUND_INT64(5, "response", "grpc_status");
  FOUND("NOT_FOUND", "response", "headers");
  FOUND("5", "response", "trailers", "grpc-status");
  FOUND_INT64(7 + 3 + 11 + 1, "response", "total_size");
  return PWASM_ACTION_CONTINUE;
}

static void
in_log(PwasmContext *ctx)
{
  (void)ctx;
  num_calls++;
  FOUND("/a?b=c?d", "request", "path");
  FOUND("404", "response", "headers", ":status");
  FOUND("5", "response", "trailers", "grpc-status");
  FOUND_INT64(250, "request", "duration");
}

static bool
in_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  num_calls++;
  FOUND("name", "plugin_name");
  FOUND("root", "plugin_root_id");
  FOUND("vm", "plugin_vm_id");
  FOUND("NOT_FOUND", "request", "protocol");
  return true;
}

static void
host_property__follow_from_the_stream(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("vm")});
  PwasmHostPlugin *plugin;
  PwasmHostHttp *http;

  (void)state;
  num_calls = 0;
  script.on_configure = in_configure;
  script.on_request_headers = in_request_headers;
  script.on_request_body = in_request_body;
  script.on_response_headers = in_response_headers;
  script.on_response_trailers = in_response_trailers;
  script.on_http_log = in_log;
  plugin = pwasm_host_plugin_start(
    host,
    &(PwasmHostPluginOptions){.vm = vm, .name = PWASM_STR("name"), .root_id = PWASM_STR("root")});
  http = pwasm_host_http_open(plugin);
  pwasm_host_http_send_request_headers(http,
                                       PWASM_HOST_HEADERS(":method", "PUT", ":path", "/a?b=c?d",
                                                          ":authority", "example.com", ":scheme",
                                                          "http", "user-agent", "test",
                                                          "x-request-id", "17", "x-test", "yes"),
                                       false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "404"), false);
  pwasm_host_http_send_response_trailers(http, PWASM_HOST_HEADERS("grpc-status", "5"));
  pwasm_host_time_advance(host, 250);
  pwasm_host_http_end(http);
  assert_int_equal(num_calls, 6);
}

static const char *expected_of_stream;

static PwasmAction
expect_of_stream(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  FOUND(expected_of_stream, "xds", "cluster_name");
  return PWASM_ACTION_CONTINUE;
}

static void
host_property__the_nearest_counts(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_open(plugin);
  PwasmStr path = PWASM_PATH("xds", "cluster_name");

  (void)state;
  script.on_request_headers = expect_of_stream;
  expected_of_stream = "NOT_FOUND";
  pwasm_host_http_get(plugin, "/");
  pwasm_host_property_set(host, path, PWASM_STR("host"));
  expected_of_stream = "host";
  pwasm_host_http_get(plugin, "/");
  pwasm_host_plugin_property_set(plugin, path, PWASM_STR("plug-in"));
  pwasm_host_plugin_property_set(plugin, path, PWASM_STR("plugin"));
  expected_of_stream = "plugin";
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_property_set(http, path, PWASM_STR("stream"));
  expected_of_stream = "stream";
  pwasm_host_http_send_request_headers(http, GET, true);
  http = pwasm_host_http_open(plugin);
  pwasm_host_http_property_set(http, path, pwasm_str(NULL, 0));
  expected_of_stream = "NOT_FOUND";
  pwasm_host_http_send_request_headers(http, GET, true);
  PWASM_EXPECT_CALLS(host, "proxy_get_property", 5);
}

static PwasmAction
expect_hidden(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  FOUND("", "request", "path");
  FOUND("ABSENT", "request", "method");
  return PWASM_ACTION_CONTINUE;
}

static void
host_property__what_is_set_hides_what_follows(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_headers = expect_hidden;
  pwasm_host_property_set(host, PWASM_PATH("request", "path"), PWASM_STR(""));
  pwasm_host_property_set(host, PWASM_PATH("request", "method"), PWASM_STR("ABSENT"));
  pwasm_host_http_send_request_headers(http, GET, true);
  PWASM_EXPECT_CALLS(host, "proxy_get_property", 2);
}

static void
host_property__answers_can_be_ordered_and_are_traced(void **state)
{
  (void)state;
  script.on_request_headers = expect_of_stream;
  expected_of_stream = "ordered";
  pwasm_host_answer(host, "proxy_get_property", 1, PWASM_STR("ordered"));
  pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_CALLS(host, "proxy_get_property", 1);
  pwasm_host_property_set(host, PWASM_PATH("xds", "cluster_name"), PWASM_STR("traced"));
  expected_of_stream = "traced";
  pwasm_host_trace_clear(host);
  pwasm_host_http_get(start_plugin(), "/");
  assert_non_null(strstr(pwasm_host_trace(host), "\"traced\""));
}

static PwasmAction
in_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  FOUND("192.0.2.1:1", "source", "address");
  FOUND("NOT_FOUND", "request", "protocol");
  FOUND("", "plugin_name");
  assert_ok(pwasm_property_set(PWASM_PATH("user"), PWASM_STR("alice")));
  FOUND("alice", "user");
  return PWASM_ACTION_CONTINUE;
}

static void
host_property__of_connections(void **state)
{
  PwasmHostTcp *tcp;

  (void)state;
  script.create_tcp_context = use_tcp;
  script.on_downstream_data = in_data;
  tcp = pwasm_host_tcp_open(start_plugin());
  pwasm_host_tcp_property_set(tcp, PWASM_PATH("source", "address"), PWASM_STR("192.0.2.1:1"));
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("x"), false);
  assert_str(pwasm_host_tcp_filter_state(tcp, PWASM_PATH("user")), "alice");
  assert_false(pwasm_str_is_present(pwasm_host_tcp_filter_state(tcp, PWASM_PATH("a"))));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(host_property__follow_from_the_stream),
    SCRIPT_TEST(host_property__the_nearest_counts),
    SCRIPT_TEST(host_property__what_is_set_hides_what_follows),
    SCRIPT_TEST(host_property__answers_can_be_ordered_and_are_traced),
    SCRIPT_TEST(host_property__of_connections),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
