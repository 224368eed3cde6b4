#include "../script.h"

/* Every callback that is about a context that must be there, and what an unknown one is answered. */
static const struct {
  const char *name;
  uint32_t answer;
} callbacks[] = {
  {"proxy_on_configure", 0},
  {"proxy_on_done", 1},
  {"proxy_on_log", 0},
  {"proxy_on_delete", 0},
  {"proxy_on_request_headers", PWASM_ACTION_CONTINUE},
  {"proxy_on_request_body", PWASM_ACTION_CONTINUE},
  {"proxy_on_request_trailers", PWASM_ACTION_CONTINUE},
  {"proxy_on_request_metadata", PWASM_ACTION_CONTINUE},
  {"proxy_on_response_headers", PWASM_ACTION_CONTINUE},
  {"proxy_on_response_body", PWASM_ACTION_CONTINUE},
  {"proxy_on_response_trailers", PWASM_ACTION_CONTINUE},
  {"proxy_on_response_metadata", PWASM_ACTION_CONTINUE},
  {"proxy_on_new_connection", PWASM_ACTION_CONTINUE},
  {"proxy_on_downstream_data", PWASM_ACTION_CONTINUE},
  {"proxy_on_downstream_connection_close", 0},
  {"proxy_on_upstream_data", PWASM_ACTION_CONTINUE},
  {"proxy_on_upstream_connection_close", 0},
  {"proxy_on_tick", 0},
  {"proxy_on_queue_ready", 0},
  {"proxy_on_foreign_function", 0},
};
#define NUM_CALLBACKS (sizeof callbacks / sizeof callbacks[0])

/* Those that are about calls, which themselves say whose they are. */
#define NUM_CALL_CALLBACKS 5

/* All that is in the list, but for the two that make what they are about. */
#define COUNT_ONE(name, num_arguments, absent) +1
_Static_assert(NUM_CALLBACKS + NUM_CALL_CALLBACKS + 2 == 0 PWASM_HOST_CALLBACK_LIST(COUNT_ONE),
               "every callback is tested");

static PwasmAction
pause_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

/* Calls each callback with an id for which it can't do anything. */
static void
call_all(PwasmHostVm *vm, uint32_t id)
{
  for (size_t i = 0; i < NUM_CALLBACKS; i++) {
    assert_true(pwasm_host_has_callback(vm, callbacks[i].name));
    assert_int_equal(pwasm_host_call(vm, callbacks[i].name, id, 1, 1), callbacks[i].answer);
  }
}

static PwasmVmMemory
memory_of(PwasmHostVm *vm)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(vm, &memory);
  return memory;
}

static void
required__ids_that_never_were(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  call_all(vm, 0);
  call_all(vm, 4000000000u);
  assert_int_equal(pwasm_host_log_count(host), 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown context 0");
}

static void
required__ids_before_anything_else(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  call_all(vm, 1);
  assert_int_equal(memory_of(vm).contexts, 0);
  assert_int_equal(pwasm_host_log_count(host), 1);
}

static void
required__ids_that_were_deleted(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  script.on_request_headers = pause_headers;
  pwasm_host_http_end(http);
  call_all(vm, pwasm_host_http_id(http));
  assert_int_equal(pwasm_host_log_count(host), 1);
}

static PwasmHostVm *
create_stream(uint32_t id)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  pwasm_host_call(vm, "proxy_on_context_create", id, pwasm_host_plugin_id(plugin), 0);
  return vm;
}

static bool
never_done(PwasmContext *ctx)
{
  (void)ctx;
  fail_msg("a callback of another kind of context got here");
  return false;
}

static void
required__a_plugin_is_no_stream(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  script.on_request_headers = pause_headers;
  script.on_http_done = never_done;
  for (size_t i = 0; i < NUM_CALLBACKS; i++) {
    /* What a plugin does have. */
    if (i < 4)
      continue;
    assert_int_equal(pwasm_host_call(vm, callbacks[i].name, pwasm_host_plugin_id(plugin), 1, 1),
                     callbacks[i].answer);
  }
  assert_int_equal(pwasm_host_log_count(host), 1);
  assert_int_equal(memory_of(vm).contexts, 2);
}

static void
required__a_stream_is_no_plugin(void **state)
{
  PwasmHostVm *vm = create_stream(50);

  (void)state;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", 50, 1, 0), 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "unknown context 50");
  /* Nor can it be a stream's parent. */
  pwasm_host_call(vm, "proxy_on_context_create", 51, 50, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 51, 1, 1), 0);
  assert_int_equal(pwasm_host_log_count(host), 1);
  assert_int_equal(memory_of(vm).contexts, 3);
  pwasm_host_call(vm, "proxy_on_delete", 50, 0, 0);
}

/* Each in a VM of its own, which says so once. */
static void
required__no_callback_of_plugins_is_about_a_stream(void **state)
{
  static const char *const names[] = {"proxy_on_configure", "proxy_on_tick",
                                      "proxy_on_queue_ready"};

  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);
    PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});

    pwasm_host_call(vm, "proxy_on_context_create", 50, pwasm_host_plugin_id(plugin), 0);
    assert_int_equal(pwasm_host_call(vm, names[i], 50, 1, 0), 0);
    assert_int_equal(pwasm_host_log_count(host), i + 1);
    pwasm_host_call(vm, "proxy_on_delete", 50, 0, 0);
  }
}

static void
required__http_is_not_tcp(void **state)
{
  PwasmHostVm *vm = create_stream(50);

  (void)state;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_new_connection", 50, 0, 0), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_downstream_data", 50, 1, 1), 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_upstream_data", 50, 1, 1), 0);
  pwasm_host_call(vm, "proxy_on_downstream_connection_close", 50, 1, 0);
  pwasm_host_call(vm, "proxy_on_upstream_connection_close", 50, 1, 0);
  assert_int_equal(pwasm_host_log_count(host), 1);
  pwasm_host_call(vm, "proxy_on_delete", 50, 0, 0);
}

/* The host knows a stream that the plugin has refused. */
static void
required__an_unknown_one_may_be_deleted(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  pwasm_host_call(vm, "proxy_on_delete", 60, 0, 0);
  assert_int_equal(pwasm_host_log_count(host), 0);
}

static void
required__unknown_parents_make_nothing(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 60, 4000000000u, 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "unknown context 4000000000");
  assert_int_equal(memory_of(vm).contexts, 2);
  /* Its own parent, which is not there yet. */
  pwasm_host_call(vm, "proxy_on_context_create", 61, 61, 0);
  assert_int_equal(memory_of(vm).contexts, 2);
}

static int num_finalizes;

static void
count_finalize(PwasmContext *ctx)
{
  assert_true(pwasm_context_is_closed(ctx));
  num_finalizes++;
}

static void
required__an_id_given_again_ends_the_old_context(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  num_finalizes = 0;
  script.http_finalize = count_finalize;
  for (int i = 0; i < 5; i++) {
    pwasm_host_call(vm, "proxy_on_context_create", 70, pwasm_host_plugin_id(plugin), 0);
    assert_int_equal(num_finalizes, i);
    assert_int_equal(memory_of(vm).contexts, 3);
  }
  pwasm_host_call(vm, "proxy_on_delete", 70, 0, 0);
  assert_int_equal(num_finalizes, 5);
  assert_int_equal(memory_of(vm).contexts, 2);
}

static void
required__an_id_of_a_plugin_may_become_a_streams(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 80, 0, 0);
  pwasm_host_call(vm, "proxy_on_context_create", 81, 80, 0);
  pwasm_host_call(vm, "proxy_on_context_create", 80, 1, 0);
  /* The old plugin lives as long as its stream does. */
  assert_int_equal(memory_of(vm).contexts, 5);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 80, 1, 1), 0);
  pwasm_host_call(vm, "proxy_on_delete", 81, 0, 0);
  assert_int_equal(memory_of(vm).contexts, 3);
  pwasm_host_call(vm, "proxy_on_delete", 80, 0, 0);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
required__ids_are_used_again_after_delete(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  for (int i = 0; i < 1000; i++) {
    PwasmHostHttp *http;

    pwasm_host_vm_set_next_context_id(vm, 2);
    http = pwasm_host_http_get(plugin, "/");
    assert_int_equal(pwasm_host_http_id(http), 2);
    pwasm_host_http_free(http);
  }
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static PwasmAction
add_own_id(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr id;

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_str_format(pwasm_scratch(), &id, "%u", pwasm_context_id(&ctx->base)));
  assert_ok(pwasm_header_add(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-id"), id));
  return PWASM_ACTION_CONTINUE;
}

static void
required__huge_ids_are_ids(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, &(PwasmHostVmOptions){.next_context_id = 0x7fffffff});
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});

  (void)state;
  script.on_request_headers = add_own_id;
  PWASM_EXPECT_REQUEST_HEADER(pwasm_host_http_get(plugin, "/"), "x-id", "2147483648");
  PWASM_EXPECT_REQUEST_HEADER(pwasm_host_http_get(plugin, "/"), "x-id", "2147483649");
  pwasm_host_vm_set_next_context_id(vm, 0xffffffff);
  PWASM_EXPECT_REQUEST_HEADER(pwasm_host_http_get(plugin, "/"), "x-id", "4294967295");
  /* And around. */
  PWASM_EXPECT_REQUEST_HEADER(pwasm_host_http_get(plugin, "/"), "x-id", "1");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
required__ten_thousand_streams_at_once(void **state)
{
  enum { NUM = 10000 };
  static PwasmHostHttp *streams[NUM];
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  script.on_request_headers = add_own_id;
  for (int i = 0; i < NUM; i++)
    streams[i] = pwasm_host_http_get(plugin, "/");
  assert_int_equal(memory_of(vm).contexts, NUM + 2);
  for (int i = 0; i < NUM; i++) {
    char id[16];

    snprintf(id, sizeof id, "%u", pwasm_host_http_id(streams[i]));
    PWASM_EXPECT_REQUEST_HEADER(streams[i], "x-id", id);
  }
  /* Not in the order in which they came. */
  for (int i = 0; i < NUM; i++)
    pwasm_host_http_free(streams[(i * 7919) % NUM]);
  assert_int_equal(memory_of(vm).contexts, 2);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "");
}

static void
required__memory_for_the_host_is_aligned(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(start_plugin());

  (void)state;
  for (uint32_t size = 0; size < 100; size++) {
    char *memory = pwasm_host_allocate(vm, size);

    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % 16, 0);
    memset(memory, 1, size);
  }
}

static void
required__a_context_without_memory_is_not_there(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = pause_headers;
  pwasm_host_vm_fail_allocations_after(vm, 0);
  http = pwasm_host_http_get(plugin, "/");
  pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "no memory: context 2");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  pwasm_host_http_end(http);
  /* The next one is. */
  PWASM_EXPECT_STATE(pwasm_host_http_get(plugin, "/"), PWASM_HOST_HTTP_REQUEST_PAUSED);
}

static void
required__the_abi_version_can_be_called(void **state)
{
  (void)state;
  proxy_abi_version_0_2_1();
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(required__ids_that_never_were),
    SCRIPT_TEST(required__ids_before_anything_else),
    SCRIPT_TEST(required__ids_that_were_deleted),
    SCRIPT_TEST(required__a_plugin_is_no_stream),
    SCRIPT_TEST(required__a_stream_is_no_plugin),
    SCRIPT_TEST(required__no_callback_of_plugins_is_about_a_stream),
    SCRIPT_TEST(required__http_is_not_tcp),
    SCRIPT_TEST(required__an_unknown_one_may_be_deleted),
    SCRIPT_TEST(required__unknown_parents_make_nothing),
    SCRIPT_TEST(required__an_id_given_again_ends_the_old_context),
    SCRIPT_TEST(required__an_id_of_a_plugin_may_become_a_streams),
    SCRIPT_TEST(required__ids_are_used_again_after_delete),
    SCRIPT_TEST(required__huge_ids_are_ids),
    SCRIPT_TEST(required__ten_thousand_streams_at_once),
    SCRIPT_TEST(required__memory_for_the_host_is_aligned),
    SCRIPT_TEST(required__a_context_without_memory_is_not_there),
    SCRIPT_TEST(required__the_abi_version_can_be_called),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
