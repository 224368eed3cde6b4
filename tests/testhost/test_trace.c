#include <stdlib.h>
#include <unistd.h>

#include "../script.h"

static PwasmAction
do_things(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr value;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("hello"));
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &value));
  assert_ok(pwasm_header_add(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x"),
                             PWASM_STR("quote \" and \x01 and so much more that it is cut")));
  assert_int_equal(pwasm_header_remove(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x")), 2);
  assert_int_equal(pwasm_header_remove(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x")), 777);
  return PWASM_ACTION_PAUSE;
}

static void
trace__shows_every_callback_and_hostcall(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  assert_string_equal(pwasm_host_trace(host), "> proxy_on_context_create(1, 0)\n"
                                              "< 0\n"
                                              "> proxy_on_vm_start(1, 0)\n"
                                              "< 1\n"
                                              "> proxy_on_configure(1, 0)\n"
                                              "< 1\n");
  pwasm_host_trace_clear(host);
  assert_string_equal(pwasm_host_trace(host), "");
  pwasm_host_plugin_end(plugin);
  assert_string_equal(pwasm_host_trace(host), "> proxy_on_done(1)\n"
                                              "< 1\n"
                                              "> proxy_on_delete(1)\n"
                                              "< 0\n");
}

static void
fail_next(PwasmHost *unused, void *data)
{
  uint32_t *status = data;

  pwasm_host_fail(unused, "proxy_remove_header_map_value", 1, *status);
  *status = 777;
}

static void
trace__shows_arguments_and_results(void **state)
{
  uint32_t status = PWASM_STATUS_BAD_ARGUMENT;

  (void)state;
  script.on_request_headers = do_things;
  start_plugin();
  pwasm_host_hook(host, "proxy_remove_header_map_value", fail_next, &status);
  pwasm_host_trace_clear(host);
  pwasm_host_http_get(start_plugin(), "/a");
  assert_non_null(
    strstr(pwasm_host_trace(host),
           "> proxy_on_request_headers(3, 4, 1)\n"
           "  proxy_log(info, \"hello\") = OK\n"
           "  proxy_get_header_map_value(HTTP_REQUEST_HEADERS, \":path\") = OK -> \"/a\"\n"
           "  proxy_add_header_map_value(HTTP_REQUEST_HEADERS, \"x\", \"quote \\\" and \\x01 and "
           "so much more t\"... 45)"
           " = OK\n"
           "  proxy_remove_header_map_value() = BAD_ARGUMENT -> as ordered\n"
           "  proxy_remove_header_map_value() = 777 -> as ordered\n"
           "< 1\n"));
}

static PwasmHostHttp *other;

static void
nest(PwasmHost *unused, void *data)
{
  (void)unused;
  (void)data;
  pwasm_host_http_send_response_headers(other, STATUS_200, true);
}

static PwasmAction
log_something(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("x"));
  return PWASM_ACTION_CONTINUE;
}

static void
trace__is_indented_by_depth(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  other = pwasm_host_http_get(plugin, "/");
  script.on_request_headers = log_something;
  pwasm_host_hook(host, "proxy_log", nest, NULL);
  pwasm_host_trace_clear(host);
  pwasm_host_http_get(plugin, "/");
  assert_string_equal(pwasm_host_trace(host), "> proxy_on_context_create(3, 1)\n"
                                              "< 0\n"
                                              "> proxy_on_request_headers(3, 4, 1)\n"
                                              "  > proxy_on_response_headers(2, 1, 1)\n"
                                              "  < 0\n"
                                              "  proxy_log(info, \"x\") = OK\n"
                                              "< 0\n");
}

/* What a host writes to stderr while it starts a plugin. */
static void
catch_stderr(const PwasmHostOptions *options, char *to, size_t size)
{
  FILE *file = tmpfile();
  int original = dup(STDERR_FILENO);
  PwasmHost *talking;
  size_t len;

  assert_non_null(file);
  fflush(stderr);
  dup2(fileno(file), STDERR_FILENO);
  talking = pwasm_host_new(options);
  pwasm_host_plugin_start(talking, NULL);
  pwasm_host_free(talking);
  fflush(stderr);
  dup2(original, STDERR_FILENO);
  close(original);
  rewind(file);
  len = fread(to, 1, size - 1, file);
  to[len] = '\0';
  fclose(file);
}

static void
trace__goes_to_stderr_if_asked_for(void **state)
{
  static char text[4096];

  (void)state;
  catch_stderr(&(PwasmHostOptions){.trace = true}, text, sizeof text);
  assert_non_null(strstr(text, "> proxy_on_configure(1, 0)\n< 1\n"));
  setenv("PWASM_HOST_TRACE", "1", 1);
  catch_stderr(NULL, text, sizeof text);
  assert_non_null(strstr(text, "> proxy_on_configure(1, 0)\n< 1\n"));
  setenv("PWASM_HOST_TRACE", "0", 1);
  catch_stderr(NULL, text, sizeof text);
  assert_string_equal(text, "");
  unsetenv("PWASM_HOST_TRACE");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(trace__shows_every_callback_and_hostcall),
    SCRIPT_TEST(trace__shows_arguments_and_results),
    SCRIPT_TEST(trace__is_indented_by_depth),
    SCRIPT_TEST(trace__goes_to_stderr_if_asked_for),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
