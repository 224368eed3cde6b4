#include <stdlib.h>

#include "../failures.h"

/* Which host the test host is like. */

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

static int
teardown(void **state)
{
  unsetenv("PWASM_HOST_PROFILE");
  return failures_teardown(state);
}

static void
profile__comes_from_the_options_or_the_environment(void **state)
{
  (void)state;
  assert_int_equal(pwasm_host_profile(host), PWASM_HOST_PROFILE_NGX_WASM_MODULE);
  assert_int_equal(setenv("PWASM_HOST_PROFILE", "apisix", 1), 0);
  make_host(PWASM_HOST_PROFILE_DEFAULT);
  assert_int_equal(pwasm_host_profile(host), PWASM_HOST_PROFILE_APISIX);
  assert_string_equal(pwasm_host_profile_name(PWASM_HOST_PROFILE_DEFAULT), "apisix");
  make_host(PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION);
  assert_int_equal(pwasm_host_profile(host), PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION);
  assert_int_equal(setenv("PWASM_HOST_PROFILE", "", 1), 0);
  make_host(PWASM_HOST_PROFILE_DEFAULT);
  assert_int_equal(pwasm_host_profile(host), PWASM_HOST_PROFILE_ENVOY);
  assert_int_equal(unsetenv("PWASM_HOST_PROFILE"), 0);
  make_host(PWASM_HOST_PROFILE_DEFAULT);
  assert_int_equal(pwasm_host_profile(host), PWASM_HOST_PROFILE_ENVOY);
}

static void
profile__knows_what_a_host_has(void **state)
{
  (void)state;
  assert_true(pwasm_host_profile_has(PWASM_HOST_PROFILE_ENVOY, "proxy_done"));
  assert_false(pwasm_host_profile_has(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "proxy_done"));
  assert_true(pwasm_host_profile_has(PWASM_HOST_PROFILE_NGX_WASM_MODULE, "proxy_on_tick"));
  assert_false(pwasm_host_profile_has(PWASM_HOST_PROFILE_APISIX, "proxy_on_tick"));
  assert_false(pwasm_host_profile_has(PWASM_HOST_PROFILE_APISIX, "proxy_get_log_level"));
  assert_false(pwasm_host_profile_has(PWASM_HOST_PROFILE_APISIX, "proxy_continue_stream"));
}

static void
profile__stop_iteration_reports_the_body_while_headers_are_held_back(void **state)
{
  static const struct {
    PwasmHostProfile profile;
    size_t num_calls;
  } cases[] = {{PWASM_HOST_PROFILE_ENVOY, 0}, {PWASM_HOST_PROFILE_ENVOY_STOP_ITERATION, 1}};

  (void)state;
  script.on_request_headers = pause_on_headers;
  for (size_t i = 0; i < 2; i++) {
    PwasmHostHttp *http;

    make_host(cases[i].profile);
    http = pwasm_host_http_open(start_plugin());
    pwasm_host_http_send_request_headers(http, GET, false);
    pwasm_host_http_send_request_body(http, PWASM_STR("a"), true);
    PWASM_EXPECT_CALLS(host, "proxy_on_request_body", cases[i].num_calls);
  }
  assert_int_equal(num_failures, 0);
}

static void
profile__a_test_may_be_skipped(void **state)
{
  (void)state;
  assert_int_equal(setenv("PWASM_HOST_PROFILE", "apisix", 1), 0);
  PWASM_HOST_NEEDS("proxy_on_tick");
  fail();
}

static void
profile__a_test_may_be_skipped_in_one(void **state)
{
  (void)state;
  assert_int_equal(setenv("PWASM_HOST_PROFILE", "apisix", 1), 0);
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "this is APISIX");
  fail();
}

/* A test that is skipped does not fail, so its teardown has to. */
static bool has_run;

static void
profile__a_test_is_run_where_it_can_be(void **state)
{
  (void)state;
  has_run = false;
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_APISIX, "this is Envoy");
  has_run = true;
}

static int
teardown_of_what_has_run(void **state)
{
  int result = failures_teardown(state);

  return has_run ? result : -1;
}

#define PROFILE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    PROFILE_TEST(profile__comes_from_the_options_or_the_environment),
    PROFILE_TEST(profile__knows_what_a_host_has),
    PROFILE_TEST(profile__stop_iteration_reports_the_body_while_headers_are_held_back),
    PROFILE_TEST(profile__a_test_may_be_skipped),
    PROFILE_TEST(profile__a_test_may_be_skipped_in_one),
    cmocka_unit_test_setup_teardown(profile__a_test_is_run_where_it_can_be, setup,
                                    teardown_of_what_has_run),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
