#ifndef PWASM_TESTS_GUARDED_H
#define PWASM_TESTS_GUARDED_H

/* What tests of guard share. They see what the host sees and nothing else, so that they run with the
 * module as well as natively. */

#include "../unit.h"

static PwasmHostPlugin *plugin;

static inline PwasmHostPlugin *
start_named(const char *name)
{
  PwasmHostPlugin *started = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str_from_cstr(name)});

  PWASM_EXPECT_PLUGIN_STATE(started, PWASM_HOST_PLUGIN_RUNNING);
  return started;
}

static inline int
setup(void **state)
{
  unit_setup(state);
  plugin = start_named("one");
  return 0;
}

/* A host in which what the plugin asks for happens inside the hostcall. */
static inline int
setup_at_once(void **state)
{
  (void)state;
  host = pwasm_host_new(&(PwasmHostOptions){.acts_at_once = true, .keep_trace = true});
  plugin = start_named("one");
  return 0;
}

/* A plugin whose body callbacks come although its headers' callback paused. */
static inline int
setup_stop_iteration(void **state)
{
  unit_setup(state);
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("one"),
                                    .allow_on_headers_stop_iteration = true});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  return 0;
}

#define GUARD_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)
#define GUARD_TEST_AT_ONCE(function)                                                               \
  cmocka_unit_test_setup_teardown(function, setup_at_once, unit_teardown)
#define GUARD_TEST_STOP_ITERATION(function)                                                        \
  cmocka_unit_test_setup_teardown(function, setup_stop_iteration, unit_teardown)

/* A stream whose request the plugin treats as the words say; a body follows, or not. */
static inline PwasmHostHttp *
request_in(PwasmHostPlugin *in, const char *words, bool has_body)
{
  PwasmHostHttp *http = pwasm_host_http_open(in);

  pwasm_host_http_send_request_headers(http,
                                       PWASM_HOST_HEADERS(":method", "POST", ":path", "/path",
                                                          ":authority", "example.com", "x-guard",
                                                          words),
                                       !has_body);
  return http;
}

static inline PwasmHostHttp *
request(const char *words)
{
  return request_in(plugin, words, false);
}

static inline PwasmHostHttp *
post(const char *words)
{
  return request_in(plugin, words, true);
}

static inline void
answer_on(PwasmHostHttpCall *call, const char *status, uint32_t context_id)
{
  pwasm_host_http_call_answer(
    call, &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", status),
                                 .context_id = context_id});
}

/* The oldest call is answered on the plugin's context, as Envoy does. */
static inline void
answer(const char *status)
{
  answer_on(pwasm_host_http_call(host, 0), status, 0);
}

/* All is well: another request is asked about, and goes through. */
static inline void
expect_sound(void)
{
  size_t num_calls = pwasm_host_http_call_count(host);
  PwasmHostHttp *http = request("ask");

  PWASM_EXPECT_NO_REQUEST(http);
  answer_on(pwasm_host_http_call(host, num_calls), "200", 0);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  PWASM_EXPECT_RESPONSE_COMPLETE(http);
  pwasm_host_http_end(http);
}

/* How many lines of the log contain a text. */
static inline size_t
count_log(const char *text)
{
  size_t count = 0;

  for (size_t i = 0; i < pwasm_host_log_count(host); i++)
    count += strstr(pwasm_host_log_line(host, i)->message.data, text) != NULL;
  return count;
}

#endif
