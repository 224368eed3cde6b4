#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pwasm/testhost.h>

#define SECOND_NS 1000000000u

static void
postpone_requests__wait_for_the_tick(void **state)
{
  //! [needs]
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "on_tick can not resume a request: nobody can name another context");
  //! [needs]
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *first = pwasm_host_http_get(plugin, "/1");
  PwasmHostHttp *second = pwasm_host_http_get(plugin, "/2");

  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "postpone request with contextID=2");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "postpone request with contextID=3");
  PWASM_EXPECT_NO_REQUEST(first);
  pwasm_host_advance(host, SECOND_NS);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "resume request with contextID=2");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "resume request with contextID=3");
  PWASM_EXPECT_REQUEST_COMPLETE(first);
  PWASM_EXPECT_REQUEST_COMPLETE(second);
  pwasm_host_log_clear(host);
  pwasm_host_advance(host, SECOND_NS);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "resume");
  pwasm_host_free(host);
}

/* In Envoy with `allow_on_headers_stop_iteration` the body comes before the tick. */
static void
postpone_requests__wait_with_their_bodies(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "on_tick can not resume a request: nobody can name another context");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

  (void)state;
  pwasm_host_http_send_request_headers(http, PWASM_HOST_HEADERS(":method", "POST", ":path", "/"),
                                       false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  PWASM_EXPECT_NO_REQUEST(http);
  pwasm_host_advance(host, SECOND_NS);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_REQUEST_BODY(http, "body");
  pwasm_host_free(host);
}

/* Ends the nth of three waiting requests, and another one comes. */
static void
leave(size_t nth)
{
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *https[4];

  for (size_t i = 0; i < 3; i++)
    https[i] = pwasm_host_http_get(plugin, "/");
  pwasm_host_http_abort(https[nth]);
  https[3] = pwasm_host_http_get(plugin, "/");
  pwasm_host_advance(host, SECOND_NS);
  for (size_t i = 0; i < 4; i++) {
    if (i == nth)
      PWASM_EXPECT_NO_REQUEST(https[i]);
    else
      PWASM_EXPECT_REQUEST_COMPLETE(https[i]);
  }
  pwasm_host_free(host);
}

static void
postpone_requests__may_end_while_they_wait(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "on_tick can not resume a request: nobody can name another context");
  (void)state;
  leave(0);
  leave(1);
  leave(2);
}

static void
postpone_requests__refuses_to_run_without_a_timer(void **state)
{
  PwasmHost *host = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_fail(host, "proxy_set_tick_period_milliseconds", 1, PWASM_STATUS_UNIMPLEMENTED);
  PWASM_EXPECT_PLUGIN_STATE(pwasm_host_plugin_start(host, NULL),
                            PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  pwasm_host_free(host);
}

static void
postpone_requests__may_begin_twice(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "on_tick can not resume a request: nobody can name another context");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_request_headers",
                  pwasm_host_http_id(http), 1, 1);
  pwasm_host_advance(host, SECOND_NS);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 1);
  pwasm_host_free(host);
}

static void
delete_first(PwasmHost *host, void *plugin)
{
  (void)host;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_delete", 2, 0, 0);
}

static void
postpone_requests__may_end_while_they_are_resumed(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "on_tick can not resume a request: nobody can name another context");
  PwasmHost *host = pwasm_host_new(NULL);
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_hook(host, "proxy_continue_stream", delete_first, plugin);
  pwasm_host_fail(host, "proxy_continue_stream", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_advance(host, SECOND_NS);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "failed to resume request with contextID=2");
  PWASM_EXPECT_NO_REPLY(http);
  pwasm_host_free(host);
}

static void
scenario(PwasmHost *host, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_get(plugin, "/1");
  pwasm_host_http_abort(pwasm_host_http_get(plugin, "/2"));
  pwasm_host_http_get(plugin, "/3");
  pwasm_host_advance(host, 2 * (uint64_t)SECOND_NS);
}

static void
postpone_requests__bears_any_failure(void **state)
{
  PWASM_HOST_NEEDS("proxy_on_tick");
  PWASM_HOST_SKIP_IN(PWASM_HOST_PROFILE_NGX_WASM_MODULE,
                     "on_tick can not resume a request: nobody can name another context");
  (void)state;
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(postpone_requests__wait_for_the_tick),
    cmocka_unit_test(postpone_requests__wait_with_their_bodies),
    cmocka_unit_test(postpone_requests__may_end_while_they_wait),
    cmocka_unit_test(postpone_requests__may_begin_twice),
    cmocka_unit_test(postpone_requests__may_end_while_they_are_resumed),
    cmocka_unit_test(postpone_requests__refuses_to_run_without_a_timer),
    cmocka_unit_test(postpone_requests__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
