#include "../script.h"

#include <stdlib.h>

static void
property__literal_paths(void **state)
{
  static const PwasmStr constant = PWASM_PATH_INIT("xds", "1", "2");
  PwasmStr one = PWASM_PATH("plugin_name");
  PwasmStr eight = PWASM_PATH("a", "b", "c.d", "4", "e", "f", "g", "h");

  (void)state;
  assert_str(one, "plugin_name");
  assert_int_equal(constant.len, 7);
  assert_memory_equal(constant.data,
                      "xds\0"
                      "1\0"
                      "2",
                      7);
  assert_int_equal(eight.len, 17);
  assert_memory_equal(eight.data,
                      "a\0b\0c.d\0"
                      "4\0e\0f\0g\0h",
                      17);
}

static void
property__joined_paths(void **state)
{
  const PwasmStr segments[] = {
    PWASM_STR("metadata"), PWASM_STR("a.b"), PWASM_STR(""), {NULL, 0}, PWASM_STR("c")};
  const PwasmStr with_nul[] = {PWASM_STR("a"), PWASM_STR("b\0c")};
  PwasmArena arena = {0};
  PwasmStr path = PWASM_STR("before");

  (void)state;
  assert_status(pwasm_path_join(&arena, segments, 0, &path), BAD_ARGUMENT);
  assert_status(pwasm_path_join(&arena, &segments[2], 1, &path), BAD_ARGUMENT);
  assert_status(pwasm_path_join(&arena, with_nul, 2, &path), BAD_ARGUMENT);
  assert_str(path, "before");
  assert_ok(pwasm_path_join(&arena, segments, 1, &path));
  assert_str(path, "metadata");
  assert_ok(pwasm_path_join(&arena, segments, 5, &path));
  assert_int_equal(path.len, 16);
  assert_memory_equal(path.data, "metadata\0a.b\0\0\0c", 16);
  pwasm_arena_reset(&arena);
}

static void
property__joining_can_fail(void **state)
{
  const PwasmStr segments[] = {PWASM_STR("a"), PWASM_STR("b")};
  PwasmArena arena = {0};
  PwasmStr path = PWASM_STR("before");

  (void)state;
  start_plugin();
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_path_join(&arena, segments, 2, &path), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(path, "before");
}

#define WIRE_LIST "\1\0\0\0\1\0\0\0\0\0\0\0a\0\0"

static void
get_each_type(PwasmHttpContext *ctx)
{
  PwasmStr value;
  int64_t int64;
  uint64_t uint64;
  double number;
  bool boolean;
  PwasmPairs pairs;
  PwasmPair pair;
  PwasmList list;

  (void)ctx;
  assert_ok(pwasm_property_get(PWASM_PATH("a", "bytes"), &value));
  assert_str(value, "x");
  assert_ok(pwasm_property_get_string(PWASM_PATH("a", "bytes"), &value));
  assert_str(value, "x");
  assert_ok(pwasm_property_get_message(PWASM_PATH("a", "empty"), &value));
  assert_true(pwasm_str_is_present(value));
  assert_int_equal(value.len, 0);
  assert_ok(pwasm_property_get_int64(PWASM_PATH("a", "minus"), &int64));
  assert_int_equal(int64, -5);
  assert_ok(pwasm_property_get_uint64(PWASM_PATH("a", "number"), &uint64));
  assert_int_equal(uint64, 1234);
  assert_ok(pwasm_property_get_time(PWASM_PATH("a", "number"), &uint64));
  assert_int_equal(uint64, 1234);
  assert_ok(pwasm_property_get_duration(PWASM_PATH("a", "number"), &uint64));
  assert_int_equal(uint64, 1234);
  assert_ok(pwasm_property_get_double(PWASM_PATH("a", "double"), &number));
  assert_true(number == 1.5);
  assert_ok(pwasm_property_get_bool(PWASM_PATH("a", "bool"), &boolean));
  assert_true(boolean);
  assert_ok(pwasm_property_get_map(PWASM_PATH("request", "headers"), &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 2);
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, ":method");
  assert_ok(pwasm_property_get_list(PWASM_PATH("a", "list"), &list));
  assert_true(pwasm_list_next(&list, &value));
  assert_str(value, "a");
}

static void
property__typed_getters(void **state)
{
  (void)state;
  pwasm_host_property_set(host, PWASM_PATH("a", "bytes"), PWASM_STR("x"));
  pwasm_host_property_set(host, PWASM_PATH("a", "empty"), PWASM_STR(""));
  pwasm_host_property_set(host, PWASM_PATH("a", "minus"), PWASM_HOST_INT64(-5));
  pwasm_host_property_set(host, PWASM_PATH("a", "number"), PWASM_HOST_INT64(1234));
  pwasm_host_property_set(host, PWASM_PATH("a", "double"), PWASM_HOST_DOUBLE(1.5));
  pwasm_host_property_set(host, PWASM_PATH("a", "bool"), PWASM_HOST_BOOL(true));
  pwasm_host_property_set(host, PWASM_PATH("a", "list"), PWASM_STR(WIRE_LIST));
  run_in_request(get_each_type);
  PWASM_EXPECT_CALLS(host, "proxy_get_property", 11);
}

/* Calls every getter; all answer with the same status, and leave alone what they were given. */
static void
get_each_with(PwasmStr path, PwasmStatus status)
{
  PwasmStr value = PWASM_STR("before");
  int64_t int64 = -7;
  uint64_t uint64 = 7;
  double number = 7;
  bool boolean = true;
  PwasmPairs pairs = {.num_left = 7};
  PwasmList list = {.pairs = {.num_left = 7}};

  assert_int_equal(pwasm_property_get_int64(path, &int64), status);
  assert_int_equal(int64, -7);
  assert_int_equal(pwasm_property_get_uint64(path, &uint64), status);
  assert_int_equal(pwasm_property_get_time(path, &uint64), status);
  assert_int_equal(pwasm_property_get_duration(path, &uint64), status);
  assert_int_equal(uint64, 7);
  assert_int_equal(pwasm_property_get_double(path, &number), status);
  assert_true(number == 7);
  assert_int_equal(pwasm_property_get_bool(path, &boolean), status);
  assert_true(boolean);
  assert_int_equal(pwasm_property_get_map(path, &pairs), status);
  assert_int_equal(pwasm_pairs_count(&pairs), 7);
  assert_int_equal(pwasm_property_get_list(path, &list), status);
  assert_int_equal(pwasm_list_count(&list), 7);
  if (status == PWASM_STATUS_TYPE_MISMATCH)
    return;
  assert_int_equal(pwasm_property_get(path, &value), status);
  assert_int_equal(pwasm_property_get_string(path, &value), status);
  assert_int_equal(pwasm_property_get_message(path, &value), status);
  assert_str(value, "before");
}

static void
get_what_fails(PwasmHttpContext *ctx)
{
  (void)ctx;
  get_each_with(PWASM_PATH("a"), PWASM_STATUS_TYPE_MISMATCH);
  get_each_with(PWASM_PATH("b"), PWASM_STATUS_NOT_FOUND);
  get_each_with(PWASM_PATH("request"), PWASM_STATUS_SERIALIZATION_FAILURE);
  get_each_with(PWASM_STR(""), PWASM_STATUS_SERIALIZATION_FAILURE);
  get_each_with(pwasm_str("x", (size_t)UINT32_MAX + 1), PWASM_STATUS_TOO_LARGE);
  pwasm_host_fail(host, "proxy_get_property", 0, PWASM_STATUS_INTERNAL_FAILURE);
  get_each_with(PWASM_PATH("a"), PWASM_STATUS_INTERNAL_FAILURE);
}

static void
property__getters_say_why_not(void **state)
{
  (void)state;
  pwasm_host_property_set(host, PWASM_PATH("a"), PWASM_STR("no type at all"));
  run_in_request(get_what_fails);
}

static void
get_without_memory(PwasmHttpContext *ctx)
{
  PwasmStr value = PWASM_STR("before");

  (void)ctx;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_property_get(PWASM_PATH("a"), &value), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(value, "before");
}

static void
property__getting_can_run_out_of_memory(void **state)
{
  char *large = calloc(1, 1 << 20);

  (void)state;
  pwasm_host_property_set(host, PWASM_PATH("a"), pwasm_str(large, 1 << 20));
  free(large);
  run_in_request(get_without_memory);
}

static void
set_and_get(PwasmHttpContext *ctx)
{
  PwasmStr value = PWASM_STR("before");

  (void)ctx;
  assert_ok(pwasm_property_set(PWASM_PATH("user"), PWASM_STR("alice")));
  assert_ok(pwasm_property_get_string(PWASM_PATH("user"), &value));
  assert_str(value, "alice");
  assert_ok(pwasm_property_set(PWASM_PATH("user"), PWASM_STR("")));
  assert_ok(pwasm_property_get_string(PWASM_PATH("user"), &value));
  assert_str(value, "");
  assert_ok(pwasm_property_set(PWASM_PATH("user", "name"), PWASM_STR("bob")));
  assert_status(pwasm_property_get_string(PWASM_PATH("user", "name"), &value), NOT_FOUND);
  assert_status(pwasm_property_set(PWASM_PATH("a"), pwasm_str("x", (size_t)UINT32_MAX + 1)),
                TOO_LARGE);
  assert_status(pwasm_property_set(pwasm_str("x", (size_t)UINT32_MAX + 1), PWASM_STR("")),
                TOO_LARGE);
  pwasm_host_fail(host, "proxy_set_property", 0, PWASM_STATUS_BAD_ARGUMENT);
  assert_status(pwasm_property_set(PWASM_PATH("user"), PWASM_STR("carol")), BAD_ARGUMENT);
}

static void
property__set_is_the_streams(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  http = run_in_request(set_and_get);
  assert_str(pwasm_host_http_filter_state(http, PWASM_PATH("user")), "");
  assert_str(pwasm_host_http_filter_state(http, PWASM_PATH("user", "name")), "bob");
  assert_false(pwasm_str_is_present(pwasm_host_http_filter_state(http, PWASM_PATH("a"))));
}

static bool
set_while_configuring(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)ctx;
  (void)configuration_size;
  assert_status(pwasm_property_set(PWASM_PATH("a"), PWASM_STR("b")), NOT_FOUND);
  return true;
}

static void
property__set_needs_a_stream(void **state)
{
  (void)state;
  script.on_configure = set_while_configuring;
  start_plugin();
  PWASM_EXPECT_CALLS(host, "proxy_set_property", 1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(property__literal_paths),
    SCRIPT_TEST(property__joined_paths),
    SCRIPT_TEST(property__joining_can_fail),
    SCRIPT_TEST(property__typed_getters),
    SCRIPT_TEST(property__getters_say_why_not),
    SCRIPT_TEST(property__getting_can_run_out_of_memory),
    SCRIPT_TEST(property__set_is_the_streams),
    SCRIPT_TEST(property__set_needs_a_stream),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
