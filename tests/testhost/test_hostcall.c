#include "../script.h"

#include <pwasm/abi.h>

/* Raw hostcalls, with the statuses and corner cases that Envoy has. */

static uint32_t
add(uint32_t map, const char *name, const char *value)
{
  return proxy_add_header_map_value(map, name, (uint32_t)strlen(name), value,
                                    (uint32_t)strlen(value));
}

static uint32_t
get(uint32_t map, const char *name)
{
  char *value = NULL;
  uint32_t size = 0;

  return proxy_get_header_map_value(map, name, (uint32_t)strlen(name), &value, &size);
}

static void
use_odd_types(void)
{
  char *bytes = (char *)1;
  uint32_t size = 99;

  assert_int_equal(proxy_log(6, "x", 1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_log(UINT32_MAX, "x", 1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(add(8, "a", "b"), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(get(8, "a"), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(get(6, "a"), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_get_header_map_pairs(8, &bytes, &size), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_set_header_map_pairs(8, "", 0), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_replace_header_map_value(8, "a", 1, "b", 1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_remove_header_map_value(8, "a", 1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_get_buffer_bytes(9, 0, 1, &bytes, &size), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_set_buffer_bytes(9, 0, 1, "", 0), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_continue_stream(4), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_close_stream(4), PWASM_STATUS_BAD_ARGUMENT);
  /* Of TCP: nothing to do for an HTTP stream. */
  assert_int_equal(proxy_continue_stream(2), PWASM_STATUS_OK);
  assert_int_equal(proxy_continue_stream(3), PWASM_STATUS_UNIMPLEMENTED);
  assert_int_equal(proxy_close_stream(2), PWASM_STATUS_OK);
  assert_int_equal(proxy_close_stream(3), PWASM_STATUS_OK);
  /* A map that is not readable now is empty. */
  assert_int_equal(proxy_get_header_map_pairs(2, &bytes, &size), PWASM_STATUS_OK);
  assert_null(bytes);
  assert_int_equal(size, 0);
}

static void
hostcall__refuses_types_that_there_are_not(void **state)
{
  PwasmHostHttp *http = act_in_request(use_odd_types);

  (void)state;
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_RUNNING);
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

/* Wire formats that are not quite right: the map is emptied, and all is said to be well. */
static const PwasmStr bad_pairs[] = {
  PWASM_STR_INIT("\1"),
  PWASM_STR_INIT("\0"),
  PWASM_STR_INIT("\1\0\0\0\1\0\0\0\1\0\0\0a\0b"),     /* no NUL at the end */
  PWASM_STR_INIT("\1\0\0\0\1\0\0\0\1\0\0\0a\0b\0\0"), /* a byte too many */
  PWASM_STR_INIT("\1\0\0\0\1\0\0\0\1\0\0\0axb\0"),    /* no NUL between */
  PWASM_STR_INIT("\1\0\0\0\2\0\0\0\1\0\0\0a\0b\0"),   /* sizes past the end */
  PWASM_STR_INIT("\1\0\0\0\377\377\377\377\1\0\0\0a\0b\0"),
  PWASM_STR_INIT("\2\0\0\0\1\0\0\0\1\0\0\0a\0b\0"), /* a pair too few */
  PWASM_STR_INIT("\377\377\377\377\1\0\0\0\1\0\0\0a\0b\0"),
  PWASM_STR_INIT("\1\4\0\0"), /* 1025 */
};
static size_t bad_pairs_index;

static void
set_bad_pairs(void)
{
  PwasmStr bad = bad_pairs[bad_pairs_index];

  assert_int_equal(proxy_set_header_map_pairs(0, bad.data, (uint32_t)bad.len), PWASM_STATUS_OK);
}

static void
hostcall__malformed_pairs_empty_the_map(void **state)
{
  (void)state;
  for (bad_pairs_index = 0; bad_pairs_index < sizeof bad_pairs / sizeof bad_pairs[0];
       bad_pairs_index++)
    assert_int_equal(pwasm_host_http_request(act_in_request(set_bad_pairs)).headers.num_pairs, 0);
}

static void
set_good_pairs(void)
{
  static const char pairs[] = "\1\0\0\0\1\0\0\0\1\0\0\0A\0b";

  assert_int_equal(proxy_set_header_map_pairs(0, pairs, sizeof pairs), PWASM_STATUS_OK);
}

static void
hostcall__names_are_turned_to_lower_case(void **state)
{
  PwasmHostHttp *http = act_in_request(set_good_pairs);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 1);
  assert_str(pwasm_host_http_request(http).headers.pairs[0].name, "a");
}

static void
add_to_singles(void)
{
  assert_int_equal(add(0, "Content-Type", "a"), PWASM_STATUS_OK);
  assert_int_equal(add(0, "content-type", "b"), PWASM_STATUS_OK);
  assert_int_equal(add(0, "content-type", ""), PWASM_STATUS_OK);
  assert_int_equal(add(0, ":path", "/more"), PWASM_STATUS_OK);
  assert_int_equal(add(0, "x-many", "a"), PWASM_STATUS_OK);
  assert_int_equal(add(0, "x-many", "b"), PWASM_STATUS_OK);
}

static void
hostcall__what_envoy_has_one_of_is_joined(void **state)
{
  PwasmHostHttp *http = act_in_request(add_to_singles);

  (void)state;
  PWASM_EXPECT_REQUEST_HEADER(http, "content-type", "a,b");
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/,/more");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-many", "b");
}

static void
set_too_many_pairs(void)
{
  static char pairs[4 + 1025 * 14];

  for (size_t count = 1024; count <= 1025; count++) {
    memset(pairs, 0, sizeof pairs);
    pairs[0] = (char)(count & 0xff);
    pairs[1] = (char)(count >> 8);
    for (size_t i = 0; i < count; i++) {
      pairs[4 + i * 8] = 1;
      pairs[4 + i * 8 + 4] = 1;
      memcpy(pairs + 4 + count * 8 + i * 4, "n\0v", 4);
    }
    assert_int_equal(proxy_set_header_map_pairs(0, pairs, (uint32_t)(4 + count * 12)), 0);
    assert_int_equal(get(0, "n"), count == 1024 ? PWASM_STATUS_OK : PWASM_STATUS_NOT_FOUND);
  }
}

static void
hostcall__too_many_pairs_empty_the_map(void **state)
{
  PwasmHostHttp *http = act_in_request(set_too_many_pairs);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 0);
}

/* One pair, of that many bytes in all. */
static void
set_pair_of_size(size_t size)
{
  static char pairs[PWASM_PAIRS_MAX_SIZE + 1];
  size_t value_len = size - 4 - 8 - 2 - 1;

  memset(pairs, 'v', size);
  memset(pairs, 0, 12);
  pairs[0] = 1;
  pairs[4] = 1;
  for (int i = 0; i < 4; i++)
    pairs[8 + i] = (char)(value_len >> (8 * i) & 0xff);
  memcpy(pairs + 12, "n", 2);
  pairs[size - 1] = '\0';
  assert_ok(proxy_set_header_map_pairs(0, pairs, (uint32_t)size));
}

static void
set_too_large_pairs(void)
{
  set_pair_of_size(PWASM_PAIRS_MAX_SIZE);
  assert_ok(get(0, "n"));
  set_pair_of_size(PWASM_PAIRS_MAX_SIZE + 1);
  assert_status(get(0, "n"), NOT_FOUND);
}

static void
hostcall__too_large_pairs_empty_the_map(void **state)
{
  PwasmHostHttp *http = act_in_request(set_too_large_pairs);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 0);
}

static PwasmAction
set_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  assert_int_equal(proxy_set_buffer_bytes(0, 1, 0, "x", 1), PWASM_STATUS_BAD_ARGUMENT);
  assert_int_equal(proxy_set_buffer_bytes(0, 5, 1, "x", 1), PWASM_STATUS_BAD_ARGUMENT);
  /* From 0: so many bytes are replaced; from the end on: appended. */
  assert_int_equal(proxy_set_buffer_bytes(0, 0, 2, "AB-", 3), PWASM_STATUS_OK);
  assert_int_equal(proxy_set_buffer_bytes(0, 7, 99, "!", 1), PWASM_STATUS_OK);
  return PWASM_ACTION_CONTINUE;
}

static void
hostcall__buffers_are_set_at_their_ends_only(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  script.on_request_body = set_body;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("abcdef"), true);
  PWASM_EXPECT_REQUEST_BODY(http, "AB-cdef!");
}

static void
add_three(void)
{
  (void)add(0, "x-1", "");
  (void)add(0, "x-2", "");
  (void)add(0, "x-3", "");
}

static void
hostcall__the_nth_call_fails(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_fail(host, "proxy_add_header_map_value", 2, 10);
  http = act_in_request(add_three);
  PWASM_EXPECT_REQUEST_HEADER(http, "x-1", "");
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-2");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-3", "");
  pwasm_host_fail(host, "proxy_add_header_map_value", 0, 10);
  http = act_in_request(add_three);
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-1");
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-3");
  pwasm_host_fail(host, "proxy_add_header_map_value", 0, PWASM_STATUS_OK);
  http = act_in_request(add_three);
  PWASM_EXPECT_REQUEST_HEADER(http, "x-1", "");
  PWASM_EXPECT_CALLS(host, "proxy_add_header_map_value", 9);
  pwasm_host_calls_clear(host);
  PWASM_EXPECT_CALLS(host, "proxy_add_header_map_value", 0);
}

static void
hostcall__without_memory_in_the_guest_it_fails(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  pwasm_host_vm_fail_allocations_after(pwasm_host_plugin_vm(plugin), 0);
  assert_null(pwasm_host_allocate(pwasm_host_plugin_vm(plugin), 1));
  pwasm_host_vm_fail_allocations_after(pwasm_host_plugin_vm(plugin), SIZE_MAX);
}

static void
get_without_memory(void)
{
  char *bytes = NULL;
  uint32_t size = 0;

  pwasm_vm_fail_allocations_after(0);
  assert_int_equal(get(0, ":path"), PWASM_STATUS_INVALID_MEMORY_ACCESS);
  assert_int_equal(proxy_get_header_map_pairs(0, &bytes, &size),
                   PWASM_STATUS_INVALID_MEMORY_ACCESS);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
hostcall__returns_nothing_without_memory(void **state)
{
  (void)state;
  act_in_request(get_without_memory);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(hostcall__refuses_types_that_there_are_not),
    SCRIPT_TEST(hostcall__malformed_pairs_empty_the_map),
    SCRIPT_TEST(hostcall__names_are_turned_to_lower_case),
    SCRIPT_TEST(hostcall__what_envoy_has_one_of_is_joined),
    SCRIPT_TEST(hostcall__too_many_pairs_empty_the_map),
    SCRIPT_TEST(hostcall__too_large_pairs_empty_the_map),
    SCRIPT_TEST(hostcall__buffers_are_set_at_their_ends_only),
    SCRIPT_TEST(hostcall__the_nth_call_fails),
    SCRIPT_TEST(hostcall__without_memory_in_the_guest_it_fails),
    SCRIPT_TEST(hostcall__returns_nothing_without_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
