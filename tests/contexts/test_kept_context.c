#include "../script.h"

/* How a plugin's callbacks act on streams: they keep references, and a stream that has ended says so. */

#define ID 99u

static PwasmHttpContext *kept;
static PwasmHttpContext *newest;

static PwasmAction
keep(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  if (kept == NULL)
    kept = PWASM_SELF(PwasmHttpContext, pwasm_context_ref(&ctx->base));
  newest = ctx;
  return PWASM_ACTION_PAUSE;
}

static void
drop_kept(void)
{
  pwasm_context_unref(&kept->base);
  kept = NULL;
}

static void
resume_kept(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_false(pwasm_context_is_closed(&kept->base));
  assert_ok(pwasm_http_context_resume_request(kept));
  drop_kept();
}

static void
kept_context__is_resumed_in_a_tick(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = keep;
  script.on_tick = resume_kept;
  http = pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  pwasm_host_tick(plugin);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 2);
}

static void
never(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  fail();
}

/* Whatever is done to a stream that has ended is done to none, not to the one that has its id now. */
static void
act_on_kept(PwasmPluginContext *ctx)
{
  const PwasmHttpCallOptions options = {.upstream = PWASM_STR("web"),
                                        .method = PWASM_STR("GET"),
                                        .path = PWASM_STR("/"),
                                        .authority = PWASM_STR("a")};

  (void)ctx;
  assert_ptr_not_equal(kept, newest);
  assert_int_equal(pwasm_context_id(&kept->base), ID);
  assert_int_equal(pwasm_context_id(&newest->base), ID);
  assert_true(pwasm_context_is_closed(&kept->base));
  assert_false(pwasm_context_is_closed(&newest->base));
  assert_status(pwasm_http_context_resume_request(kept), CLOSED);
  assert_status(pwasm_http_context_resume_response(kept), CLOSED);
  assert_status(pwasm_http_context_reply(kept, &(PwasmHttpReply){.status_code = 403}), CLOSED);
  assert_status(pwasm_http_context_close(kept), CLOSED);
  assert_status(pwasm_http_call(&kept->base, &options, never, NULL), CLOSED);
  drop_kept();
}

static void
kept_context__is_not_the_next_one_of_its_id(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  script.on_request_headers = keep;
  script.on_tick = act_on_kept;
  for (int i = 0; i < 2; i++) {
    pwasm_host_call(vm, "proxy_on_context_create", ID, pwasm_host_plugin_id(plugin), 0);
    pwasm_host_call(vm, "proxy_on_request_headers", ID, 0, true);
    if (i == 0)
      pwasm_host_call(vm, "proxy_on_delete", ID, 0, 0);
  }
  pwasm_host_calls_clear(host);
  pwasm_host_tick(plugin);
  assert_null(kept);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_http_call", 0);
  pwasm_host_call(vm, "proxy_on_delete", ID, 0, 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(kept_context__is_resumed_in_a_tick),
    SCRIPT_TEST(kept_context__is_not_the_next_one_of_its_id),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
