#include "../script.h"

#include <pwasm/abi.h>

static void
run_in_tick(void (*function)(PwasmPluginContext *ctx), PwasmHostVm *vm)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = vm});

  script.on_tick = function;
  pwasm_host_tick(plugin);
}

static uint32_t
set(const char *value, uint32_t cas)
{
  return proxy_set_shared_data("k", 1, value, (uint32_t)strlen(value), cas);
}

static uint32_t
cas_of(const char *key)
{
  PwasmStr value;
  uint32_t cas = 0;

  assert_ok(pwasm_shared_data_get(pwasm_str_from_cstr(key), &value, &cas));
  return cas;
}

static void
set_all(PwasmPluginContext *ctx)
{
  (void)ctx;
  /* Of what does not exist the cas does not count. */
  assert_int_equal(set("a", 42), PWASM_STATUS_OK);
  assert_int_equal(cas_of("k"), 1);
  assert_int_equal(set("b", 42), PWASM_STATUS_CAS_MISMATCH);
  assert_int_equal(cas_of("k"), 1);
  assert_int_equal(set("b", 1), PWASM_STATUS_OK);
  assert_int_equal(set("c", 0), PWASM_STATUS_OK);
  assert_int_equal(cas_of("k"), 3);
  /* One count for all keys. */
  assert_int_equal(proxy_set_shared_data("other", 5, NULL, 0, 0), PWASM_STATUS_OK);
  assert_int_equal(cas_of("other"), 4);
}

static void
host_shared_data__cas_is_as_in_envoy(void **state)
{
  (void)state;
  run_in_tick(set_all, NULL);
  assert_str(pwasm_host_shared_data_get(host, "", "k"), "c");
  assert_str(pwasm_host_shared_data_get(host, "", "other"), "");
  assert_true(pwasm_str_is_present(pwasm_host_shared_data_get(host, "", "other")));
  assert_false(pwasm_str_is_present(pwasm_host_shared_data_get(host, "", "k2")));
}

static void
set_a(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_int_equal(set("a", 0), PWASM_STATUS_OK);
}

static void
find_a(PwasmPluginContext *ctx)
{
  PwasmStr value;

  (void)ctx;
  assert_ok(pwasm_shared_data_get(PWASM_STR("k"), &value, NULL));
  assert_str(value, "a");
}

static void
find_nothing(PwasmPluginContext *ctx)
{
  PwasmStr value;

  (void)ctx;
  assert_status(pwasm_shared_data_get(PWASM_STR("k"), &value, NULL), NOT_FOUND);
}

static void
host_shared_data__is_for_vms_of_one_id(void **state)
{
  (void)state;
  run_in_tick(set_a, pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("x")}));
  run_in_tick(find_a, pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("x")}));
  run_in_tick(find_nothing, pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("y")}));
  run_in_tick(find_nothing, pwasm_host_vm_new(host, NULL));
  assert_str(pwasm_host_shared_data_get(host, "x", "k"), "a");
  pwasm_host_shared_data_set(host, "y", "k", PWASM_STR("a"));
  run_in_tick(find_a, pwasm_host_vm_new(host, &(PwasmHostVmOptions){.id = PWASM_STR("y")}));
}

static void
find_ordered(PwasmPluginContext *ctx)
{
  PwasmStr value;

  (void)ctx;
  pwasm_host_answer(host, "proxy_get_shared_data", 1, PWASM_STR("ordered"));
  assert_ok(pwasm_shared_data_get(PWASM_STR("k"), &value, NULL));
  assert_str(value, "ordered");
}

static void
host_shared_data__answer_can_be_ordered(void **state)
{
  (void)state;
  run_in_tick(find_ordered, NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(host_shared_data__cas_is_as_in_envoy),
    SCRIPT_TEST(host_shared_data__is_for_vms_of_one_id),
    SCRIPT_TEST(host_shared_data__answer_can_be_ordered),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
