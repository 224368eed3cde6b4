#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

static PwasmHostPlugin *
start(PwasmHost *host)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("http_request_headers")});
}

static void
receiver__logs_what_arrives(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_queue_ready");
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(start(host), PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "queue \"http_request_headers\" registered as queueID=1 by contextID=1");
  pwasm_host_shared_queue_enqueue(host, "", "http_request_headers", PWASM_STR("one"));
  pwasm_host_shared_queue_enqueue(host, "", "http_request_headers", PWASM_STR("two"));
  assert_int_equal(pwasm_host_shared_queue_notify(host), 2);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "(contextID=1) dequeued data from http_request_headers(queueID=1): one");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO,
                   "(contextID=1) dequeued data from http_request_headers(queueID=1): two");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_CRITICAL, "");
  pwasm_host_free(host);
}

static void
receiver__logs_what_fails(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_queue_ready");
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  start(host);
  pwasm_host_shared_queue_enqueue(host, "", "http_request_headers", PWASM_STR("one"));
  pwasm_host_fail(host, "proxy_dequeue_shared_queue", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_shared_queue_notify(host);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "error retrieving data from queue 1: internal");
  pwasm_host_free(host);
}

static void
receiver__needs_its_queue(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  PWASM_EXPECT_PLUGIN_STATE(pwasm_host_plugin_start(host, NULL),
                            PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  pwasm_host_fail(host, "proxy_register_shared_queue", 1, PWASM_STATUS_UNIMPLEMENTED);
  PWASM_EXPECT_PLUGIN_STATE(start(host), PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "error registering queue: not implemented");
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = start(host);

  (void)data;
  /* It may have read another name. */
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING ||
      pwasm_host_log_find(host, PWASM_LOG_INFO, "queue \"http_request_headers\"") == NULL)
    return;
  pwasm_host_shared_queue_enqueue(host, "", "http_request_headers", PWASM_STR("one"));
  pwasm_host_shared_queue_enqueue(host, "", "http_request_headers", PWASM_STR("two"));
  pwasm_host_shared_queue_notify(host);
}

static void
receiver__bears_any_failure(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_queue_ready");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(receiver__logs_what_arrives),
    cmocka_unit_test(receiver__logs_what_fails),
    cmocka_unit_test(receiver__needs_its_queue),
    cmocka_unit_test(receiver__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
