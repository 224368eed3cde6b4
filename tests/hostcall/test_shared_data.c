#include "../script.h"

#define KEY PWASM_STR("key")
#define HUGE_STR pwasm_str("", (size_t)UINT32_MAX + 1)
#define SET "proxy_set_shared_data"
#define GET_DATA "proxy_get_shared_data"

static void
run_in_tick(void (*function)(PwasmPluginContext *ctx))
{
  PwasmHostPlugin *plugin = start_plugin();

  script.on_tick = function;
  pwasm_host_tick(plugin);
}

static void
assert_value(const char *expected)
{
  assert_str(pwasm_host_shared_data_get(host, "", "key"), expected);
}

static void
get(PwasmPluginContext *ctx)
{
  PwasmStr value = PWASM_STR("before");
  uint32_t cas = 42;
  uint32_t new_cas;

  (void)ctx;
  assert_status(pwasm_shared_data_get(KEY, &value, &cas), NOT_FOUND);
  assert_str(value, "before");
  assert_int_equal(cas, 42);
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("")));
  assert_ok(pwasm_shared_data_get(KEY, &value, &cas));
  assert_true(pwasm_str_is_present(value));
  assert_int_equal(value.len, 0);
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("a\0b")));
  assert_ok(pwasm_shared_data_get(KEY, &value, &new_cas));
  assert_int_equal(value.len, 3);
  assert_memory_equal(value.data, "a\0b", 3);
  assert_int_not_equal(new_cas, cas);
  assert_ok(pwasm_shared_data_get(KEY, &value, NULL));
}

static void
shared_data__missing_is_not_empty(void **state)
{
  (void)state;
  run_in_tick(get);
}

static void
get_in_vain(PwasmPluginContext *ctx)
{
  PwasmStr value = PWASM_STR("before");
  uint32_t cas = 42;

  (void)ctx;
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("value")));
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_shared_data_get(KEY, &value, &cas), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_status(pwasm_shared_data_get(HUGE_STR, &value, &cas), TOO_LARGE);
  assert_str(value, "before");
  assert_int_equal(cas, 42);
}

static void
shared_data__get_says_why_not(void **state)
{
  (void)state;
  run_in_tick(get_in_vain);
}

static void
compare_and_set(PwasmPluginContext *ctx)
{
  PwasmStr value;
  uint32_t cas;

  (void)ctx;
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("old")));
  assert_ok(pwasm_shared_data_get(KEY, &value, &cas));
  assert_ok(pwasm_shared_data_compare_and_set(KEY, PWASM_STR("new"), cas));
  assert_status(pwasm_shared_data_compare_and_set(KEY, PWASM_STR("late"), cas), CAS_MISMATCH);
  assert_value("new");
  assert_ok(pwasm_shared_data_compare_and_set(KEY, pwasm_str(NULL, 0), 0));
  assert_value("");
}

static void
shared_data__compare_and_set_finds_changes(void **state)
{
  (void)state;
  run_in_tick(compare_and_set);
}

static void
set_once(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("value")));
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("other")));
  PWASM_EXPECT_CALLS(host, SET, 2);
  PWASM_EXPECT_CALLS(host, GET_DATA, 0);
}

static void
shared_data__set_is_one_call(void **state)
{
  (void)state;
  run_in_tick(set_once);
  assert_value("other");
}

/* As a host does that compares the cas whatever it is, and 0 with that of a missing value. */
static void
strict(PwasmPluginContext *ctx)
{
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)ctx;
  pwasm_host_shared_data_set(host, "", "key", PWASM_STR("old"));
  pwasm_vm_memory(&before);
  pwasm_host_fail(host, SET, 1, PWASM_STATUS_CAS_MISMATCH);
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("value")));
  pwasm_vm_memory(&after);
  assert_int_equal(after.in_use, before.in_use);
  PWASM_EXPECT_CALLS(host, SET, 2);
  PWASM_EXPECT_CALLS(host, GET_DATA, 1);
  assert_non_null(strstr(pwasm_host_trace(host), "proxy_set_shared_data(\"key\", \"value\", 1)"));
}

static void
shared_data__set_overwrites_where_the_cas_counts(void **state)
{
  (void)state;
  run_in_tick(strict);
  assert_value("value");
}

static void
always_lose(PwasmPluginContext *ctx)
{
  (void)ctx;
  pwasm_host_fail(host, SET, 0, PWASM_STATUS_CAS_MISMATCH);
  assert_status(pwasm_shared_data_set(KEY, PWASM_STR("value")), CAS_MISMATCH);
  assert_in_range(pwasm_host_calls(host, SET), 2, 100);
  pwasm_host_fail(host, GET_DATA, 1, PWASM_STATUS_INTERNAL_FAILURE);
  assert_status(pwasm_shared_data_set(KEY, PWASM_STR("value")), INTERNAL_FAILURE);
}

static void
shared_data__set_gives_up(void **state)
{
  (void)state;
  run_in_tick(always_lose);
}

/* Adds a letter. */
static unsigned num_updates;

static PwasmStatus
append_x(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  const PwasmStr parts[] = {present, PWASM_STR("x")};

  assert_ptr_equal(data, &num_updates);
  num_updates++;
  return pwasm_str_join(scratch, parts, 2, ret_value);
}

static PwasmStatus
update_x(uint32_t max_tries)
{
  num_updates = 0;
  return pwasm_shared_data_update(KEY, append_x, &num_updates, max_tries);
}

static void
update(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_ok(update_x(1));
  assert_value("x");
  assert_ok(update_x(1));
  assert_value("xx");
  assert_status(update_x(0), BAD_ARGUMENT);
  assert_int_equal(num_updates, 0);
}

static void
shared_data__update_changes_and_makes(void **state)
{
  (void)state;
  run_in_tick(update);
}

static unsigned num_rivals;

/* Another VM is faster. */
static void
rival(PwasmHost *of, void *data)
{
  if (num_rivals > 0) {
    num_rivals--;
    pwasm_host_shared_data_set(of, "", "key", pwasm_str_from_cstr(data));
  }
}

static void
lose_thrice(PwasmPluginContext *ctx)
{
  PwasmVmMemory before;
  PwasmVmMemory after;

  (void)ctx;
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("old")));
  pwasm_host_hook(host, SET, rival, (char[]){"rival"});
  num_rivals = 3;
  pwasm_vm_memory(&before);
  assert_ok(update_x(4));
  pwasm_vm_memory(&after);
  assert_int_equal(num_updates, 4);
  assert_int_equal(after.in_use, before.in_use);
  assert_value("rivalx");
  num_rivals = 3;
  assert_status(update_x(3), CAS_MISMATCH);
  assert_int_equal(num_updates, 3);
  assert_value("rival");
}

static void
shared_data__update_tries_again(void **state)
{
  (void)state;
  run_in_tick(lose_thrice);
}

static void
lose_at_birth(PwasmPluginContext *ctx)
{
  (void)ctx;
  pwasm_host_hook(host, SET, rival, (char[]){"rival"});
  num_rivals = 1;
  assert_ok(update_x(2));
  assert_int_equal(num_updates, 2);
  assert_value("rivalx");
}

static void
shared_data__update_does_not_overwrite_what_was_just_made(void **state)
{
  (void)state;
  run_in_tick(lose_at_birth);
}

static void
make_with_cas_0(PwasmPluginContext *ctx)
{
  (void)ctx;
  pwasm_host_fail(host, SET, 1, PWASM_STATUS_CAS_MISMATCH);
  assert_ok(update_x(1));
  assert_int_equal(num_updates, 1);
  assert_value("x");
  assert_non_null(strstr(pwasm_host_trace(host), "proxy_set_shared_data(\"key\", \"x\", 0) = OK"));
}

static void
shared_data__update_makes_a_value_where_only_0_does(void **state)
{
  (void)state;
  run_in_tick(make_with_cas_0);
}

static PwasmStatus
leave(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  (void)scratch;
  (void)ret_value;
  *(bool *)data = pwasm_str_is_present(present);
  return PWASM_STATUS_OK;
}

static PwasmStatus
refuse(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  (void)present;
  (void)scratch;
  *ret_value = PWASM_STR("not this");
  ++*(unsigned *)data;
  return PWASM_STATUS_CAS_MISMATCH;
}

static void
stop(PwasmPluginContext *ctx)
{
  bool is_present = true;
  unsigned num_refused = 0;

  (void)ctx;
  assert_ok(pwasm_shared_data_update(KEY, leave, &is_present, 1));
  assert_false(is_present);
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("")));
  assert_ok(pwasm_shared_data_update(KEY, leave, &is_present, 1));
  assert_true(is_present);
  assert_status(pwasm_shared_data_update(KEY, refuse, &num_refused, 9), CAS_MISMATCH);
  assert_int_equal(num_refused, 1);
  PWASM_EXPECT_CALLS(host, SET, 1);
  pwasm_host_fail(host, GET_DATA, 1, PWASM_STATUS_UNIMPLEMENTED);
  assert_status(update_x(9), UNIMPLEMENTED);
  assert_int_equal(num_updates, 0);
}

static void
shared_data__update_may_stop(void **state)
{
  (void)state;
  run_in_tick(stop);
  assert_value("");
}

static PwasmStatus
make_value(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  (void)present;
  (void)scratch;
  (void)data;
  *ret_value = PWASM_STR("value");
  return PWASM_STATUS_OK;
}

static PwasmStatus
make_huge(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  (void)present;
  (void)scratch;
  (void)data;
  *ret_value = HUGE_STR;
  return PWASM_STATUS_OK;
}

static void
set_in_vain(PwasmPluginContext *ctx)
{
  (void)ctx;
  assert_status(pwasm_shared_data_set(KEY, HUGE_STR), TOO_LARGE);
  assert_status(pwasm_shared_data_set(HUGE_STR, KEY), TOO_LARGE);
  assert_status(pwasm_shared_data_compare_and_set(KEY, HUGE_STR, 1), TOO_LARGE);
  assert_status(pwasm_shared_data_compare_and_set(HUGE_STR, KEY, 1), TOO_LARGE);
  assert_status(pwasm_shared_data_update(KEY, make_huge, NULL, 1), TOO_LARGE);
  PWASM_EXPECT_CALLS(host, SET, 0);
  /* Where the present cas has to be read, the value comes with it. */
  assert_ok(pwasm_shared_data_set(KEY, PWASM_STR("value")));
  pwasm_host_fail(host, SET, 0, PWASM_STATUS_CAS_MISMATCH);
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_shared_data_set(KEY, PWASM_STR("new")), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
shared_data__set_says_why_not(void **state)
{
  (void)state;
  run_in_tick(set_in_vain);
  assert_value("value");
}

/* Where only the right cas overwrites, it has to be read, which may fail as well. */
static void
set_without_the_cas(PwasmPluginContext *ctx)
{
  int num_refused = 0;

  (void)ctx;
  pwasm_host_fail(host, SET, 0, PWASM_STATUS_CAS_MISMATCH);
  pwasm_host_fail(host, GET_DATA, 1, PWASM_STATUS_INTERNAL_FAILURE);
  assert_status(pwasm_shared_data_set(KEY, PWASM_STR("value")), INTERNAL_FAILURE);
  /* The second time: the first finds that there is none. */
  pwasm_host_fail(host, GET_DATA, 2, PWASM_STATUS_INTERNAL_FAILURE);
  assert_status(pwasm_shared_data_update(KEY, make_value, &num_refused, 3), INTERNAL_FAILURE);
}

static void
shared_data__overwriting_fails_without_the_cas(void **state)
{
  (void)state;
  run_in_tick(set_without_the_cas);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(shared_data__missing_is_not_empty),
    SCRIPT_TEST(shared_data__get_says_why_not),
    SCRIPT_TEST(shared_data__compare_and_set_finds_changes),
    SCRIPT_TEST(shared_data__set_is_one_call),
    SCRIPT_TEST(shared_data__set_overwrites_where_the_cas_counts),
    SCRIPT_TEST(shared_data__set_gives_up),
    SCRIPT_TEST(shared_data__set_says_why_not),
    SCRIPT_TEST(shared_data__update_changes_and_makes),
    SCRIPT_TEST(shared_data__update_tries_again),
    SCRIPT_TEST(shared_data__update_does_not_overwrite_what_was_just_made),
    SCRIPT_TEST(shared_data__update_makes_a_value_where_only_0_does),
    SCRIPT_TEST(shared_data__update_may_stop),
    SCRIPT_TEST(shared_data__overwriting_fails_without_the_cas),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
