#include "../script.h"

static const PwasmLogLevel levels[] = {PWASM_LOG_TRACE, PWASM_LOG_DEBUG, PWASM_LOG_INFO,
                                       PWASM_LOG_WARN,  PWASM_LOG_ERROR, PWASM_LOG_CRITICAL};

static void
log_all(void)
{
  for (size_t i = 0; i < 6; i++)
    pwasm_log(levels[i], PWASM_STR("message"));
  pwasm_log(PWASM_LOG_OFF, PWASM_STR("never"));
  pwasm_log((PwasmLogLevel)7, PWASM_STR("never"));
}

static void
log__hands_each_level_over(void **state)
{
  PwasmHostHttp *http = act_in_request(log_all);

  (void)state;
  assert_int_equal(pwasm_host_log_count(host), 6);
  for (size_t i = 0; i < 6; i++) {
    assert_int_equal(pwasm_host_log_line(host, i)->level, levels[i]);
    assert_str(pwasm_host_log_line(host, i)->message, "message");
    assert_int_equal(pwasm_host_log_line(host, i)->context_id, pwasm_host_http_id(http));
  }
}

static void
log_above_each_level(void)
{
  for (PwasmLogLevel own = PWASM_LOG_TRACE; own <= PWASM_LOG_OFF; own++) {
    pwasm_log_set_level(own);
    for (size_t i = 0; i < 6; i++)
      assert_int_equal(pwasm_log_is_enabled(levels[i]), levels[i] >= own);
    assert_false(pwasm_log_is_enabled(PWASM_LOG_OFF));
    log_all();
  }
  /* What is no level is OFF. */
  pwasm_log_set_level((PwasmLogLevel)99);
  assert_false(pwasm_log_is_enabled(PWASM_LOG_CRITICAL));
  pwasm_log_set_level((PwasmLogLevel)256);
  assert_false(pwasm_log_is_enabled(PWASM_LOG_CRITICAL));
}

static void
log__drops_what_is_below_its_own_level(void **state)
{
  (void)state;
  act_in_request(log_above_each_level);
  assert_int_equal(pwasm_host_log_count(host), 6 + 5 + 4 + 3 + 2 + 1);
  PWASM_EXPECT_CALLS(host, "proxy_log", 21);
}

static void
log_odd_messages(void)
{
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("a\0b\r\nc\xff"));
  pwasm_log(PWASM_LOG_INFO, PWASM_STR(""));
  pwasm_log(PWASM_LOG_INFO, pwasm_str(NULL, 0));
}

static void
log__messages_are_bytes(void **state)
{
  (void)state;
  act_in_request(log_odd_messages);
  assert_int_equal(pwasm_host_log_count(host), 3);
  assert_true(pwasm_str_equal(pwasm_host_log_line(host, 0)->message, PWASM_STR("a\0b\r\nc\xff")));
  assert_int_equal(pwasm_host_log_line(host, 1)->message.len, 0);
  assert_int_equal(pwasm_host_log_line(host, 2)->message.len, 0);
}

static int num_evaluations;

static int
count_evaluation(void)
{
  return ++num_evaluations;
}

static void
log_lazily(void)
{
  num_evaluations = 0;
  pwasm_log_set_level(PWASM_LOG_WARN);
  PWASM_LOG(PWASM_LOG_INFO, "%d", count_evaluation());
  assert_int_equal(num_evaluations, 0);
  PWASM_LOG(PWASM_LOG_WARN, "%d", count_evaluation());
  assert_int_equal(num_evaluations, 1);
}

static void
log__does_not_evaluate_what_is_not_logged(void **state)
{
  (void)state;
  act_in_request(log_lazily);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "1");
  assert_int_equal(pwasm_host_log_count(host), 1);
}

static void
ask_for_level(void)
{
  PwasmLogLevel level = PWASM_LOG_ERROR;

  assert_status(pwasm_log_get_host_level(&level), UNIMPLEMENTED);
  assert_int_equal(level, PWASM_LOG_ERROR);
  assert_ok(pwasm_log_get_host_level(&level));
  assert_int_equal(level, PWASM_LOG_WARN);
}

static void
log__asks_the_host_for_its_level(void **state)
{
  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.log_level = PWASM_LOG_WARN});
  pwasm_host_fail(host, "proxy_get_log_level", 1, PWASM_STATUS_UNIMPLEMENTED);
  act_in_request(ask_for_level);
}

static void
log__bears_a_host_that_refuses(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_log", 0, PWASM_STATUS_BAD_ARGUMENT);
  act_in_request(log_all);
  assert_int_equal(pwasm_host_log_count(host), 0);
  PWASM_EXPECT_CALLS(host, "proxy_log", 6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(log__hands_each_level_over),
    SCRIPT_TEST(log__drops_what_is_below_its_own_level),
    SCRIPT_TEST(log__messages_are_bytes),
    SCRIPT_TEST(log__does_not_evaluate_what_is_not_logged),
    SCRIPT_TEST(log__asks_the_host_for_its_level),
    SCRIPT_TEST(log__bears_a_host_that_refuses),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
