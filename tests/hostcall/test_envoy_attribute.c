#include "../script.h"

#include <pwasm/envoy.h>

/* Every attribute, by the type of what it is read into. */
#define ATTRIBUTE(root, name) {PWASM_PATH_INIT(#root, #name), pwasm_envoy_##root##_##name}
#define OF_THE_PLUGIN(name) {PWASM_PATH_INIT(#name), pwasm_envoy_##name}
#define OF_CERTIFICATES(root)                                                                      \
  ATTRIBUTE(root, tls_version), ATTRIBUTE(root, subject_local_certificate),                        \
    ATTRIBUTE(root, subject_peer_certificate), ATTRIBUTE(root, dns_san_local_certificate),         \
    ATTRIBUTE(root, dns_san_peer_certificate), ATTRIBUTE(root, uri_san_local_certificate),         \
    ATTRIBUTE(root, uri_san_peer_certificate), ATTRIBUTE(root, sha256_peer_certificate_digest),    \
    ATTRIBUTE(root, transport_failure_reason)

static const struct {
  PwasmStr path;
  PwasmStatus (*get)(PwasmStr *ret_value);
} of_bytes[] = {
  OF_THE_PLUGIN(plugin_name),
  OF_THE_PLUGIN(plugin_root_id),
  OF_THE_PLUGIN(plugin_vm_id),
  ATTRIBUTE(request, path),
  ATTRIBUTE(request, url_path),
  ATTRIBUTE(request, query),
  ATTRIBUTE(request, host),
  ATTRIBUTE(request, scheme),
  ATTRIBUTE(request, method),
  ATTRIBUTE(request, referer),
  ATTRIBUTE(request, useragent),
  ATTRIBUTE(request, id),
  ATTRIBUTE(request, protocol),
  ATTRIBUTE(response, code_details),
  ATTRIBUTE(source, address),
  ATTRIBUTE(destination, address),
  ATTRIBUTE(connection, requested_server_name),
  OF_CERTIFICATES(connection),
  ATTRIBUTE(connection, termination_details),
  ATTRIBUTE(upstream, address),
  ATTRIBUTE(upstream, local_address),
  OF_CERTIFICATES(upstream),
  ATTRIBUTE(upstream, locality),
  ATTRIBUTE(xds, node),
  ATTRIBUTE(xds, cluster_name),
  ATTRIBUTE(xds, cluster_metadata),
  ATTRIBUTE(xds, route_name),
  ATTRIBUTE(xds, route_metadata),
  ATTRIBUTE(xds, virtual_host_name),
  ATTRIBUTE(xds, virtual_host_metadata),
  ATTRIBUTE(xds, upstream_host_metadata),
  ATTRIBUTE(xds, upstream_host_locality_metadata),
  ATTRIBUTE(xds, filter_chain_name),
  ATTRIBUTE(xds, listener_metadata),
};

static const struct {
  PwasmStr path;
  PwasmStatus (*get)(int64_t *ret_value);
} of_int64[] = {
  ATTRIBUTE(request, size),           ATTRIBUTE(request, total_size),
  ATTRIBUTE(response, code),          ATTRIBUTE(response, flags),
  ATTRIBUTE(response, grpc_status),   ATTRIBUTE(response, size),
  ATTRIBUTE(response, total_size),    ATTRIBUTE(source, port),
  ATTRIBUTE(destination, port),       ATTRIBUTE(upstream, port),
  ATTRIBUTE(xds, listener_direction),
};

static const struct {
  PwasmStr path;
  PwasmStatus (*get)(uint64_t *ret_value);
} of_uint64[] = {
  ATTRIBUTE(request, time),
  ATTRIBUTE(request, duration),
  ATTRIBUTE(response, backend_latency),
  ATTRIBUTE(connection, id),
  {PWASM_PATH_INIT("connection_id"), pwasm_envoy_wasm_connection_id},
  ATTRIBUTE(upstream, request_attempt_count),
  ATTRIBUTE(upstream, cx_pool_ready_duration),
};

static const struct {
  PwasmStr path;
  PwasmStatus (*get)(PwasmPairs *ret_pairs);
} of_pairs[] = {
  ATTRIBUTE(request, headers),
  ATTRIBUTE(response, headers),
  ATTRIBUTE(response, trailers),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NUM_ATTRIBUTES (COUNT(of_bytes) + COUNT(of_int64) + COUNT(of_uint64) + COUNT(of_pairs) + 1)

#define WIRE_PAIRS "\1\0\0\0\1\0\0\0\1\0\0\0n\0v\0"

/* All have values that tell them apart, or none when there `are_none`. */
static void
set_all(bool are_none)
{
  const PwasmStr none = {NULL, 0};

  for (size_t i = 0; i < COUNT(of_bytes); i++)
    pwasm_host_property_set(host, of_bytes[i].path, are_none ? none : of_bytes[i].path);
  for (size_t i = 0; i < COUNT(of_int64); i++)
    pwasm_host_property_set(host, of_int64[i].path,
                            are_none ? none : PWASM_HOST_INT64(-(int64_t)i - 1));
  for (size_t i = 0; i < COUNT(of_uint64); i++)
    pwasm_host_property_set(host, of_uint64[i].path,
                            are_none ? none : PWASM_HOST_INT64((int64_t)i + 1));
  for (size_t i = 0; i < COUNT(of_pairs); i++)
    pwasm_host_property_set(host, of_pairs[i].path, are_none ? none : PWASM_STR(WIRE_PAIRS));
  pwasm_host_property_set(host, PWASM_PATH("connection", "mtls"),
                          are_none ? none : PWASM_HOST_BOOL(true));
}

static void
get_all(PwasmHttpContext *ctx)
{
  PwasmStr bytes;
  int64_t int64;
  uint64_t uint64;
  PwasmPairs pairs;
  bool boolean = false;

  (void)ctx;
  for (size_t i = 0; i < COUNT(of_bytes); i++) {
    assert_ok(of_bytes[i].get(&bytes));
    assert_true(pwasm_str_equal(bytes, of_bytes[i].path));
  }
  for (size_t i = 0; i < COUNT(of_int64); i++) {
    assert_ok(of_int64[i].get(&int64));
    assert_int_equal(int64, -(int64_t)i - 1);
  }
  for (size_t i = 0; i < COUNT(of_uint64); i++) {
    assert_ok(of_uint64[i].get(&uint64));
    assert_int_equal(uint64, i + 1);
  }
  for (size_t i = 0; i < COUNT(of_pairs); i++) {
    assert_ok(of_pairs[i].get(&pairs));
    assert_int_equal(pwasm_pairs_count(&pairs), 1);
  }
  assert_ok(pwasm_envoy_connection_mtls(&boolean));
  assert_true(boolean);
}

static void
envoy_attribute__all_can_be_read(void **state)
{
  (void)state;
  set_all(false);
  run_in_request(get_all);
  PWASM_EXPECT_CALLS(host, "proxy_get_property", NUM_ATTRIBUTES);
}

/* All answer with the same status, and leave alone what they were given. */
static void
expect_all(PwasmStatus status)
{
  PwasmStr bytes = PWASM_STR("before");
  int64_t int64 = -7;
  uint64_t uint64 = 7;
  PwasmPairs pairs = {.num_left = 7};
  bool boolean = true;

  for (size_t i = 0; status != PWASM_STATUS_TYPE_MISMATCH && i < COUNT(of_bytes); i++)
    assert_int_equal(of_bytes[i].get(&bytes), status);
  for (size_t i = 0; i < COUNT(of_int64); i++)
    assert_int_equal(of_int64[i].get(&int64), status);
  for (size_t i = 0; i < COUNT(of_uint64); i++)
    assert_int_equal(of_uint64[i].get(&uint64), status);
  for (size_t i = 0; i < COUNT(of_pairs); i++)
    assert_int_equal(of_pairs[i].get(&pairs), status);
  assert_int_equal(pwasm_envoy_connection_mtls(&boolean), status);
  assert_str(bytes, "before");
  assert_int_equal(int64, -7);
  assert_int_equal(uint64, 7);
  assert_int_equal(pwasm_pairs_count(&pairs), 7);
  assert_true(boolean);
}

static void
get_what_fails(PwasmHttpContext *ctx)
{
  static const PwasmStatus statuses[] = {PWASM_STATUS_INVALID_MEMORY_ACCESS,
                                         PWASM_STATUS_INTERNAL_FAILURE, PWASM_STATUS_UNIMPLEMENTED,
                                         (PwasmStatus)77};
  static const char large[1 << 20];
  PwasmStr message;

  (void)ctx;
  expect_all(PWASM_STATUS_NOT_FOUND);
  pwasm_host_answer(host, "proxy_get_property", 0, PWASM_STR("of no type at all"));
  expect_all(PWASM_STATUS_TYPE_MISMATCH);
  for (size_t i = 0; i < COUNT(statuses); i++) {
    pwasm_host_fail(host, "proxy_get_property", 0, statuses[i]);
    expect_all(statuses[i]);
  }
  /* Envoy's, of a locality without any. */
  pwasm_host_fail(host, "proxy_get_property", 0, PWASM_STATUS_SERIALIZATION_FAILURE);
  assert_status(pwasm_envoy_xds_upstream_host_locality_metadata(&message), SERIALIZATION_FAILURE);
  pwasm_host_answer(host, "proxy_get_property", 0, pwasm_str(large, sizeof large));
  pwasm_vm_fail_allocations_after(0);
  expect_all(PWASM_STATUS_OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
envoy_attribute__all_say_why_not(void **state)
{
  (void)state;
  set_all(true);
  run_in_request(get_what_fails);
}

#define FILTER PWASM_STR("envoy.filters.http.lua")
#define KEY PWASM_STR("key")

/* Metadata, and both sorts of filter state. */
static void
expect_each(PwasmStatus status, PwasmStr key)
{
  PwasmStr value = PWASM_STR("before");

  assert_int_equal(pwasm_envoy_metadata_get(FILTER, key, &value), status);
  assert_int_equal(pwasm_envoy_filter_state_get(key, &value), status);
  assert_int_equal(pwasm_envoy_upstream_filter_state_get(key, &value), status);
  assert_str(value, "before");
}

static void
get_of_other_filters(PwasmHttpContext *ctx)
{
  PwasmStr value = PWASM_STR("before");

  (void)ctx;
  expect_each(PWASM_STATUS_NOT_FOUND, PWASM_STR("none"));
  expect_each(PWASM_STATUS_BAD_ARGUMENT, PWASM_STR("a\0b"));
  assert_status(pwasm_envoy_metadata_get(PWASM_STR("a\0b"), KEY, &value), BAD_ARGUMENT);
  assert_str(value, "before");
  assert_ok(pwasm_envoy_metadata_get(FILTER, KEY, &value));
  assert_str(value, "metadata");
  assert_ok(pwasm_envoy_filter_state_get(KEY, &value));
  assert_str(value, "downstream");
  assert_ok(pwasm_envoy_upstream_filter_state_get(KEY, &value));
  assert_str(value, "upstream");
  pwasm_host_fail(host, "proxy_get_property", 0, PWASM_STATUS_SERIALIZATION_FAILURE);
  expect_each(PWASM_STATUS_SERIALIZATION_FAILURE, KEY);
}

static void
envoy_attribute__of_other_filters(void **state)
{
  (void)state;
  pwasm_host_property_set(
    host, PWASM_PATH("metadata", "filter_metadata", "envoy.filters.http.lua", "key"),
    PWASM_STR("metadata"));
  pwasm_host_property_set(host, PWASM_PATH("filter_state", "key"), PWASM_STR("downstream"));
  pwasm_host_property_set(host, PWASM_PATH("upstream_filter_state", "key"), PWASM_STR("upstream"));
  run_in_request(get_of_other_filters);
}

/* Neither for the path. */
static void
fail_without_memory(PwasmHttpContext *ctx)
{
  (void)ctx;
  while (pwasm_arena_alloc(pwasm_scratch(), 1024) != NULL)
    pwasm_vm_fail_allocations_after(0);
  while (pwasm_arena_alloc(pwasm_scratch(), 1) != NULL)
    ;
  expect_each(PWASM_STATUS_OUT_OF_MEMORY, KEY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
envoy_attribute__of_other_filters_take_memory(void **state)
{
  (void)state;
  run_in_request(fail_without_memory);
  PWASM_EXPECT_CALLS(host, "proxy_get_property", 0);
}

static void
envoy_attribute__directions_have_the_numbers_of_envoy(void **state)
{
  (void)state;
  assert_int_equal(PWASM_ENVOY_DIRECTION_UNSPECIFIED, 0);
  assert_int_equal(PWASM_ENVOY_DIRECTION_INBOUND, 1);
  assert_int_equal(PWASM_ENVOY_DIRECTION_OUTBOUND, 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(envoy_attribute__all_can_be_read),
    SCRIPT_TEST(envoy_attribute__all_say_why_not),
    SCRIPT_TEST(envoy_attribute__of_other_filters),
    SCRIPT_TEST(envoy_attribute__of_other_filters_take_memory),
    cmocka_unit_test(envoy_attribute__directions_have_the_numbers_of_envoy),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
