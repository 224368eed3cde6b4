#include "../failures.h"

/* What APISIX does and no other host. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_APISIX});
}

static void
get_from_maps(void)
{
  assert_status(get_value(PWASM_MAP_HTTP_REQUEST_HEADERS), NOT_FOUND);
  assert_status(get_value(PWASM_MAP_HTTP_RESPONSE_HEADERS), BAD_ARGUMENT);
  assert_status(get_value(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS), BAD_ARGUMENT);
  assert_status(get_value(PWASM_MAP_HTTP_CALL_RESPONSE_TRAILERS), UNIMPLEMENTED);
  assert_status(get_value(PWASM_MAP_HTTP_RESPONSE_TRAILERS), UNIMPLEMENTED);
}

static bool
get_on_configure(PwasmPluginContext *ctx, size_t size)
{
  (void)ctx;
  (void)size;
  assert_status(get_value(PWASM_MAP_HTTP_REQUEST_HEADERS), BAD_ARGUMENT);
  /* For nobody. */
  assert_ok(proxy_send_local_response(200, "", 0, "", 0, "", 0, -1));
  return true;
}

static void
profile__apisix_has_three_maps(void **state)
{
  (void)state;
  act_in_request(get_from_maps);
  script.on_configure = get_on_configure;
  start_plugin();
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 1);
  assert_int_equal(num_failures, 0);
}

static void
profile__apisix_takes_no_reply_to_a_response(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_APISIX, .strict = true});
  http = pwasm_host_http_get(start_plugin(), "/");
  act = reply_no;
  script.on_response_headers = act_on_headers;
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  expect_failure("apisix takes replies to requests only", "proxy_send_local_response(403");
  PWASM_EXPECT_NO_REPLY(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "200");
  script.on_response_headers = NULL;
  PWASM_EXPECT_REPLY(act_in_request(reply_no), 403);
  assert_int_equal(num_failures, 0);
}

static void
reply_and_close(void)
{
  reply_no();
  pwasm_ignore((PwasmStatus)proxy_close_stream(0));
}

static void
resume_response(void)
{
  pwasm_ignore((PwasmStatus)proxy_continue_stream(1));
}

/* What makes Envoy crash is nothing to APISIX. */
static void
profile__apisix_bears_what_comes_too_early(void **state)
{
  (void)state;
  act_in_request(reply_and_close);
  act_in_request(resume_response);
  assert_int_equal(num_failures, 0);
}

static bool
not_done(PwasmContext *ctx)
{
  (void)ctx;
  return false;
}

static void
profile__apisix_waits_for_no_plugin(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_plugin_done = not_done;
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
}

static void
profile__apisix_answers_for_an_upstream_that_is_gone(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  pwasm_host_http_reset_upstream(http);
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "502");
}

static int num_ok;
static int num_failed;

static void
count_result(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)data;
  num_ok += result->outcome == PWASM_CALL_ANSWERED;
  num_failed += result->outcome != PWASM_CALL_ANSWERED;
}

static void
call(PwasmHttpContext *ctx)
{
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx),
                            &(PwasmHttpCallOptions){.upstream = PWASM_STR("a"),
                                                    .method = PWASM_STR("GET"),
                                                    .path = PWASM_STR("/"),
                                                    .authority = PWASM_STR("a"),
                                                    .timeout_ms = 1},
                            count_result, NULL));
}

static void
call_twice(PwasmHttpContext *ctx)
{
  call(ctx);
  call(ctx);
}

static void
profile__apisix_holds_a_request_back_until_its_last_answer(void **state)
{
  PwasmHostHttp *http;
  PwasmHostHttp *other;

  (void)state;
  num_ok = num_failed = 0;
  http = run_in_request(call_twice);
  script.on_request_headers = NULL;
  /* Others do not wait for its calls, even if they have its id in their VM. */
  other = pwasm_host_http_get(start_plugin(), "/");
  PWASM_EXPECT_REQUEST_COMPLETE(other);
  other = pwasm_host_http_get(
    pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(host, NULL)}),
    "/");
  assert_int_equal(pwasm_host_http_id(other), pwasm_host_http_id(http));
  PWASM_EXPECT_REQUEST_COMPLETE(other);
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 1),
                              &(PwasmHostHttpAnswer){.headers = STATUS_200});
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  pwasm_host_advance(host, 1000000);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  assert_int_equal(num_ok, 1);
  assert_int_equal(num_failed, 1);
  assert_int_equal(num_failures, 0);
}

#define APISIX_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    APISIX_TEST(profile__apisix_has_three_maps),
    APISIX_TEST(profile__apisix_takes_no_reply_to_a_response),
    APISIX_TEST(profile__apisix_bears_what_comes_too_early),
    APISIX_TEST(profile__apisix_waits_for_no_plugin),
    APISIX_TEST(profile__apisix_answers_for_an_upstream_that_is_gone),
    APISIX_TEST(profile__apisix_holds_a_request_back_until_its_last_answer),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
