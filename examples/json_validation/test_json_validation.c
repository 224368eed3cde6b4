#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define VALID "{\"id\": \"abc123\", \"token\": \"xyz456\"}"
#define CONFIGURATION "{ \"requiredKeys\": [\"id\", \"token\"] }\n"

static PwasmHostPlugin *
start(PwasmHost *host, const char *configuration)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(configuration)});
}

static PwasmHostHttp *
open_with_type(PwasmHostPlugin *plugin, const char *content_type, bool end_of_stream)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  pwasm_host_http_send_request_headers(
    http, PWASM_HOST_HEADERS(":method", "POST", ":path", "/", "content-type", content_type),
    end_of_stream);
  return http;
}

static void
json_validation__wants_a_content_type(void **state)
{
  static const char *const wrong[] = {"text/html", "", "application/json; charset=utf-8",
                                      "Application/JSON", "application/jso"};
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, CONFIGURATION);

  (void)state;
  PWASM_EXPECT_REPLY(pwasm_host_http_get(plugin, "/"), 403);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    PwasmHostHttp *http = open_with_type(plugin, wrong[i], false);

    PWASM_EXPECT_REPLY(http, 403);
    PWASM_EXPECT_REPLY_BODY(http, "content-type must be provided");
    PWASM_EXPECT_NO_REQUEST(http);
  }
  pwasm_host_free(host);
}

static void
json_validation__lets_valid_bodies_pass(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "the body comes whole");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "the body comes whole");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_with_type(start(host, CONFIGURATION), "application/json", false);

  (void)state;
  assert_int_equal(
    pwasm_host_http_send_request_body(http, PWASM_STR("{\"id\": \"abc123\","), false),
    PWASM_ACTION_PAUSE);
  pwasm_host_http_send_request_body(http, PWASM_STR(" \"token\": \"xyz456\"}"), true);
  PWASM_EXPECT_REQUEST_BODY(http, VALID);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_free(host);
}

typedef struct Refusal {
  const char *body;
  const char *line;
} Refusal;

static void
json_validation__refuses_other_bodies(void **state)
{
  static const Refusal refusals[] = {
    {"\"\\\n\r\t\x01\x7f", "body is not a valid json: \"\\\"\\\\\\n\\r\\t\\x01\\x7f\""},
    {VALID ",", "body is not a valid json: \"{\\\"id\\\": \\\"abc123\\\", \\\"token\\\": "
                "\\\"xyz456\\\"},\""},
    {"{\"token\": 1}", "required key (id) is missing: {\"token\": 1}"},
    {"{\"id\": {\"token\": 1}}", "required key (token) is missing: {\"id\": {\"token\": 1}}"},
    {"[\"id\", \"token\"]", "required key (id) is missing: [\"id\", \"token\"]"},
    {"17", "required key (id) is missing: 17"},
  };
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, CONFIGURATION);

  (void)state;
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    PwasmHostHttp *http = open_with_type(plugin, "application/json", false);

    pwasm_host_http_send_request_body(http, pwasm_str_from_cstr(refusals[i].body), true);
    PWASM_EXPECT_REPLY(http, 403);
    PWASM_EXPECT_REPLY_BODY(http, "invalid payload");
    PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, refusals[i].line);
    PWASM_EXPECT_REQUEST_BODY(http, "");
  }
  pwasm_host_free(host);
}

static void
json_validation__refuses_an_empty_body(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "there is no callback for a body that is empty");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "there is no callback for a body that is empty");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_with_type(start(host, CONFIGURATION), "application/json", false);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "body is not a valid json: \"\"");
  pwasm_host_free(host);
}

static void
json_validation__trailers_do_not_lead_around_it(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = start(host, CONFIGURATION);
  PwasmHostHttp *http = open_with_type(plugin, "application/json", false);

  (void)state;
  pwasm_host_http_send_request_body(http, PWASM_STR("no JSON"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_REQUEST_BODY(http, "");
  http = open_with_type(plugin, "application/json", false);
  pwasm_host_http_send_request_body(http, PWASM_STR(VALID), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("a", "b"));
  PWASM_EXPECT_REQUEST_BODY(http, VALID);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_free(host);
}

static void
json_validation__passes_what_has_no_body(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_with_type(start(host, CONFIGURATION), "application/json", true);

  (void)state;
  PWASM_EXPECT_NO_REPLY(http);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_free(host);
}

static void
json_validation__refuses_what_it_cannot_read(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = open_with_type(start(host, NULL), "application/json", false);

  (void)state;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  pwasm_host_http_send_request_body(http, PWASM_STR(VALID), true);
  PWASM_EXPECT_REPLY(http, 403);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "failed to get request body: not found");
  pwasm_host_free(host);
}

static void
json_validation__needs_no_keys(void **state)
{
  static const char *const configurations[] = {"", "{}", "[]", "{\"requiredKeys\": []}"};

  (void)state;
  for (size_t i = 0; i < sizeof configurations / sizeof configurations[0]; i++) {
    PwasmHost *host = pwasm_host_new(NULL);
    PwasmHostHttp *http = open_with_type(start(host, configurations[i]), "application/json", false);

    pwasm_host_http_send_request_body(http, PWASM_STR("17"), true);
    PWASM_EXPECT_REQUEST_COMPLETE(http);
    pwasm_host_free(host);
  }
}

static void
json_validation__refuses_wrong_configurations(void **state)
{
  static const Refusal refusals[] = {
    {"{'a'}", "the plugin configuration is not a valid json: \"{'a'}\""},
    {"\n", "the plugin configuration is not a valid json: \"\\n\""},
    {"{\"requiredKeys\": \"id\"}", "requiredKeys is no array"},
    {"{\"requiredKeys\": [\"id\", 1]}", "a required key is no string"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    PwasmHost *host = pwasm_host_new(NULL);

    PWASM_EXPECT_PLUGIN_STATE(start(host, refusals[i].body), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
    PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "error parsing plugin configuration: ");
    PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, refusals[i].line);
    pwasm_host_free(host);
  }
}

static void
scenario(PwasmHost *host, void *data)
{
  static const char *const bodies[] = {VALID, "{\"id\": 1}", "not JSON"};
  PwasmHostPlugin *plugin = start(host, CONFIGURATION);

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    PwasmHostHttp *http = open_with_type(plugin, "application/json", false);

    pwasm_host_http_send_request_body(http, PWASM_STR(" "), false);
    pwasm_host_http_send_request_body(http, pwasm_str_from_cstr(bodies[i]), true);
  }
  open_with_type(plugin, "text/html", true);
}

static void
json_validation__bears_any_failure(void **state)
{
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "there is no other way to refuse: closing a stream traps");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(json_validation__wants_a_content_type),
    cmocka_unit_test(json_validation__lets_valid_bodies_pass),
    cmocka_unit_test(json_validation__refuses_other_bodies),
    cmocka_unit_test(json_validation__refuses_an_empty_body),
    cmocka_unit_test(json_validation__trailers_do_not_lead_around_it),
    cmocka_unit_test(json_validation__passes_what_has_no_body),
    cmocka_unit_test(json_validation__refuses_what_it_cannot_read),
    cmocka_unit_test(json_validation__needs_no_keys),
    cmocka_unit_test(json_validation__refuses_wrong_configurations),
    cmocka_unit_test(json_validation__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
