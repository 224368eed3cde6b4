#include "../script.h"

/* What the slots of each VM have seen. */
static int num_vm_inits;
static int num_vm_finalizes;
static int num_http_finalizes;

static void
count_vm_init(PwasmContext *ctx)
{
  (void)ctx;
  num_vm_inits++;
}

static void
count_vm_finalize(PwasmContext *ctx)
{
  assert_true(pwasm_context_is_closed(ctx));
  num_vm_finalizes++;
}

static void
count_http_finalize(PwasmContext *ctx)
{
  /* A stream's plugin is still there, and knows its VM. */
  PwasmHttpContext *http = PWASM_SELF(PwasmHttpContext, ctx);
  PwasmPluginContext *plugin = pwasm_http_context_plugin(http);

  assert_non_null(plugin);
  assert_non_null(pwasm_plugin_context_vm(plugin));
  assert_false(pwasm_context_is_closed(&plugin->base));
  num_http_finalizes++;
}

static int
setup(void **state)
{
  num_vm_inits = 0;
  num_vm_finalizes = 0;
  num_http_finalizes = 0;
  return script_setup(state);
}

static PwasmVmMemory
memory_of(PwasmHostVm *vm)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(vm, &memory);
  return memory;
}

static PwasmAction
number_requests(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  ScriptPlugin *plugin = PWASM_SELF(ScriptPlugin, pwasm_http_context_plugin(ctx));
  ScriptVm *vm = PWASM_SELF(ScriptVm, pwasm_plugin_context_vm(&plugin->base));
  PwasmStr text;

  (void)num_headers;
  (void)end_of_stream;
  plugin->number++;
  vm->number += 10;
  assert_ok(pwasm_str_format(pwasm_scratch(), &text, "%d/%d", plugin->number, vm->number));
  assert_ok(pwasm_header_add(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-number"), text));
  return PWASM_ACTION_CONTINUE;
}

static void
vm__several_live_side_by_side(void **state)
{
  PwasmHostVm *first_vm = pwasm_host_vm_new(host, NULL);
  PwasmHostVm *second_vm = pwasm_host_vm_new(host, NULL);
  PwasmHostPlugin *first;
  PwasmHostPlugin *second;
  PwasmHostHttp *http;

  (void)state;
  script.vm_init = count_vm_init;
  script.on_request_headers = number_requests;
  first = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = first_vm});
  second = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = second_vm});
  assert_int_equal(num_vm_inits, 2);
  /* The same ids in both. */
  assert_int_equal(pwasm_host_plugin_id(first), pwasm_host_plugin_id(second));
  for (int i = 1; i <= 3; i++) {
    char expected[16];

    http = pwasm_host_http_get(first, "/");
    snprintf(expected, sizeof expected, "%d/%d", 2 * i - 1, 10 * (2 * i - 1));
    PWASM_EXPECT_REQUEST_HEADER(http, "x-number", expected);
    PWASM_EXPECT_REQUEST_HEADER(pwasm_host_http_get(second, "/"), "x-number",
                                i == 1   ? "1/10"
                                : i == 2 ? "2/20"
                                         : "3/30");
    http = pwasm_host_http_get(first, "/");
    snprintf(expected, sizeof expected, "%d/%d", 2 * i, 20 * i);
    PWASM_EXPECT_REQUEST_HEADER(http, "x-number", expected);
  }
}

static PwasmHostPlugin *other_plugin;

static void
call_the_other_vm(PwasmHost *unused, void *data)
{
  PwasmHostHttp **ret_http = data;

  (void)unused;
  *ret_http = pwasm_host_http_get(other_plugin, "/nested");
}

static PwasmAction
log_path(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr before;
  PwasmStr after;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &before));
  pwasm_log(PWASM_LOG_INFO, before);
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &after));
  assert_true(pwasm_str_equal(before, after));
  return PWASM_ACTION_CONTINUE;
}

static void
vm__one_may_be_called_from_inside_another(void **state)
{
  PwasmHostVm *first_vm = pwasm_host_vm_new(host, NULL);
  PwasmHostVm *second_vm = pwasm_host_vm_new(host, NULL);
  PwasmHostPlugin *first = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = first_vm});
  PwasmHostHttp *nested = NULL;

  (void)state;
  other_plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = second_vm});
  script.on_request_headers = log_path;
  pwasm_host_hook(host, "proxy_log", call_the_other_vm, &nested);
  PWASM_EXPECT_REQUEST_HEADER(pwasm_host_http_get(first, "/outer"), ":path", "/outer");
  assert_non_null(nested);
  PWASM_EXPECT_REQUEST_HEADER(nested, ":path", "/nested");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "/outer");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "/nested");
}

static void
vm__the_log_level_is_each_ones_own(void **state)
{
  PwasmHostVm *first_vm = pwasm_host_vm_new(host, NULL);
  PwasmHostVm *second_vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  pwasm_vm_switch(pwasm_host_vm_native(first_vm));
  pwasm_log_set_level(PWASM_LOG_ERROR);
  pwasm_vm_switch(pwasm_host_vm_native(second_vm));
  assert_true(pwasm_log_is_enabled(PWASM_LOG_TRACE));
  pwasm_vm_switch(pwasm_host_vm_native(first_vm));
  assert_false(pwasm_log_is_enabled(PWASM_LOG_WARN));
}

static void
vm__switch_tells_the_one_before(void **state)
{
  PwasmVm *vm = pwasm_vm_new();
  PwasmVm *before = pwasm_vm_switch(vm);

  (void)state;
  assert_ptr_equal(pwasm_vm_switch(NULL), vm);
  assert_ptr_not_equal(pwasm_vm_switch(before), vm);
  assert_int_equal(pwasm_vm_free(vm), 0);
}

static void
vm__free_ends_streams_then_plugins_then_itself(void **state)
{
  PwasmVm *vm = pwasm_vm_new();

  (void)state;
  script.vm_finalize = count_vm_finalize;
  script.http_finalize = count_http_finalize;
  pwasm_vm_switch(vm);
  proxy_on_context_create(1, 0);
  proxy_on_context_create(2, 0);
  for (uint32_t id = 3; id < 100; id++)
    proxy_on_context_create(id, 1 + id % 2);
  assert_int_equal(pwasm_vm_free(vm), 0);
  assert_int_equal(num_http_finalizes, 97);
  assert_int_equal(num_vm_finalizes, 1);
}

static PwasmContext *kept;

static void
keep(PwasmContext *ctx)
{
  kept = pwasm_context_ref(ctx);
}

static void
vm__free_counts_what_is_still_referenced(void **state)
{
  PwasmVm *vm = pwasm_vm_new();

  (void)state;
  pwasm_vm_switch(vm);
  proxy_on_context_create(1, 0);
  proxy_on_context_create(2, 1);
  script.http_init = keep;
  proxy_on_context_create(3, 1);
  /* The stream, and through it its plugin and the VM. */
  assert_int_equal(pwasm_vm_free(vm), 3);
}

static void
vm__the_default_one_starts_afresh(void **state)
{
  PwasmVmMemory memory;

  (void)state;
  pwasm_vm_switch(NULL);
  proxy_on_context_create(1, 0);
  pwasm_log_set_level(PWASM_LOG_ERROR);
  pwasm_vm_memory(&memory);
  assert_int_equal(memory.contexts, 2);
  assert_int_equal(pwasm_vm_free(NULL), 0);
  pwasm_vm_memory(&memory);
  assert_int_equal(memory.contexts, 0);
  assert_int_equal(memory.in_use, 0);
  assert_int_equal(memory.reserved, 0);
  assert_true(pwasm_log_is_enabled(PWASM_LOG_TRACE));
  proxy_on_context_create(1, 0);
  pwasm_vm_memory(&memory);
  assert_int_equal(memory.contexts, 2);
  assert_int_equal(pwasm_vm_free(NULL), 0);
}

static void
vm__memory_counts_contexts(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmVmMemory before = memory_of(vm);
  PwasmHostHttp *http;

  (void)state;
  assert_int_equal(before.contexts, 2);
  http = pwasm_host_http_get(plugin, "/");
  assert_int_equal(memory_of(vm).contexts, 3);
  assert_true(memory_of(vm).in_use > before.in_use);
  pwasm_host_http_end(http);
  assert_int_equal(memory_of(vm).contexts, 2);
  assert_int_equal(memory_of(vm).in_use, before.in_use);
}

static void
vm__free_of_another_changes_nothing(void **state)
{
  PwasmVm *current = pwasm_vm_new();
  PwasmVm *before = pwasm_vm_switch(current);
  PwasmVm *other = pwasm_vm_new();

  (void)state;
  assert_int_equal(pwasm_vm_free(other), 0);
  assert_ptr_equal(pwasm_vm_switch(before), current);
  assert_int_equal(pwasm_vm_free(current), 0);
}

static void
count(void *data)
{
  ++*(int *)data;
}

static void
vm__free_cleans_scratch_up(void **state)
{
  PwasmVm *vm = pwasm_vm_new();
  PwasmVm *before = pwasm_vm_switch(vm);
  int num_cleanups = 0;

  (void)state;
  assert_ok(pwasm_arena_add_cleanup(pwasm_scratch(), count, &num_cleanups));
  pwasm_vm_switch(before);
  assert_int_equal(pwasm_vm_free(vm), 0);
  assert_int_equal(num_cleanups, 1);
}

#define VM_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    VM_TEST(vm__several_live_side_by_side),
    VM_TEST(vm__one_may_be_called_from_inside_another),
    VM_TEST(vm__the_log_level_is_each_ones_own),
    VM_TEST(vm__switch_tells_the_one_before),
    VM_TEST(vm__free_ends_streams_then_plugins_then_itself),
    VM_TEST(vm__free_counts_what_is_still_referenced),
    VM_TEST(vm__free_of_another_changes_nothing),
    VM_TEST(vm__free_cleans_scratch_up),
    VM_TEST(vm__the_default_one_starts_afresh),
    VM_TEST(vm__memory_counts_contexts),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
