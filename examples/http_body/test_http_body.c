#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define ORIGINAL "[original body]"

typedef struct Case {
  const char *operation;
  const char *expected;
} Case;

static const Case cases[] = {
  {"append", ORIGINAL "[this is appended body]"},
  {"prepend", "[this is prepended body]" ORIGINAL},
  {"replace", "[this is replaced body]"},
  {"invalid", "[this is replaced body]"},
};

static PwasmHostPlugin *
start(PwasmHost *host, const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(configuration)});
}

static void
send_request_headers(PwasmHostHttp *http, const char *where, const char *operation)
{
  pwasm_host_http_send_request_headers(
    http,
    PWASM_HOST_HEADERS(":method", "PUT", ":path", "/", "content-length", "15", "buffer-replace-at",
                       where, "buffer-operation", operation),
    false);
}

/* In two pieces, and an empty one that ends it. */
static void
send_request(PwasmHostHttp *http, const char *where, const char *operation)
{
  send_request_headers(http, where, operation);
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "content-length");
  pwasm_host_http_send_request_body(http, PWASM_STR("[original"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR(" body]"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
http_body__changes_the_request(void **state)
{
  PWASM_HOST_NEEDS("proxy_set_buffer_bytes");
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    PwasmHost *host = pwasm_host_new(NULL);
    PwasmHostHttp *http = pwasm_host_http_open(start(host, "body-set"));

    send_request(http, "request", cases[i].operation);
    PWASM_EXPECT_REQUEST_BODY(http, cases[i].expected);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "original request body: " ORIGINAL);
    pwasm_host_free(host);
  }
}

static void
http_body__changes_the_response(void **state)
{
  PWASM_HOST_NEEDS("proxy_set_buffer_bytes");
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    PwasmHost *host = pwasm_host_new(NULL);
    PwasmHostHttp *http = pwasm_host_http_open(start(host, "body-set"));

    send_request(http, "response", cases[i].operation);
    PWASM_EXPECT_REQUEST_BODY(http, ORIGINAL);
    pwasm_host_http_send_response_headers(
      http, PWASM_HOST_HEADERS(":status", "200", "content-length", "15"), false);
    PWASM_EXPECT_NO_RESPONSE_HEADER(http, "content-length");
    pwasm_host_http_send_response_body(http, PWASM_STR("[original"), false);
    pwasm_host_http_send_response_body(http, PWASM_STR(" body]"), true);
    PWASM_EXPECT_RESPONSE_BODY(http, cases[i].expected);
    PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "original response body: " ORIGINAL);
    pwasm_host_free(host);
  }
}

#define TRAILERS PWASM_HOST_HEADERS("a", "b")

/* Of a body that trailers follow no part is the last one. */
static void
http_body__changes_what_trailers_follow(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_request_trailers");
  PWASM_HOST_NEEDS("proxy_on_response_trailers");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, "body-set");
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  send_request_headers(http, "request", "append");
  pwasm_host_http_send_request_body(http, PWASM_STR(ORIGINAL), false);
  pwasm_host_http_send_request_trailers(http, TRAILERS);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, ORIGINAL "[this is appended body]");

  http = pwasm_host_http_open(plugin);
  send_request(http, "response", "append");
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), false);
  pwasm_host_http_send_response_body(http, PWASM_STR(ORIGINAL), false);
  pwasm_host_http_send_response_trailers(http, TRAILERS);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  PWASM_EXPECT_RESPONSE_BODY(http, ORIGINAL "[this is appended body]");

  http = pwasm_host_http_open(start(host, "echo"));
  send_request_headers(http, "request", "append");
  pwasm_host_http_send_request_body(http, PWASM_STR(ORIGINAL), false);
  pwasm_host_http_send_request_trailers(http, TRAILERS);
  PWASM_EXPECT_REPLY_BODY(http, ORIGINAL);
  pwasm_host_free(host);
}

static void
http_body__has_nothing_to_do_without_a_body(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_request_trailers");
  PWASM_HOST_NEEDS("proxy_on_response_trailers");
  PwasmHost *host = pwasm_host_new(NULL);
  const char *const configurations[] = {"body-set", "echo"};

  (void)state;
  for (size_t i = 0; i < 4; i++) {
    PwasmHostHttp *http = pwasm_host_http_open(start(host, configurations[i % 2]));

    send_request_headers(http, i < 2 ? "request" : "response", "append");
    pwasm_host_http_send_request_trailers(http, TRAILERS);
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200"), false);
    pwasm_host_http_send_response_trailers(http, TRAILERS);
    PWASM_EXPECT_RESPONSE_COMPLETE(http);
    PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "");
    PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  }
  pwasm_host_free(host);
}

static void
http_body__wants_a_body(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_get(start(host, "body-set"), "/");

  (void)state;
  PWASM_EXPECT_REPLY(http, 400);
  PWASM_EXPECT_REPLY_BODY(http, "content must be provided");
  PWASM_EXPECT_NO_REQUEST(http);
  pwasm_host_free(host);
}

/* The reply is a response too, but none of those to change. */
static void
http_body__leaves_its_own_reply_alone(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_open(start(host, "body-set"));

  (void)state;
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "GET", ":path", "/", "buffer-replace-at", "response"),
    true);
  PWASM_EXPECT_REPLY(http, 400);
  PWASM_EXPECT_REPLY_BODY(http, "content must be provided");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "original response body");
  pwasm_host_free(host);
}

static void
http_body__echoes(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_open(start(host, "echo"));

  (void)state;
  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "PUT", ":path", "/", "content-length", "15"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("[original"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR(" body]"), true);
  PWASM_EXPECT_REPLY(http, 200);
  PWASM_EXPECT_REPLY_BODY(http, ORIGINAL);
  pwasm_host_free(host);
}

static void
http_body__logs_what_fails(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, "body-set");
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 0, PWASM_STATUS_NOT_FOUND);
  send_request(http, "request", "append");
  PWASM_EXPECT_REQUEST_BODY(http, ORIGINAL);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "failed to get request body: not found");

  pwasm_host_fail(host, "proxy_get_buffer_bytes", 0, PWASM_STATUS_OK);
  pwasm_host_fail(host, "proxy_set_buffer_bytes", 0, PWASM_STATUS_BAD_ARGUMENT);
  http = pwasm_host_http_open(plugin);
  send_request(http, "request", "prepend");
  PWASM_EXPECT_REQUEST_BODY(http, ORIGINAL);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "failed to prepend request body: bad argument");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = start(host, "body-set");
  PwasmHostPlugin *echo = start(host, "echo");

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING ||
      pwasm_host_plugin_state(echo) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
    PwasmHostHttp *http = pwasm_host_http_open(i % 2 == 0 ? plugin : echo);

    pwasm_host_http_send_request_headers(
      http,
      PWASM_HOST_HEADERS(":method", "PUT", ":path", "/", "content-length", "15",
                         "buffer-replace-at", i < 4 ? "request" : "response", "buffer-operation",
                         cases[i / 2].operation),
      false);
    pwasm_host_http_send_request_body(http, PWASM_STR("[original"), false);
    pwasm_host_http_send_request_body(http, PWASM_STR(" body]"), true);
    pwasm_host_http_send_response_headers(
      http, PWASM_HOST_HEADERS(":status", "200", "content-length", "15"), false);
    pwasm_host_http_send_response_body(http, PWASM_STR("[original"), false);
    pwasm_host_http_send_response_body(http, PWASM_STR(" body]"), true);
  }
  /* Without a body. */
  pwasm_host_http_get(plugin, "/");
}

static void
http_body__bears_any_failure(void **state)
{
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(http_body__changes_the_request),
    cmocka_unit_test(http_body__changes_the_response),
    cmocka_unit_test(http_body__changes_what_trailers_follow),
    cmocka_unit_test(http_body__has_nothing_to_do_without_a_body),
    cmocka_unit_test(http_body__wants_a_body),
    cmocka_unit_test(http_body__leaves_its_own_reply_alone),
    cmocka_unit_test(http_body__echoes),
    cmocka_unit_test(http_body__logs_what_fails),
    cmocka_unit_test(http_body__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
