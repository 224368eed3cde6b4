#include "../script.h"

/* A plugin that asks another service about each request. What it does when something goes wrong is
 * up to the test. */

static bool forgets_to_resume;
static bool forgets_its_reference;

static void
go_on(PwasmHttpContext *ctx)
{
  const PwasmHttpReply unavailable = {.status_code = 503};

  if (pwasm_http_context_resume_request(ctx) != PWASM_STATUS_OK)
    pwasm_ignore(pwasm_http_context_reply(ctx, &unavailable));
}

static void
on_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  PwasmStr body;

  (void)data;
  if (result->outcome == PWASM_CALL_CANCELLED)
    return;
  if (pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, result->body_size, &body) !=
        PWASM_STATUS_OK &&
      forgets_to_resume)
    return;
  go_on(PWASM_SELF(PwasmHttpContext, owner));
}

static PwasmAction
ask(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  (void)num_headers;
  (void)end_of_stream;
  pwasm_context_ref(PWASM_CONTEXT(ctx));
  if (pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path) !=
      PWASM_STATUS_OK) {
    if (!forgets_its_reference)
      pwasm_context_unref(PWASM_CONTEXT(ctx));
    return PWASM_ACTION_CONTINUE;
  }
  pwasm_context_unref(PWASM_CONTEXT(ctx));
  return pwasm_http_call(PWASM_CONTEXT(ctx),
                         &(PwasmHttpCallOptions){.upstream = PWASM_STR("service"),
                                                 .method = PWASM_STR("GET"),
                                                 .path = path,
                                                 .authority = PWASM_STR("service")},
                         on_answer, NULL) == PWASM_STATUS_OK
           ? PWASM_ACTION_PAUSE
           : PWASM_ACTION_CONTINUE;
}

static size_t num_scenarios;

static void
scenario(PwasmHost *in, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(in, NULL);

  (void)data;
  num_scenarios++;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_get(plugin, "/");
  if (pwasm_host_http_call_count(in) > 0)
    pwasm_host_http_call_answer(
      pwasm_host_http_call(in, 0),
      &(PwasmHostHttpAnswer){.headers = STATUS_200, .body = PWASM_STR("yes")});
}

static char first_failure[1000];

static void
note_failure(const char *file, int line, const char *message)
{
  (void)file;
  (void)line;
  if (first_failure[0] == '\0')
    snprintf(first_failure, sizeof first_failure, "%s", message);
}

static PwasmHostExhaustion
exhaust(void)
{
  const PwasmHostOptions options = {.on_failure = note_failure};
  PwasmHostExhaustion done;

  script.on_request_headers = ask;
  first_failure[0] = '\0';
  num_scenarios = 0;
  pwasm_host_exhaust(&options, scenario, NULL, &done);
  return done;
}

static void
exhaust__lets_everything_fail_in_turn(void **state)
{
  PwasmHostExhaustion done;

  (void)state;
  forgets_to_resume = false;
  forgets_its_reference = false;
  done = exhaust();
  assert_string_equal(first_failure, "");
  /* :path, the call, its status and body, the effective context twice, the resume. */
  assert_int_equal(done.num_hostcalls, 7);
  assert_true(done.num_allocations > 4);
  assert_int_equal(num_scenarios, done.num_runs + 1);
  /* Ten statuses for each call, and for all calls of the four kinds that are not the effective
   * context; no and senseless bytes of the three calls that return any. */
  assert_int_equal(done.num_runs, 10 * (7 + 4) + 2 * 3 + done.num_allocations);
}

static void
exhaust__finds_a_forgotten_resume(void **state)
{
  (void)state;
  forgets_to_resume = true;
  forgets_its_reference = false;
  exhaust();
  assert_string_equal(
    first_failure, "the request of stream 2 is paused for ever: neither resumed, replied to nor "
                   "closed\nWhile this goes wrong: every proxy_get_buffer_bytes returns NOT_FOUND");
}

static void
exhaust__finds_a_forgotten_reference(void **state)
{
  (void)state;
  forgets_to_resume = false;
  forgets_its_reference = true;
  exhaust();
  assert_non_null(strstr(first_failure, "still referenced"));
  assert_non_null(strstr(first_failure, "every proxy_get_header_map_value returns NOT_FOUND"));
}

static PwasmAction
pause_on_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static PwasmAction
pause_on_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

static void
all_directions(PwasmHost *in, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(in, NULL);
  PwasmHostTcp *tcp;

  (void)data;
  if (pwasm_host_plugin_state(plugin) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  pwasm_host_http_send_response_headers(pwasm_host_http_get(plugin, "/"), STATUS_200, true);
  tcp = pwasm_host_tcp_open(plugin);
  pwasm_host_tcp_send_downstream(tcp, PWASM_STR("a"), false);
  pwasm_host_tcp_send_upstream(tcp, PWASM_STR("b"), false);
}

static void
expect_pause_in_all_directions(const char *what)
{
  const PwasmHostOptions options = {.on_failure = note_failure};
  PwasmHostExhaustion done;

  first_failure[0] = '\0';
  script.on_request_headers = NULL;
  script.create_tcp_context = use_tcp;
  pwasm_host_exhaust(&options, all_directions, NULL, &done);
  assert_non_null(strstr(first_failure, what));
}

static void
exhaust__finds_pauses_in_all_directions(void **state)
{
  (void)state;
  script.on_response_headers = pause_on_response;
  expect_pause_in_all_directions("the response of stream 2 is paused for ever");
  script.on_response_headers = NULL;
  script.on_downstream_data = pause_on_data;
  expect_pause_in_all_directions("the client's data of connection 3 is paused for ever");
  script.on_downstream_data = NULL;
  script.on_upstream_data = pause_on_data;
  expect_pause_in_all_directions("the upstream's data of connection 3 is paused for ever");
}

static void
trap_unless_sound(PwasmPluginContext *ctx)
{
  (void)ctx;
  if (proxy_log(PWASM_LOG_INFO, "x", 1) != PWASM_STATUS_OK)
    pwasm_ignore((PwasmStatus)proxy_done());
}

static void
tick(PwasmHost *in, void *data)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(in, NULL);

  (void)data;
  if (pwasm_host_plugin_state(plugin) == PWASM_HOST_PLUGIN_RUNNING)
    pwasm_host_tick(plugin);
}

/* In ngx_wasm_module proxy_done() traps, but no call of proxy_log() fails. */
static void
exhaust__does_not_blame_traps_on_the_plugin(void **state)
{
  const PwasmHostOptions options = {.on_failure = note_failure,
                                    .profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE};
  PwasmHostExhaustion done;

  (void)state;
  first_failure[0] = '\0';
  script.on_tick = trap_unless_sound;
  pwasm_host_exhaust(&options, tick, NULL, &done);
  assert_true(done.num_runs > 0);
  assert_string_equal(first_failure, "");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(exhaust__lets_everything_fail_in_turn),
    SCRIPT_TEST(exhaust__finds_a_forgotten_resume),
    SCRIPT_TEST(exhaust__finds_a_forgotten_reference),
    SCRIPT_TEST(exhaust__finds_pauses_in_all_directions),
    SCRIPT_TEST(exhaust__does_not_blame_traps_on_the_plugin),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
