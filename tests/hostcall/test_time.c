#include "../script.h"

static uint64_t seen_ns;
static PwasmStatus seen_status;

static PwasmAction
read_time(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  seen_status = pwasm_time_get(&seen_ns);
  return PWASM_ACTION_CONTINUE;
}

static void
time__is_the_hosts(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = read_time;
  pwasm_host_http_get(plugin, "/");
  assert_ok(seen_status);
  assert_true(seen_ns == PWASM_HOST_START_TIME_NS);
  pwasm_host_time_advance(host, 1500000000);
  pwasm_host_http_get(plugin, "/");
  assert_true(seen_ns == PWASM_HOST_START_TIME_NS + 1500000000);
  pwasm_host_time_set(host, UINT64_MAX);
  pwasm_host_http_get(plugin, "/");
  assert_true(seen_ns == UINT64_MAX);
}

static void
time__may_be_unknown(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = read_time;
  seen_ns = 42;
  pwasm_host_fail(host, "proxy_get_current_time_nanoseconds", 1, PWASM_STATUS_UNIMPLEMENTED);
  pwasm_host_http_get(plugin, "/");
  assert_int_equal(seen_status, PWASM_STATUS_UNIMPLEMENTED);
  assert_true(seen_ns == 42);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(time__is_the_hosts),
    SCRIPT_TEST(time__may_be_unknown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
