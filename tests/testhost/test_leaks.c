#include "../failures.h"

/* Contexts that are still referenced when a host is freed: pwasm_host_free() says which. */

static PwasmContext *kept[4];
static size_t num_kept;

static int
setup(void **state)
{
  (void)state;
  num_kept = 0;
  return set_up_noting_host((PwasmHostOptions){0});
}

static void
keep(PwasmContext *ctx)
{
  kept[num_kept++] = pwasm_context_ref(ctx);
}

static void
keep_twice(PwasmContext *ctx)
{
  keep(ctx);
  keep(ctx);
}

static void
end_host(void)
{
  pwasm_host_free(host);
  host = NULL;
}

/* What is said of the present host, whole. */
static void
expect_leaks(const char *text)
{
  end_host();
  assert_int_equal(num_failures, 1);
  assert_string_equal(failure, text);
  num_failures = 0;
}

static void
leaks__are_told_by_kind_and_id(void **state)
{
  (void)state;
  script.http_init = keep;
  pwasm_host_http_get(start_plugin(), "/");
  expect_leaks("1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  HTTP stream 2, a ScriptHttp: 1");
}

static void
leaks__of_connections_are_told(void **state)
{
  (void)state;
  script.tcp_init = keep_twice;
  script.create_tcp_context = use_tcp;
  pwasm_host_tcp_open(start_plugin());
  expect_leaks("1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  connection 2, a ScriptTcp: 2");
}

static void
leaks__of_what_contains_others_are_told(void **state)
{
  (void)state;
  script.vm_init = keep;
  script.plugin_init = keep;
  script.http_init = keep;
  pwasm_host_http_get(start_plugin(), "/");
  expect_leaks("3 contexts are still referenced: a pwasm_context_ref() has no unref\n"
               "  HTTP stream 2, a ScriptHttp: 1\n"
               "  plugin 1, a ScriptPlugin: 1\n"
               "  the VM's context, a ScriptVm: 1");
}

static void
leaks__of_an_id_that_is_used_again_are_told(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  script.http_init = keep;
  http = pwasm_host_http_get(start_plugin(), "/");
  script.http_init = NULL;
  (void)pwasm_host_call(pwasm_host_plugin_vm(start_plugin()), "proxy_on_context_create",
                        pwasm_host_http_id(http), 1, 0);
  expect_leaks("1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  HTTP stream 2, a ScriptHttp: 1");
}

static void
leaks__are_told_for_each_vm(void **state)
{
  PwasmHostVm *second;

  (void)state;
  start_plugin();
  second = pwasm_host_vm_new(host, NULL);
  script.plugin_init = keep;
  pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = second});
  pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){
            .vm = pwasm_host_vm_new(host, &(PwasmHostVmOptions){.next_context_id = 7})});
  expect_leaks("VM 2: 1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  plugin 1, a ScriptPlugin: 1\n"
               "VM 3: 1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  plugin 7, a ScriptPlugin: 1");
}

static void
release(PwasmContext *ctx)
{
  (void)ctx;
  while (num_kept > 0)
    pwasm_context_unref(kept[--num_kept]);
}

static void
release_on_tick(PwasmPluginContext *ctx)
{
  release(&ctx->base);
}

/* Those that were kept longer than the host wanted them have been freed, and their memory is another context's. */
static void
leaks__are_not_what_was_released_late(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  script.http_init = keep;
  script.on_tick = release_on_tick;
  for (int i = 0; i < 3; i++)
    pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  pwasm_host_tick(plugin);
  script.http_init = NULL;
  for (int i = 0; i < 3; i++)
    pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  script.http_init = keep;
  pwasm_host_http_get(plugin, "/");
  script.http_init = NULL;
  pwasm_host_http_get(plugin, "/");
  expect_leaks("1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  HTTP stream 8, a ScriptHttp: 1");
}

/* With the VM itself the plugins of this host end, not before. */
static void
leaks__are_not_what_a_finalizer_releases(void **state)
{
  PwasmHostPlugin *plugin;
  PwasmContext *leaked;

  (void)state;
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
  plugin = start_plugin();
  script.http_init = keep;
  script.plugin_finalize = release;
  pwasm_host_http_get(plugin, "/");
  pwasm_host_plugin_start(host, NULL);
  end_host();
  /* The stream keeps its plugin, but the other plugin ends. */
  assert_int_equal(num_failures, 0);
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
  plugin = start_plugin();
  pwasm_host_http_get(plugin, "/");
  pwasm_host_http_get(plugin, "/");
  pwasm_host_plugin_start(host, NULL);
  leaked = kept[--num_kept];
  assert_int_equal(pwasm_context_id(leaked), 2);
  expect_leaks("1 context is still referenced: a pwasm_context_ref() has no unref\n"
               "  HTTP stream 2, a ScriptHttp: 1");
}

static void
reset_scratch(PwasmContext *ctx)
{
  (void)ctx;
  pwasm_arena_reset(pwasm_scratch());
}

static void
leaks__are_counted_at_least(void **state)
{
  (void)state;
  make_noting_host((PwasmHostOptions){.profile = PWASM_HOST_PROFILE_NGX_WASM_MODULE});
  script.http_init = keep;
  script.plugin_finalize = reset_scratch;
  pwasm_host_http_get(start_plugin(), "/");
  pwasm_host_plugin_start(host, NULL);
  expect_leaks("3 contexts are still referenced, or kept by one that is");
}

static void
leaks__that_the_test_hides_are_counted(void **state)
{
  (void)state;
  script.http_init = keep;
  proxy_on_delete(pwasm_host_http_id(pwasm_host_http_get(start_plugin(), "/")));
  expect_leaks("3 contexts are still referenced, or kept by one that is");
}

#define LEAKS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    LEAKS_TEST(leaks__are_told_by_kind_and_id),
    LEAKS_TEST(leaks__of_connections_are_told),
    LEAKS_TEST(leaks__of_what_contains_others_are_told),
    LEAKS_TEST(leaks__of_an_id_that_is_used_again_are_told),
    LEAKS_TEST(leaks__are_told_for_each_vm),
    LEAKS_TEST(leaks__are_not_what_was_released_late),
    LEAKS_TEST(leaks__are_not_what_a_finalizer_releases),
    LEAKS_TEST(leaks__are_counted_at_least),
    LEAKS_TEST(leaks__that_the_test_hides_are_counted),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
