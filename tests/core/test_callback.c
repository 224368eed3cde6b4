#include "../poison.h"
#include "../script.h"

#include "core/vm_private.h"

/* Views that callbacks have kept, as they must not. */
static PwasmStr outer_view;
static PwasmStr inner_view;

static PwasmAction
keep_outer_view(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":method"), &outer_view));
  assert_str(outer_view, "GET");
  return PWASM_ACTION_CONTINUE;
}

static void
callback__views_end_with_it(void **state)
{
  (void)state;
  script.on_request_headers = keep_outer_view;
  pwasm_host_http_get(start_plugin(), "/");
  assert_true(is_poisoned(outer_view.data));
}

static void
view_in_finalize(PwasmContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_str_dup(pwasm_scratch(), PWASM_STR("last"), &outer_view));
}

static void
callback__views_of_a_finalizer_end_with_it(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(start_plugin(), "/");

  (void)state;
  script.http_finalize = view_in_finalize;
  outer_view = pwasm_str(NULL, 0);
  pwasm_host_http_end(http);
  assert_true(is_poisoned(outer_view.data));
  assert_null(pwasm__vm()->scratch.block);
}

static PwasmHostHttp *other_stream;

static PwasmAction
keep_inner_view(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR(":status"), &inner_view));
  assert_str(inner_view, "200");
  return PWASM_ACTION_CONTINUE;
}

/* The host calls the plugin from inside a hostcall. */
static void
answer_other_stream(PwasmHost *unused, void *data)
{
  (void)unused;
  (void)data;
  assert_ptr_not_equal(other_stream, NULL);
  pwasm_host_http_send_response_headers(other_stream, STATUS_200, true);
}

static PwasmAction
log_between(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr after;

  if (other_stream == NULL || pwasm_host_http_id(other_stream) == pwasm_context_id(&ctx->base))
    return PWASM_ACTION_CONTINUE;
  keep_outer_view(ctx, num_headers, end_of_stream);
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("between"));
  /* The nested callback's view is gone, the outer one's is not, and this stream is the current one. */
  assert_true(is_poisoned(inner_view.data));
  assert_false(is_poisoned(outer_view.data));
  assert_str(outer_view, "GET");
  assert_ptr_equal(pwasm__vm()->current, ctx);
  assert_int_equal(pwasm__vm()->effective_id, pwasm_context_id(&ctx->base));
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &after));
  assert_str(after, "/outer");
  return PWASM_ACTION_CONTINUE;
}

static void
callback__nested_ones_keep_the_outer_views(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  other_stream = NULL;
  inner_view = pwasm_str(NULL, 0);
  script.on_request_headers = log_between;
  script.on_response_headers = keep_inner_view;
  other_stream = pwasm_host_http_get(plugin, "/inner");
  pwasm_host_hook(host, "proxy_log", answer_other_stream, NULL);
  pwasm_host_http_get(plugin, "/outer");
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  assert_true(pwasm_str_is_present(inner_view));
  assert_true(is_poisoned(outer_view.data));
  assert_ptr_equal(pwasm__vm()->current, NULL);
  other_stream = NULL;
}

/* Scratch of the outer callback that a nested one runs into, over several blocks. */
static PwasmAction
fill_scratch(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  enum { NUM = 64 };
  char *pieces[NUM];

  (void)num_headers;
  (void)end_of_stream;
  if (other_stream == NULL || pwasm_host_http_id(other_stream) == pwasm_context_id(&ctx->base))
    return PWASM_ACTION_CONTINUE;
  for (int i = 0; i < NUM; i++) {
    pieces[i] = pwasm_arena_alloc(pwasm_scratch(), 100);
    memset(pieces[i], i, 100);
    pwasm_logf(PWASM_LOG_INFO, "%300d", i);
  }
  for (int i = 0; i < NUM; i++) {
    for (int k = 0; k < 100; k++)
      assert_int_equal(pieces[i][k], i);
  }
  return PWASM_ACTION_CONTINUE;
}

static void
send_more(PwasmHost *unused, void *data)
{
  (void)unused;
  (void)data;
  pwasm_host_http_send_request_body(other_stream, PWASM_STR("more"), false);
}

static PwasmAction
read_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmStr body;

  (void)ctx;
  (void)end_of_stream;
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_HTTP_REQUEST_BODY, 0, body_size, &body));
  assert_non_null(pwasm_arena_alloc(pwasm_scratch(), 3000));
  return PWASM_ACTION_CONTINUE;
}

static void
callback__nested_ones_may_be_many(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  other_stream = NULL;
  script.on_request_headers = fill_scratch;
  script.on_request_body = read_body;
  other_stream = pwasm_host_http_open(plugin);
  pwasm_host_http_send_request_headers(other_stream, GET, false);
  pwasm_host_hook(host, "proxy_log", send_more, NULL);
  pwasm_host_http_get(plugin, "/outer");
  PWASM_EXPECT_CALLS(host, "proxy_on_request_body", 64);
  other_stream = NULL;
}

/* Whether scratch of the present slot outlives a callback that is nested in it. */
static void
expect_scratch_to_last(void)
{
  char *bytes = pwasm_arena_alloc(pwasm_scratch(), 10);

  strcpy(bytes, "kept");
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("between"));
  assert_false(is_poisoned(bytes));
  assert_string_equal(bytes, "kept");
}

static void
check_in_init(PwasmContext *ctx)
{
  (void)ctx;
  expect_scratch_to_last();
}

static const PwasmHttpContextClass *
check_in_create(PwasmPluginContext *ctx)
{
  (void)ctx;
  expect_scratch_to_last();
  return &script_http_class;
}

static const PwasmPluginContextClass *
check_in_create_plugin(PwasmVmContext *ctx)
{
  (void)ctx;
  expect_scratch_to_last();
  return &script_plugin_class;
}

/* A callback about nothing, from inside a hostcall. */
static void
log_unknown_context(PwasmHost *unused, void *data)
{
  PwasmHostVm *vm = data;

  (void)unused;
  pwasm_host_call(vm, "proxy_on_context_create", 1000, 0, 0);
  pwasm_host_call(vm, "proxy_on_done", 1000, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", 1000, 0, 0);
}

static void
callback__nested_ones_may_be_in_any_slot(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);
  PwasmHostPlugin *plugin;

  (void)state;
  script.http_init = check_in_init;
  script.create_plugin_context = check_in_create_plugin;
  script.create_http_context = check_in_create;
  pwasm_host_hook(host, "proxy_log", log_unknown_context, vm);
  plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});
  pwasm_host_http_get(plugin, "/");
  /* Three slots, one of which the nested plugins are asked, too. */
  assert_in_range(pwasm_host_calls(host, "proxy_on_delete"), 3, 10);
}

static size_t
in_use(void)
{
  PwasmVmMemory memory;

  pwasm_vm_memory(&memory);
  return memory.in_use;
}

static void
callback__scratch_may_be_used_outside(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  size_t before = in_use();
  char *own = pwasm_arena_alloc(pwasm_scratch(), 100);
  char *hosts = pwasm_host_allocate(vm, 100);

  (void)state;
  strcpy(own, "own");
  strcpy(hosts, "host's");
  assert_string_equal(own, "own");
  pwasm_host_http_get(plugin, "/");
  /* Both ended with the callback. */
  assert_true(is_poisoned(own));
  assert_true(is_poisoned(hosts));
  pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  assert_in_range(in_use(), before, before + 2048);
}

static void
callback__memory_for_the_host_is_never_null_for_nothing(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  assert_non_null(pwasm_host_allocate(vm, 0));
  assert_null(pwasm_host_allocate(vm, UINT32_MAX));
  assert_non_null(pwasm_host_allocate(vm, 1));
}

static PwasmAction
get_after_refused_allocation(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  return keep_outer_view(ctx, num_headers, end_of_stream);
}

static void
callback__an_allocation_refused_before_it_is_forgotten(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.on_request_headers = get_after_refused_allocation;
  assert_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), UINT32_MAX));
  pwasm_host_http_get(plugin, "/");
}

static void
callback__unknown_contexts_are_warned_of_once(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  pwasm_host_log_clear(host);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 4294967295u, 1, 1), 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown context 4294967295");
  assert_int_equal(pwasm_host_call(vm, "proxy_on_done", 77, 0, 0), 1);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_log", 78, 0, 0), 0);
  assert_int_equal(pwasm_host_log_count(host), 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(callback__views_end_with_it),
    SCRIPT_TEST(callback__views_of_a_finalizer_end_with_it),
    SCRIPT_TEST(callback__nested_ones_keep_the_outer_views),
    SCRIPT_TEST(callback__nested_ones_may_be_many),
    SCRIPT_TEST(callback__nested_ones_may_be_in_any_slot),
    SCRIPT_TEST(callback__scratch_may_be_used_outside),
    SCRIPT_TEST(callback__memory_for_the_host_is_never_null_for_nothing),
    SCRIPT_TEST(callback__an_allocation_refused_before_it_is_forgotten),
    SCRIPT_TEST(callback__unknown_contexts_are_warned_of_once),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
