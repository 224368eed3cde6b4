#include "../script.h"

/* What runs in the callback of the request's headers, with the stream. */
static void (*in_request)(PwasmHttpContext *ctx);

static PwasmAction
run(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  in_request(ctx);
  return PWASM_ACTION_CONTINUE;
}

static PwasmHostHttp *
request(void (*function)(PwasmHttpContext *ctx), PwasmHostHeaders headers)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  in_request = function;
  script.on_request_headers = run;
  pwasm_host_http_send_request_headers(http, headers, true);
  return http;
}

#define REQUEST PWASM_MAP_HTTP_REQUEST_HEADERS
#define COOKIES                                                                                    \
  PWASM_HOST_HEADERS(":path", "/", "set-cookie", "a=1", "X-Empty", "", "Set-Cookie", "b=2",        \
                     "set-cookie", "c=3")

static void
get_values(PwasmHttpContext *ctx)
{
  PwasmStr value;

  (void)ctx;
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR("set-cookie"), &value));
  assert_str(value, "a=1");
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR("SET-Cookie"), &value));
  assert_str(value, "a=1");
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR("x-empty"), &value));
  assert_true(pwasm_str_is_present(value));
  assert_int_equal(value.len, 0);
}

static void
header_map__get_finds_the_first_value(void **state)
{
  (void)state;
  request(get_values, COOKIES);
  PWASM_EXPECT_CALLS(host, "proxy_get_header_map_value", 3);
}

static void
get_missing(PwasmHttpContext *ctx)
{
  PwasmStr value = PWASM_STR("before");

  (void)ctx;
  assert_status(pwasm_header_get(REQUEST, PWASM_STR("x-none"), &value), NOT_FOUND);
  assert_status(pwasm_header_get(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR(":path"), &value),
                BAD_ARGUMENT);
  assert_status(pwasm_header_get(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, PWASM_STR(":path"), &value),
                BAD_ARGUMENT);
  assert_status(pwasm_header_get((PwasmMap)8, PWASM_STR(":path"), &value), BAD_ARGUMENT);
  assert_status(pwasm_header_get(REQUEST, pwasm_str("x", (size_t)UINT32_MAX + 1), &value),
                TOO_LARGE);
  assert_str(value, "before");
}

static void
header_map__get_says_why_not(void **state)
{
  (void)state;
  request(get_missing, COOKIES);
}

static void
get_without_memory(PwasmHttpContext *ctx)
{
  PwasmStr value = PWASM_STR("before");
  PwasmPairs pairs = {NULL, NULL, 99};

  (void)ctx;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_header_get(REQUEST, PWASM_STR(":path"), &value), OUT_OF_MEMORY);
  assert_status(pwasm_header_get_all(REQUEST, &pairs), OUT_OF_MEMORY);
  /* Nothing is needed for nothing. */
  assert_status(pwasm_header_get(REQUEST, PWASM_STR("x-none"), &value), NOT_FOUND);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(value, "before");
  assert_int_equal(pairs.num_left, 99);
  /* And it is over. */
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR(":path"), &value));
}

static void
header_map__get_says_when_memory_is_out(void **state)
{
  (void)state;
  request(get_without_memory, COOKIES);
}

static void
get_all(PwasmHttpContext *ctx)
{
  PwasmPairs pairs;
  PwasmPairs cookies;
  PwasmPair pair;
  PwasmStr value;

  (void)ctx;
  assert_ok(pwasm_header_get_all(REQUEST, &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 5);
  cookies = pairs;
  assert_true(pwasm_pairs_next(&pairs, &pair));
  assert_str(pair.name, ":path");
  assert_str(pair.value, "/");
  assert_true(pwasm_pairs_next_named(&cookies, PWASM_STR("set-cookie"), &value));
  assert_true(pwasm_pairs_next_named(&cookies, PWASM_STR("set-cookie"), &value));
  assert_str(value, "b=2");
  assert_true(pwasm_pairs_next_named(&cookies, PWASM_STR("set-cookie"), &value));
  assert_false(pwasm_pairs_next_named(&cookies, PWASM_STR("set-cookie"), &value));
}

static void
header_map__get_all_gets_them_at_once(void **state)
{
  (void)state;
  request(get_all, COOKIES);
  PWASM_EXPECT_CALLS(host, "proxy_get_header_map_pairs", 1);
}

static void
get_all_of_nothing(PwasmHttpContext *ctx)
{
  PwasmPairs pairs = {NULL, NULL, 99};
  PwasmPair pair;

  (void)ctx;
  /* Not readable now: an empty map, in Envoy. */
  assert_ok(pwasm_header_get_all(PWASM_MAP_HTTP_RESPONSE_HEADERS, &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
  assert_false(pwasm_pairs_next(&pairs, &pair));
  assert_status(pwasm_header_get_all((PwasmMap)8, &pairs), BAD_ARGUMENT);
}

static void
header_map__get_all_may_find_none(void **state)
{
  (void)state;
  request(get_all_of_nothing, COOKIES);
}

static void
get_all_malformed(PwasmHttpContext *ctx)
{
  PwasmPairs pairs = {NULL, NULL, 99};

  (void)ctx;
  assert_status(pwasm_header_get_all(REQUEST, &pairs), MALFORMED);
  assert_int_equal(pairs.num_left, 99);
  assert_ok(pwasm_header_get_all(REQUEST, &pairs));
}

static void
header_map__get_all_checks_the_hosts_bytes(void **state)
{
  (void)state;
  pwasm_host_answer(host, "proxy_get_header_map_pairs", 1, PWASM_STR("\377\377\377\377abc"));
  request(get_all_malformed, COOKIES);
}

static void
get_untouched(PwasmHttpContext *ctx)
{
  PwasmStr value;
  PwasmPairs pairs;

  (void)ctx;
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR("x-empty"), &value));
  assert_true(pwasm_str_is_present(value));
  assert_int_equal(value.len, 0);
  assert_ok(pwasm_header_get_all(REQUEST, &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
}

static void
header_map__bears_hosts_that_leave_results_unset(void **state)
{
  (void)state;
  pwasm_host_answer(host, "proxy_get_header_map_value", 1, pwasm_str(NULL, 0));
  pwasm_host_answer(host, "proxy_get_header_map_pairs", 1, pwasm_str(NULL, 0));
  request(get_untouched, COOKIES);
}

static void
get_odd_status(PwasmHttpContext *ctx)
{
  PwasmStr value;
  PwasmPairs pairs;

  (void)ctx;
  assert_int_equal(pwasm_header_get(REQUEST, PWASM_STR(":path"), &value), 4711);
  assert_int_equal(pwasm_header_get_all(REQUEST, &pairs), 0x7fffffff);
  assert_int_equal(pwasm_header_add(REQUEST, PWASM_STR("a"), PWASM_STR("b")), 13);
}

static void
header_map__passes_unknown_statuses_through(void **state)
{
  (void)state;
  pwasm_host_fail(host, "proxy_get_header_map_value", 1, 4711);
  pwasm_host_fail(host, "proxy_get_header_map_pairs", 1, 0x7fffffff);
  pwasm_host_fail(host, "proxy_add_header_map_value", 1, 13);
  request(get_odd_status, COOKIES);
}

static void
change(PwasmHttpContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_header_add(REQUEST, PWASM_STR("X-Added"), PWASM_STR("1")));
  assert_ok(pwasm_header_add(REQUEST, PWASM_STR("x-added"), PWASM_STR("")));
  assert_ok(pwasm_header_replace(REQUEST, PWASM_STR("Set-Cookie"), PWASM_STR("only")));
  assert_ok(pwasm_header_replace(REQUEST, PWASM_STR("x-new"), PWASM_STR("new")));
  assert_ok(pwasm_header_remove(REQUEST, PWASM_STR("X-EMPTY")));
  assert_ok(pwasm_header_remove(REQUEST, PWASM_STR("x-none")));
}

static void
header_map__changes_are_forwarded(void **state)
{
  PwasmHostHttp *http = request(change, COOKIES);
  PwasmHostHeaders headers = pwasm_host_http_request(http).headers;

  (void)state;
  assert_int_equal(pwasm_host_headers_count(headers, "x-added"), 2);
  PWASM_EXPECT_REQUEST_HEADER(http, "x-added", "1");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-added", "");
  assert_int_equal(pwasm_host_headers_count(headers, "set-cookie"), 1);
  PWASM_EXPECT_REQUEST_HEADER(http, "set-cookie", "only");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-new", "new");
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-empty");
}

static void
change_too_late(PwasmHttpContext *ctx)
{
  PwasmMap map = PWASM_MAP_HTTP_RESPONSE_HEADERS;
  static const PwasmPair pair = {PWASM_STR_INIT("a"), PWASM_STR_INIT("b")};

  (void)ctx;
  assert_status(pwasm_header_add(map, PWASM_STR("a"), PWASM_STR("b")), BAD_ARGUMENT);
  assert_status(pwasm_header_replace(map, PWASM_STR("a"), PWASM_STR("b")), BAD_ARGUMENT);
  assert_status(pwasm_header_remove(map, PWASM_STR("a")), BAD_ARGUMENT);
  assert_status(pwasm_header_set_all(map, &pair, 1), BAD_ARGUMENT);
  assert_status(pwasm_header_set_all(map, NULL, 0), BAD_ARGUMENT);
}

static void
header_map__changes_at_the_wrong_time_are_refused(void **state)
{
  (void)state;
  request(change_too_late, COOKIES);
}

static void
change_by_too_much(PwasmHttpContext *ctx)
{
  PwasmStr huge = pwasm_str("x", (size_t)UINT32_MAX + 1);

  (void)ctx;
  assert_status(pwasm_header_add(REQUEST, huge, PWASM_STR("b")), TOO_LARGE);
  assert_status(pwasm_header_add(REQUEST, PWASM_STR("a"), huge), TOO_LARGE);
  assert_status(pwasm_header_replace(REQUEST, huge, PWASM_STR("b")), TOO_LARGE);
  assert_status(pwasm_header_replace(REQUEST, PWASM_STR("a"), huge), TOO_LARGE);
  assert_status(pwasm_header_remove(REQUEST, huge), TOO_LARGE);
}

static void
header_map__what_does_not_fit_32_bits_is_refused(void **state)
{
  PwasmHostHttp *http = request(change_by_too_much, COOKIES);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 5);
  PWASM_EXPECT_CALLS(host, "proxy_add_header_map_value", 0);
}

static void
set_all(PwasmHttpContext *ctx)
{
  static const PwasmPair pairs[] = {
    {PWASM_STR_INIT(":path"), PWASM_STR_INIT("/new")},
    {PWASM_STR_INIT("twice"), PWASM_STR_INIT("1")},
    {PWASM_STR_INIT("twice"), PWASM_STR_INIT("2")},
    {PWASM_STR_INIT("empty"), PWASM_STR_INIT("")},
  };
  size_t before;
  PwasmVmMemory memory;

  (void)ctx;
  pwasm_vm_memory(&memory);
  before = memory.in_use;
  assert_ok(pwasm_header_set_all(REQUEST, pairs, 4));
  /* What it needed is given back at once. */
  pwasm_vm_memory(&memory);
  assert_int_equal(memory.in_use, before);
}

static void
header_map__set_all_replaces_everything(void **state)
{
  PwasmHostHttp *http = request(set_all, COOKIES);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 4);
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/new");
  PWASM_EXPECT_REQUEST_HEADER(http, "twice", "1");
  PWASM_EXPECT_REQUEST_HEADER(http, "twice", "2");
  PWASM_EXPECT_REQUEST_HEADER(http, "empty", "");
}

static void
set_none(PwasmHttpContext *ctx)
{
  (void)ctx;
  assert_ok(pwasm_header_set_all(REQUEST, NULL, 0));
}

static void
header_map__set_all_to_none_empties_it(void **state)
{
  PwasmHostHttp *http = request(set_none, COOKIES);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 0);
}

static void
set_too_many(PwasmHttpContext *ctx)
{
  static PwasmPair pairs[PWASM_PAIRS_MAX_COUNT + 1];
  static char value[PWASM_PAIRS_MAX_SIZE];
  PwasmPair large = {PWASM_STR("n"), pwasm_str(value, sizeof value - 14)};

  (void)ctx;
  for (size_t i = 0; i < PWASM_PAIRS_MAX_COUNT + 1; i++)
    pairs[i] = (PwasmPair){PWASM_STR("n"), PWASM_STR("v")};
  memset(value, 'v', sizeof value);
  assert_status(pwasm_header_set_all(REQUEST, pairs, PWASM_PAIRS_MAX_COUNT + 1), TOO_LARGE);
  assert_status(pwasm_header_set_all(REQUEST, &large, 1), TOO_LARGE);
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_header_set_all(REQUEST, pairs, 1), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
header_map__set_all_never_wipes_the_map_by_mistake(void **state)
{
  PwasmHostHttp *http = request(set_too_many, COOKIES);

  (void)state;
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, 5);
  PWASM_EXPECT_CALLS(host, "proxy_set_header_map_pairs", 0);
}

static void
set_as_many_as_possible(PwasmHttpContext *ctx)
{
  static PwasmPair pairs[PWASM_PAIRS_MAX_COUNT];
  PwasmPairs back;

  (void)ctx;
  for (size_t i = 0; i < PWASM_PAIRS_MAX_COUNT; i++)
    pairs[i] = (PwasmPair){PWASM_STR("n"), PWASM_STR("v")};
  assert_ok(pwasm_header_set_all(REQUEST, pairs, PWASM_PAIRS_MAX_COUNT));
  assert_ok(pwasm_header_get_all(REQUEST, &back));
  assert_int_equal(pwasm_pairs_count(&back), PWASM_PAIRS_MAX_COUNT);
}

static void
set_as_large_as_possible(PwasmHttpContext *ctx)
{
  static char value[PWASM_PAIRS_MAX_SIZE - 15];
  PwasmPair pair = {PWASM_STR("n"), pwasm_str(value, sizeof value)};
  PwasmStr back;

  (void)ctx;
  memset(value, 'v', sizeof value);
  assert_ok(pwasm_header_set_all(REQUEST, &pair, 1));
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR("n"), &back));
  assert_true(pwasm_str_equal(back, pair.value));
}

static void
header_map__set_all_goes_to_the_hosts_limits(void **state)
{
  (void)state;
  assert_int_equal(
    pwasm_host_http_request(request(set_as_many_as_possible, COOKIES)).headers.num_pairs,
    PWASM_PAIRS_MAX_COUNT);
  assert_int_equal(
    pwasm_host_http_request(request(set_as_large_as_possible, COOKIES)).headers.num_pairs, 1);
}

static char all_bytes[256];

static void
send_all_bytes(PwasmHttpContext *ctx)
{
  PwasmStr all = pwasm_str(all_bytes, sizeof all_bytes);
  PwasmPair pair = {PWASM_STR("x-all"), all};
  PwasmPairs pairs;
  PwasmStr value;

  (void)ctx;
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR("x-all"), &value));
  assert_true(pwasm_str_equal(value, all));
  assert_ok(pwasm_header_get_all(REQUEST, &pairs));
  assert_true(pwasm_pairs_next_named(&pairs, PWASM_STR("x-all"), &value));
  assert_true(pwasm_str_equal(value, all));
  assert_ok(pwasm_header_set_all(REQUEST, &pair, 1));
  assert_ok(pwasm_header_add(REQUEST, PWASM_STR("x-added"), all));
  assert_ok(pwasm_header_replace(REQUEST, PWASM_STR("x-replaced"), all));
}

static void
header_map__values_may_have_any_bytes(void **state)
{
  static const char *const names[] = {"x-all", "x-added", "x-replaced"};
  PwasmPair pair = {PWASM_STR("x-all"), pwasm_str(all_bytes, sizeof all_bytes)};
  PwasmHostHttp *http;

  (void)state;
  for (int i = 0; i < 256; i++)
    all_bytes[i] = (char)i;
  http = request(send_all_bytes, (PwasmHostHeaders){&pair, 1});
  for (size_t i = 0; i < 3; i++)
    assert_true(pwasm_str_equal(
      pwasm_host_headers_get(pwasm_host_http_request(http).headers, names[i]), pair.value));
}

static void
read_in_log(PwasmContext *ctx)
{
  PwasmStr value = PWASM_STR("before");
  PwasmPairs pairs;

  (void)ctx;
  assert_ok(pwasm_header_get(REQUEST, PWASM_STR(":path"), &value));
  assert_str(value, "/logged");
  assert_status(pwasm_header_get(REQUEST, PWASM_STR("x-none"), &value), NOT_FOUND);
  /* Without a response there is no such map; request trailers never are. */
  assert_status(pwasm_header_get(PWASM_MAP_HTTP_RESPONSE_HEADERS, PWASM_STR("a"), &value),
                NOT_FOUND);
  assert_status(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_TRAILERS, PWASM_STR("a"), &value),
                NOT_FOUND);
  assert_ok(pwasm_header_get_all(PWASM_MAP_HTTP_RESPONSE_HEADERS, &pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 0);
  assert_status(pwasm_header_add(REQUEST, PWASM_STR("a"), PWASM_STR("b")), BAD_ARGUMENT);
}

static void
header_map__on_log_can_read(void **state)
{
  (void)state;
  script.on_http_log = read_in_log;
  pwasm_host_http_end(pwasm_host_http_get(start_plugin(), "/logged"));
}

static void
get_sizes(PwasmHttpContext *ctx)
{
  size_t size = 99;

  (void)ctx;
  assert_status(pwasm_header_map_get_size(PWASM_MAP_HTTP_RESPONSE_HEADERS, &size), BAD_ARGUMENT);
  assert_status(pwasm_header_map_get_size(PWASM_MAP_HTTP_CALL_RESPONSE_HEADERS, &size),
                BAD_ARGUMENT);
  assert_int_equal(size, 99);
  assert_ok(pwasm_header_map_get_size(REQUEST, &size));
  assert_int_equal(size, strlen(":path"
                                "/"
                                "x-a"
                                "bc"
                                "x-empty"));
}

static void
header_map__size_is_in_bytes(void **state)
{
  (void)state;
  request(get_sizes, PWASM_HOST_HEADERS(":path", "/", "x-a", "bc", "x-empty", ""));
  PWASM_EXPECT_CALLS(host, "proxy_get_header_map_size", 3);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(header_map__size_is_in_bytes),
    SCRIPT_TEST(header_map__get_finds_the_first_value),
    SCRIPT_TEST(header_map__get_says_why_not),
    SCRIPT_TEST(header_map__get_says_when_memory_is_out),
    SCRIPT_TEST(header_map__get_all_gets_them_at_once),
    SCRIPT_TEST(header_map__get_all_may_find_none),
    SCRIPT_TEST(header_map__get_all_checks_the_hosts_bytes),
    SCRIPT_TEST(header_map__bears_hosts_that_leave_results_unset),
    SCRIPT_TEST(header_map__passes_unknown_statuses_through),
    SCRIPT_TEST(header_map__changes_are_forwarded),
    SCRIPT_TEST(header_map__changes_at_the_wrong_time_are_refused),
    SCRIPT_TEST(header_map__what_does_not_fit_32_bits_is_refused),
    SCRIPT_TEST(header_map__set_all_replaces_everything),
    SCRIPT_TEST(header_map__set_all_to_none_empties_it),
    SCRIPT_TEST(header_map__set_all_never_wipes_the_map_by_mistake),
    SCRIPT_TEST(header_map__set_all_goes_to_the_hosts_limits),
    SCRIPT_TEST(header_map__values_may_have_any_bytes),
    SCRIPT_TEST(header_map__on_log_can_read),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
