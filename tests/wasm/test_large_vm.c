#include "../unit.h"

/* What is too large for the memory that lies in the module is not put there. */

static void
wasm__what_is_larger_than_the_first_memory_gets_its_own(void **state)
{
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)state;
  pwasm_host_vm_memory(vm, &before);
  PWASM_EXPECT_PLUGIN_STATE(pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm}),
                            PWASM_HOST_PLUGIN_RUNNING);
  pwasm_host_vm_memory(vm, &after);
  assert_true(after.reserved >= before.reserved + 65536);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(wasm__what_is_larger_than_the_first_memory_gets_its_own,
                                    unit_setup, unit_teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
