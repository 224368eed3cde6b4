#include "../script.h"

#include "core/vm_private.h"

static int num_starts;
static bool start_answer;

static bool
read_configuration(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;

  assert_ptr_equal(pwasm__vm()->current, ctx);
  num_starts++;
  assert_int_equal(configuration_size, 9);
  assert_ok(pwasm_vm_configuration_get(&configuration));
  assert_str(configuration, "vm config");
  return start_answer;
}

static PwasmHostVm *
vm_with_configuration(void)
{
  return pwasm_host_vm_new(
    host, &(PwasmHostVmOptions){.id = PWASM_STR("id"), .configuration = PWASM_STR("vm config")});
}

static PwasmHostPlugin *
start_in(PwasmHostVm *vm)
{
  return pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});
}

static void
vm_context__starts_once_for_all_plugins(void **state)
{
  PwasmHostVm *vm = vm_with_configuration();

  (void)state;
  num_starts = 0;
  start_answer = true;
  script.on_vm_start = read_configuration;
  for (int i = 0; i < 3; i++)
    PWASM_EXPECT_PLUGIN_STATE(start_in(vm), PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_CALLS(host, "proxy_on_vm_start", 3);
  assert_int_equal(num_starts, 1);
}

static void
vm_context__a_refusal_is_remembered(void **state)
{
  PwasmHostVm *vm = vm_with_configuration();

  (void)state;
  num_starts = 0;
  start_answer = false;
  script.on_vm_start = read_configuration;
  PWASM_EXPECT_PLUGIN_STATE(start_in(vm), PWASM_HOST_PLUGIN_VM_REFUSED);
  start_answer = true;
  PWASM_EXPECT_PLUGIN_STATE(start_in(vm), PWASM_HOST_PLUGIN_VM_REFUSED);
  assert_int_equal(num_starts, 1);
  /* Another VM is another matter. */
  PWASM_EXPECT_PLUGIN_STATE(start_in(vm_with_configuration()), PWASM_HOST_PLUGIN_RUNNING);
  assert_int_equal(num_starts, 2);
}

static bool
read_large_configuration(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;

  (void)ctx;
  assert_ok(pwasm_vm_configuration_get(&configuration));
  assert_int_equal(configuration.len, configuration_size);
  assert_int_equal(configuration.len, 100000);
  return true;
}

static void
vm_context__reads_a_large_configuration(void **state)
{
  static const char large[100000];

  (void)state;
  script.on_vm_start = read_large_configuration;
  PWASM_EXPECT_PLUGIN_STATE(
    start_in(pwasm_host_vm_new(
      host, &(PwasmHostVmOptions){.configuration = pwasm_str(large, sizeof large)})),
    PWASM_HOST_PLUGIN_RUNNING);
}

static bool
expect_no_configuration(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = PWASM_STR("before");

  (void)ctx;
  assert_int_equal(configuration_size, 0);
  assert_status(pwasm_vm_configuration_get(&configuration), NOT_FOUND);
  assert_str(configuration, "before");
  /* As Envoy has it: nothing is an empty one. */
  assert_ok(pwasm_vm_configuration_get(&configuration));
  assert_str(configuration, "");
  return true;
}

static void
vm_context__may_have_no_configuration(void **state)
{
  (void)state;
  script.on_vm_start = expect_no_configuration;
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  start_plugin();
}

static bool
read_without_memory(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = PWASM_STR("before");

  (void)ctx;
  (void)configuration_size;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_vm_configuration_get(&configuration), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(configuration, "before");
  assert_ok(pwasm_vm_configuration_get(&configuration));
  return true;
}

static void
vm_context__says_when_its_configuration_does_not_fit(void **state)
{
  (void)state;
  script.on_vm_start = read_without_memory;
  start_in(vm_with_configuration());
}

/* Kinds of plugin, chosen by the number of the plugin. */

typedef struct OtherPlugin {
  PwasmPluginContext base;
} OtherPlugin;

static bool
other_on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("the other one"));
  return true;
}

static const PwasmPluginContextClass other_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(OtherPlugin, pwasm_plugin_context_class),
  PWASM_ON(on_configure, other_on_configure),
};

static const PwasmPluginContextClass *
choose_by_number(PwasmVmContext *ctx)
{
  ScriptVm *self = PWASM_SELF(ScriptVm, ctx);

  switch (self->number++) {
  case 0:
    return &script_plugin_class;
  case 1:
    return &other_plugin_class;
  default:
    return NULL;
  }
}

static void
vm_context__chooses_the_class_of_a_plugin(void **state)
{
  PwasmHostPlugin *refused;

  (void)state;
  script.create_plugin_context = choose_by_number;
  start_plugin();
  assert_null(pwasm_host_log_find(host, PWASM_LOG_INFO, "the other one"));
  start_plugin();
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "the other one");
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  /* A refused plugin does not pass as configured. */
  refused = pwasm_host_plugin_start(host, NULL);
  PWASM_EXPECT_PLUGIN_STATE(refused, PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: no class: context 3");
}

static const PwasmPluginContextClass *
chain_up(PwasmVmContext *ctx)
{
  return PWASM_CHAIN_UP(pwasm_vm_context_class, create_plugin_context, ctx);
}

static bool
chain_up_start(PwasmVmContext *ctx, size_t configuration_size)
{
  return PWASM_CHAIN_UP(pwasm_vm_context_class, on_vm_start, ctx, configuration_size);
}

static void
vm_context__defaults_let_everything_pass(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  script.create_plugin_context = chain_up;
  script.on_vm_start = chain_up_start;
  plugin = start_plugin();
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(plugin, "/"));
}

static void
vm_context__without_memory_refuses_and_tries_again(void **state)
{
  PwasmHostVm *vm = vm_with_configuration();

  (void)state;
  num_starts = 0;
  start_answer = true;
  script.on_vm_start = read_configuration;
  pwasm_host_vm_fail_allocations_after(vm, 0);
  PWASM_EXPECT_PLUGIN_STATE(start_in(vm), PWASM_HOST_PLUGIN_VM_REFUSED);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: no memory: context 0");
  assert_int_equal(num_starts, 0);
  pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
  PWASM_EXPECT_PLUGIN_STATE(start_in(vm), PWASM_HOST_PLUGIN_RUNNING);
  assert_int_equal(num_starts, 1);
}

static int num_inits;

static void
log_in_init(PwasmContext *ctx)
{
  (void)ctx;
  num_inits++;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("made"));
}

/* From inside a hostcall of the VM's own context, which is not made yet. */
static void
announce_another_plugin(PwasmHost *unused, void *data)
{
  (void)unused;
  pwasm_host_call(data, "proxy_on_context_create", 1000, 0, 0);
  pwasm_host_call(data, "proxy_on_delete", 1000, 0, 0);
}

static void
vm_context__is_one_even_if_the_host_can_not_wait(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  num_inits = 0;
  script.vm_init = log_in_init;
  pwasm_host_hook(host, "proxy_log", announce_another_plugin, vm);
  PWASM_EXPECT_PLUGIN_STATE(start_in(vm), PWASM_HOST_PLUGIN_RUNNING);
  assert_int_equal(num_inits, 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(vm_context__starts_once_for_all_plugins),
    SCRIPT_TEST(vm_context__a_refusal_is_remembered),
    SCRIPT_TEST(vm_context__reads_a_large_configuration),
    SCRIPT_TEST(vm_context__may_have_no_configuration),
    SCRIPT_TEST(vm_context__says_when_its_configuration_does_not_fit),
    SCRIPT_TEST(vm_context__chooses_the_class_of_a_plugin),
    SCRIPT_TEST(vm_context__defaults_let_everything_pass),
    SCRIPT_TEST(vm_context__without_memory_refuses_and_tries_again),
    SCRIPT_TEST(vm_context__is_one_even_if_the_host_can_not_wait),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
