#include <stdlib.h>

#include "guarded.h"

/* How a VM and its plugins start, in hosts that do it in another order or more than once. What only a
 * module shows (its exports, its layout, what runs before the host is ready) is checked by tests/abi. */

static const PwasmHostPluginOptions named_one = {.configuration = PWASM_STR_INIT("one")};

static void
start_up__asks_nothing_of_the_host_before_it_starts(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  assert_non_null(vm);
  assert_string_equal(pwasm_host_trace(host), "");
}

static void
start_up__a_vm_that_refuses(void **state)
{
  (void)state;
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm_configuration = PWASM_STR("refuse")});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_VM_REFUSED);
  /* And does so for the plugins that follow. */
  plugin = pwasm_host_plugin_start(host, &named_one);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_VM_REFUSED);
}

/* Hosts announce the start once for each plugin, and some VMs are started again. */
static void
start_up__a_vm_that_starts_twice(void **state)
{
  (void)state;
  plugin = start_named("one");
  assert_int_equal(pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_vm_start",
                                   pwasm_host_plugin_id(plugin), 0, 0),
                   1);
  assert_int_equal(pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_vm_start", 0, 1000, 0),
                   1);
  assert_int_equal(count_log("vm starts"), 1);
  expect_sound();
}

/* Some hosts never announce the VM's start. */
static void
start_up__a_vm_that_is_never_started(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 100, 0, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", 100, 0, 0), 1);
  pwasm_host_call(vm, "proxy_on_context_create", 101, 100, 0);
  pwasm_host_call(vm, "proxy_on_request_headers", 101, 0, 1);
  PWASM_EXPECT_COUNTER(host, "guard_requests", 1);
  pwasm_host_call(vm, "proxy_on_log", 101, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", 101, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", 100, 0, 0);
}

/* The VM's start comes before there is a plugin, or for one that is not there. */
static void
start_up__a_vm_that_starts_for_nobody(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  assert_int_equal(pwasm_host_call(vm, "proxy_on_vm_start", 77, 0, 0), 1);
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm = vm, .configuration = PWASM_STR("one")});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  expect_sound();
}

/* Streams of a plugin that was not configured, as after a refusal. */
static void
start_up__a_stream_before_the_configuration(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  pwasm_host_call(vm, "proxy_on_context_create", 100, 0, 0);
  pwasm_host_call(vm, "proxy_on_context_create", 101, 100, 0);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 101, 0, 1),
                   PWASM_ACTION_CONTINUE);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_configure", 100, 0, 0), 1);
  pwasm_host_call(vm, "proxy_on_delete", 101, 0, 0);
  pwasm_host_call(vm, "proxy_on_delete", 100, 0, 0);
}

static void
start_up__a_plugin_that_is_created_twice(void **state)
{
  (void)state;
  plugin = start_named("one");
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_context_create",
                  pwasm_host_plugin_id(plugin), 0, 0);
  assert_true(pwasm_host_plugin_configure(plugin, PWASM_STR("two")));
  PWASM_EXPECT_REQUEST_HEADER(request("edit"), "x-name", "two");
  expect_sound();
}

/* The host asks for memory before anything else. */
static void
start_up__memory_before_anything_else(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);

  (void)state;
  for (int i = 0; i < 1000; i++) {
    char *bytes = pwasm_host_allocate(vm, 1000);

    assert_non_null(bytes);
    memset(bytes, 0xff, 1000);
  }
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm = vm, .configuration = PWASM_STR("one")});
  expect_sound();
}

/* A parser that goes down a level for each bracket has a limit, and the stack has room for that. */
static void
start_up__a_configuration_that_is_nested_deep(void **state)
{
  enum { SIZE = 1024 * 1024 };
  char *brackets = malloc(SIZE);

  (void)state;
  memset(brackets, '[', SIZE);
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.configuration = pwasm_str(brackets, SIZE)});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_CONFIGURE_REFUSED);
  assert_true(pwasm_host_plugin_configure(plugin, pwasm_str(brackets, 64)));
  expect_sound();
  free(brackets);
}

/* Each VM has state of its own. */
static void
start_up__two_vms(void **state)
{
  PwasmHostVm *first = pwasm_host_vm_new(host, NULL);
  PwasmHostVm *second =
    pwasm_host_vm_new(host, &(PwasmHostVmOptions){.configuration = PWASM_STR("refuse")});

  (void)state;
  plugin = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm = first, .configuration = PWASM_STR("one")});
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  PWASM_EXPECT_PLUGIN_STATE(pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = second}),
                            PWASM_HOST_PLUGIN_VM_REFUSED);
  expect_sound();
}

#define START_UP_TEST(function) cmocka_unit_test_setup_teardown(function, unit_setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    START_UP_TEST(start_up__asks_nothing_of_the_host_before_it_starts),
    START_UP_TEST(start_up__a_vm_that_refuses),
    START_UP_TEST(start_up__a_vm_that_starts_twice),
    START_UP_TEST(start_up__a_vm_that_is_never_started),
    START_UP_TEST(start_up__a_vm_that_starts_for_nobody),
    START_UP_TEST(start_up__a_stream_before_the_configuration),
    START_UP_TEST(start_up__a_plugin_that_is_created_twice),
    START_UP_TEST(start_up__memory_before_anything_else),
    START_UP_TEST(start_up__a_configuration_that_is_nested_deep),
    START_UP_TEST(start_up__two_vms),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
