#include "../script.h"

/* The life of a VM, a plugin and a stream that use all there is, with the nth allocation failing and
 * all that follow, for every n: statuses, and never a crash. */

static size_t num_refused;

/* Whether a call did what it should; if not, for want of memory only. */
static bool
went_well(PwasmStatus status)
{
  if (status == PWASM_STATUS_OK)
    return true;
  num_refused++;
  if (status != PWASM_STATUS_OUT_OF_MEMORY)
    fail_msg("%s instead of OUT_OF_MEMORY", pwasm_status_name(status));
  return false;
}

static void
do_nothing(void *data)
{
  (void)data;
}

static bool
configure_vm(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;
  PwasmStr copy;

  (void)configuration_size;
  return went_well(pwasm_vm_configuration_get(&configuration)) &&
         went_well(pwasm_str_dup(pwasm_context_arena(&ctx->base), configuration, &copy));
}

static bool
configure_plugin(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;
  PwasmStr copy;

  (void)configuration_size;
  return went_well(pwasm_plugin_configuration_get(&configuration)) &&
         went_well(pwasm_str_dup(pwasm_context_arena(&ctx->base), configuration, &copy)) &&
         went_well(pwasm_arena_hold(pwasm_scratch(), &ctx->base)) &&
         went_well(pwasm_arena_add_cleanup(pwasm_scratch(), do_nothing, NULL));
}

static PwasmAction
use_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmMap map = end_of_stream ? PWASM_MAP_HTTP_RESPONSE_HEADERS : PWASM_MAP_HTTP_REQUEST_HEADERS;
  PwasmPair pairs[2] = {{PWASM_STR("a"), PWASM_STR("b")}, {PWASM_STR("c"), PWASM_STR("d")}};
  PwasmPairs all;
  PwasmStr value;
  PwasmStr text;

  if (went_well(pwasm_header_get_all(map, &all)))
    assert_int_equal(pwasm_pairs_count(&all), num_headers);
  if (num_headers > 0 && !end_of_stream &&
      went_well(pwasm_header_get(map, PWASM_STR(":path"), &value)) &&
      went_well(
        pwasm_str_format(pwasm_context_arena(&ctx->base), &text, "%.*s?", PWASM_STR_ARG(value))))
    assert_ok(pwasm_header_replace(map, PWASM_STR(":path"), text));
  (void)went_well(pwasm_header_set_all(map, pairs, 2));
  pwasm_logf(PWASM_LOG_INFO, "%1000d", 1);
  PWASM_LOG_JOIN(PWASM_LOG_INFO, PWASM_STR("a"), PWASM_STR("b"));
  return PWASM_ACTION_CONTINUE;
}

static PwasmAction
use_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmPair header = {PWASM_STR("x-reply"), PWASM_STR("yes")};
  PwasmHttpReply reply = {.status_code = 413, .headers = &header, .num_headers = 1};
  PwasmStr body;

  if (went_well(pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, SIZE_MAX, &body)))
    assert_int_equal(body.len, body_size);
  if (!end_of_stream || !went_well(pwasm_http_context_reply(ctx, &reply)))
    return PWASM_ACTION_CONTINUE;
  return PWASM_ACTION_PAUSE;
}

static int num_inits;
static int num_finalizes;

static void
count_init(PwasmContext *ctx)
{
  (void)ctx;
  num_inits++;
}

static void
count_finalize(PwasmContext *ctx)
{
  (void)ctx;
  num_finalizes++;
}

static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  script.on_vm_start = configure_vm;
  script.on_configure = configure_plugin;
  script.on_request_headers = use_headers;
  script.on_request_body = use_body;
  script.on_response_headers = use_headers;
  script.http_init = count_init;
  script.http_finalize = count_finalize;
  return 0;
}

static PwasmHostPlugin *
start(PwasmHostVm *vm)
{
  return pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm = vm, .configuration = PWASM_STR("configuration")});
}

static PwasmHostVm *
begin(void)
{
  num_refused = 0;
  num_inits = 0;
  num_finalizes = 0;
  host = pwasm_host_new(NULL);
  return pwasm_host_vm_new(host,
                           &(PwasmHostVmOptions){.configuration = PWASM_STR("vm configuration")});
}

static PwasmHostHttp *
post(PwasmHostPlugin *plugin)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("two"), true);
  pwasm_host_http_end(http);
  return http;
}

/* How often the whole life fails before it does not any more. */
enum { MOST_ALLOCATIONS = 200 };

static void
out_of_memory__at_every_allocation_of_a_stream(void **state)
{
  size_t n = 0;
  bool is_complete = false;

  (void)state;
  for (; !is_complete && n < MOST_ALLOCATIONS; n++) {
    PwasmHostVm *vm = begin();
    PwasmHostPlugin *plugin = start(vm);
    PwasmHostHttp *http;

    PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
    pwasm_host_vm_fail_allocations_after(vm, n);
    http = post(plugin);
    pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
    assert_int_equal(num_inits, num_finalizes);
    is_complete = num_inits == 1 && num_refused == 0 && pwasm_host_http_reply(http) != NULL;
    if (n == 0) {
      assert_int_equal(num_inits, 0);
      PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "no memory");
    }
    /* And then all is well again. */
    PWASM_EXPECT_REPLY(post(plugin), 413);
    pwasm_host_free(host);
  }
  assert_true(is_complete);
  assert_in_range(n, 10, MOST_ALLOCATIONS);
}

static void
out_of_memory__at_every_allocation_of_a_start(void **state)
{
  size_t n = 0;
  bool is_running = false;

  (void)state;
  for (; !is_running && n < MOST_ALLOCATIONS; n++) {
    PwasmHostVm *vm = begin();
    PwasmHostPlugin *plugin;

    pwasm_host_vm_fail_allocations_after(vm, n);
    plugin = start(vm);
    pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
    is_running = pwasm_host_plugin_state(plugin) == PWASM_HOST_PLUGIN_RUNNING;
    assert_int_equal(is_running, num_refused == 0 && n > 1);
    /* A plugin that could not start does not pass as one that has. */
    if (is_running)
      PWASM_EXPECT_REPLY(post(plugin), 413);
    pwasm_host_free(host);
  }
  assert_true(is_running);
  assert_in_range(n, 6, MOST_ALLOCATIONS);
}

static void
out_of_memory__never_lets_the_host_down(void **state)
{
  PwasmHostVm *vm = begin();
  PwasmHostPlugin *plugin = start(vm);

  (void)state;
  /* Nothing can be had any more, for many streams. */
  pwasm_host_vm_fail_allocations_after(vm, 0);
  for (int i = 0; i < 1000; i++) {
    PwasmHostHttp *http = post(plugin);

    PWASM_EXPECT_REQUEST_COMPLETE(http);
    pwasm_host_http_free(http);
  }
  pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
  PWASM_EXPECT_REPLY(post(plugin), 413);
  pwasm_host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(out_of_memory__at_every_allocation_of_a_stream, setup),
    cmocka_unit_test_setup(out_of_memory__at_every_allocation_of_a_start, setup),
    cmocka_unit_test_setup(out_of_memory__never_lets_the_host_down, setup),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
