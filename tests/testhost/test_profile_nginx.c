#include "../failures.h"

/* What the hosts for nginx have in common, and what is APISIX's alone. */

static void
make_host(PwasmHostProfile profile)
{
  make_noting_host((PwasmHostOptions){.profile = profile, .keep_trace = true});
}

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  host = NULL;
  make_host(PWASM_HOST_PROFILE_NGX_WASM_MODULE);
  return 0;
}

static void
send_post(PwasmHostHttp *http)
{
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("a"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("b"), false);
  pwasm_host_http_send_request_trailers(http, PWASM_HOST_HEADERS("x-t", "u"));
}

static void
profile__nginx_reports_a_request_whole(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  http = pwasm_host_http_open(start_plugin());
  send_post(http);
  PWASM_EXPECT_REQUEST_BODY(http, "ab");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_request_headers(1, 2, 0)\n"));
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_request_body(1, 2, 1)\n"));
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 1);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_trailers", 0);
  make_host(PWASM_HOST_PROFILE_APISIX);
  http = pwasm_host_http_open(start_plugin());
  send_post(http);
  assert_non_null(strstr(pwasm_host_trace(host), "> proxy_on_request_headers(2, 0, 1)\n"));
  /* No callback for no body. */
  http = pwasm_host_http_open(start_plugin());
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 1);
  assert_int_equal(num_failures, 0);
}

static PwasmStr property;

static void
get_duration(void)
{
  char *bytes;
  uint32_t size;

  assert_ok(proxy_get_property("request\0size", 12, &bytes, &size));
  assert_int_equal(size, 1);
  assert_memory_equal(bytes, "0", 1);
  assert_ok(proxy_get_property("number", 6, &bytes, &size));
  property = pwasm_str(bytes, size);
  assert_true(pwasm_str_equal(property, PWASM_STR("-7")));
  assert_ok(proxy_get_property("truth", 5, &bytes, &size));
  assert_true(pwasm_str_equal(pwasm_str(bytes, size), PWASM_STR("true")));
  assert_ok(proxy_get_property("lie", 3, &bytes, &size));
  assert_true(pwasm_str_equal(pwasm_str(bytes, size), PWASM_STR("false")));
  assert_ok(proxy_get_property("part", 4, &bytes, &size));
  assert_true(pwasm_str_equal(pwasm_str(bytes, size), PWASM_STR("0.5")));
  assert_status(proxy_set_property("request\0path", 12, "a", 1), INTERNAL_FAILURE);
  assert_status(proxy_set_property("unknown", 7, "a", 1), NOT_FOUND);
  assert_ok(proxy_set_property("number", 6, "8", 1));
  assert_ok(proxy_get_property("number", 6, &bytes, &size));
  assert_true(pwasm_str_equal(pwasm_str(bytes, size), PWASM_STR("8")));
}

static void
profile__nginx_has_properties_as_text(void **state)
{
  (void)state;
  pwasm_host_property_set(host, PWASM_STR("number"), PWASM_HOST_INT64(-7));
  pwasm_host_property_set(host, PWASM_STR("truth"), PWASM_HOST_BOOL(true));
  pwasm_host_property_set(host, PWASM_STR("lie"), PWASM_HOST_BOOL(false));
  pwasm_host_property_set(host, PWASM_STR("part"), PWASM_HOST_DOUBLE(0.5));
  act_in_request(get_duration);
  assert_int_equal(num_failures, 0);
}

static PwasmHttpContext *asking;

static void
add_header_of_request(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  assert_ok(proxy_add_header_map_value(PWASM_MAP_HTTP_REQUEST_HEADERS, "x-asked", 7, "yes", 3));
  pwasm_ignore(pwasm_http_context_resume_request(asking));
}

static PwasmAction
ask(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  asking = ctx;
  assert_ok(pwasm_http_call(&ctx->base,
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("127.0.0.1:80"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a")},
                            add_header_of_request, NULL));
  return PWASM_ACTION_PAUSE;
}

static void
profile__nginx_answers_calls_for_the_request(void **state)
{
  static const PwasmHostProfile profiles[] = {PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                                              PWASM_HOST_PROFILE_APISIX};

  (void)state;
  script.on_request_headers = ask;
  for (size_t i = 0; i < 2; i++) {
    PwasmHostHttp *http;

    make_host(profiles[i]);
    http = pwasm_host_http_get(start_plugin(), "/");
    assert_int_equal(pwasm_host_http_call(host, 0)->id, i == 0 ? 0 : 4);
    PWASM_EXPECT_NO_REQUEST(http);
    pwasm_host_http_call_answer(pwasm_host_http_call(host, 0),
                                &(PwasmHostHttpAnswer){.headers = STATUS_200});
    PWASM_EXPECT_REQUEST_HEADER(http, "x-asked", "yes");
    assert_int_equal(num_failures, 0);
  }
}

static void
profile__apisix_holds_back_nothing_else(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_host(PWASM_HOST_PROFILE_APISIX);
  script.on_request_headers = pause_on_headers;
  http = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  script.on_response_headers = pause_on_headers;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  assert_int_equal(num_failures, 0);
}

static void
use_apisix(void)
{
  char *bytes;
  uint32_t size;
  uint64_t time;

  assert_status(proxy_get_current_time_nanoseconds(&time), UNIMPLEMENTED);
  assert_status(proxy_get_shared_data("k", 1, &bytes, &size, &(uint32_t){0}), UNIMPLEMENTED);
  assert_status(proxy_set_buffer_bytes(0, 0, 0, "a", 1), UNIMPLEMENTED);
  assert_status(proxy_get_buffer_bytes(PWASM_BUFFER_VM_CONFIGURATION, 0, 9, &bytes, &size),
                UNIMPLEMENTED);
  assert_status(proxy_get_header_map_value(PWASM_MAP_HTTP_REQUEST_TRAILERS, "a", 1, &bytes, &size),
                UNIMPLEMENTED);
  assert_ok(proxy_define_metric(0, "c", 1, &(uint32_t){0}));
  assert_ok(proxy_continue_stream(0));
  assert_status(proxy_get_property("plugin_name", 11, &bytes, &size), NOT_FOUND);
  assert_ok(proxy_get_property("plugin_root_id", 14, &bytes, &size));
  assert_int_equal(num_failures, 0);
  assert_status(proxy_get_metric(4, &time), INTERNAL_FAILURE);
  expect_failure("does not load", "proxy_get_metric()");
}

static void
fail_to_tell_time(void)
{
  pwasm_host_fail(host, "proxy_get_current_time_nanoseconds", 1, PWASM_STATUS_INTERNAL_FAILURE);
  assert_status(proxy_get_current_time_nanoseconds(&(uint64_t){0}), INTERNAL_FAILURE);
}

static void
profile__apisix_has_statuses_of_its_own(void **state)
{
  (void)state;
  make_host(PWASM_HOST_PROFILE_APISIX);
  act_in_request(use_apisix);
  PWASM_EXPECT_CALLS(host, "proxy_on_vm_start", 0);
  /* What the test orders counts. */
  act_in_request(fail_to_tell_time);
}

#define PROFILE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    PROFILE_TEST(profile__nginx_reports_a_request_whole),
    PROFILE_TEST(profile__nginx_has_properties_as_text),
    PROFILE_TEST(profile__nginx_answers_calls_for_the_request),
    PROFILE_TEST(profile__apisix_holds_back_nothing_else),
    PROFILE_TEST(profile__apisix_has_statuses_of_its_own),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
