#include "../script.h"

#define BODY PWASM_BUFFER_HTTP_REQUEST_BODY

/* What runs in the callback of the request's body. */
static void (*in_body)(void);

static PwasmAction
run(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  (void)ctx;
  (void)body_size;
  (void)end_of_stream;
  in_body();
  return PWASM_ACTION_CONTINUE;
}

static PwasmHostHttp *
post(void (*function)(void), PwasmStr body)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  in_body = function;
  script.on_request_body = run;
  pwasm_host_http_send_request_headers(http, PWASM_HOST_HEADERS(":method", "POST"), false);
  pwasm_host_http_send_request_body(http, body, true);
  return http;
}

static void
get_parts(void)
{
  PwasmStr bytes;

  assert_ok(pwasm_buffer_get(BODY, 0, SIZE_MAX, &bytes));
  assert_str(bytes, "abcdef");
  assert_ok(pwasm_buffer_get(BODY, 2, 3, &bytes));
  assert_str(bytes, "cde");
  assert_ok(pwasm_buffer_get(BODY, 4, SIZE_MAX, &bytes));
  assert_str(bytes, "ef");
  assert_ok(pwasm_buffer_get(BODY, 4, 100, &bytes));
  assert_str(bytes, "ef");
}

static void
get_more_than_32_bits(void)
{
  PwasmStr bytes;

  assert_ok(pwasm_buffer_get(BODY, 0, (size_t)UINT32_MAX + 1, &bytes));
  assert_str(bytes, "abcdef");
  assert_ok(pwasm_buffer_get(BODY, 2, SIZE_MAX, &bytes));
  assert_str(bytes, "cdef");
}

static void
buffer__get_asks_for_no_more_than_32_bits(void **state)
{
  (void)state;
  post(get_more_than_32_bits, PWASM_STR("abcdef"));
  /* Nor for what would overflow in the host. */
  assert_non_null(
    strstr(pwasm_host_trace(host), "proxy_get_buffer_bytes(HTTP_REQUEST_BODY, 0, 4294967295)"));
  assert_non_null(
    strstr(pwasm_host_trace(host), "proxy_get_buffer_bytes(HTTP_REQUEST_BODY, 2, 4294967293)"));
}

static void
buffer__get_is_cut_to_what_is_there(void **state)
{
  (void)state;
  post(get_parts, PWASM_STR("abcdef"));
}

static void
get_nothing(void)
{
  PwasmStr bytes = PWASM_STR("before");

  assert_ok(pwasm_buffer_get(BODY, 6, SIZE_MAX, &bytes));
  assert_true(pwasm_str_is_present(bytes));
  assert_int_equal(bytes.len, 0);
  assert_ok(pwasm_buffer_get(BODY, 1000, 10, &bytes));
  assert_int_equal(bytes.len, 0);
  assert_ok(pwasm_buffer_get(BODY, UINT32_MAX, SIZE_MAX, &bytes));
  assert_int_equal(bytes.len, 0);
  assert_ok(pwasm_buffer_get(BODY, 0, 0, &bytes));
  assert_int_equal(bytes.len, 0);
}

static void
buffer__get_past_the_end_is_empty_not_missing(void **state)
{
  (void)state;
  post(get_nothing, PWASM_STR("abcdef"));
}

static void
get_in_vain(void)
{
  PwasmStr bytes = PWASM_STR("before");

  assert_status(pwasm_buffer_get(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, 0, 1, &bytes), NOT_FOUND);
  assert_status(pwasm_buffer_get(PWASM_BUFFER_PLUGIN_CONFIGURATION, 0, 1, &bytes), NOT_FOUND);
  assert_status(pwasm_buffer_get((PwasmBuffer)9, 0, 1, &bytes), BAD_ARGUMENT);
  assert_status(pwasm_buffer_get(BODY, (size_t)UINT32_MAX + 1, 1, &bytes), TOO_LARGE);
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_buffer_get(BODY, 0, SIZE_MAX, &bytes), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(bytes, "before");
  assert_ok(pwasm_buffer_get(BODY, 0, SIZE_MAX, &bytes));
}

static void
get_out_of_time(void)
{
  static const PwasmBuffer buffers[] = {PWASM_BUFFER_HTTP_RESPONSE_BODY,
                                        PWASM_BUFFER_DOWNSTREAM_DATA, PWASM_BUFFER_UPSTREAM_DATA};

  for (size_t i = 0; i < 3; i++) {
    PwasmStr bytes = {NULL, 99};

    assert_ok(pwasm_buffer_get(buffers[i], 0, SIZE_MAX, &bytes));
    assert_true(pwasm_str_is_present(bytes));
    assert_int_equal(bytes.len, 0);
  }
}

static void
buffer__get_out_of_time_finds_nothing_in_envoy(void **state)
{
  (void)state;
  post(get_out_of_time, PWASM_STR("abcdef"));
}

static void
buffer__get_says_why_not(void **state)
{
  (void)state;
  post(get_in_vain, PWASM_STR("abcdef"));
}

static void
prepend(void)
{
  assert_ok(pwasm_buffer_prepend(BODY, PWASM_STR("<<")));
  assert_ok(pwasm_buffer_prepend(BODY, PWASM_STR("")));
}

static void
append(void)
{
  assert_ok(pwasm_buffer_append(BODY, PWASM_STR(">>")));
  assert_ok(pwasm_buffer_append(BODY, PWASM_STR("")));
}

static void
replace(void)
{
  assert_ok(pwasm_buffer_replace(BODY, PWASM_STR("new")));
}

static void
clear(void)
{
  PwasmStr bytes;

  assert_ok(pwasm_buffer_clear(BODY));
  assert_ok(pwasm_buffer_get(BODY, 0, SIZE_MAX, &bytes));
  assert_int_equal(bytes.len, 0);
}

static void
change_all(void)
{
  PwasmStr bytes;

  assert_ok(pwasm_buffer_append(BODY, PWASM_STR("c")));
  assert_ok(pwasm_buffer_prepend(BODY, PWASM_STR("a")));
  assert_ok(pwasm_buffer_get(BODY, 0, SIZE_MAX, &bytes));
  assert_str(bytes, "abodyc");
  assert_ok(pwasm_buffer_clear(BODY));
  assert_ok(pwasm_buffer_append(BODY, PWASM_STR("x")));
}

static void
buffer__changes_are_forwarded(void **state)
{
  (void)state;
  PWASM_EXPECT_REQUEST_BODY(post(prepend, PWASM_STR("body")), "<<body");
  PWASM_EXPECT_REQUEST_BODY(post(append, PWASM_STR("body")), "body>>");
  PWASM_EXPECT_REQUEST_BODY(post(replace, PWASM_STR("body")), "new");
  PWASM_EXPECT_REQUEST_BODY(post(clear, PWASM_STR("body")), "");
  PWASM_EXPECT_REQUEST_BODY(post(change_all, PWASM_STR("body")), "x");
  /* "The end" is a number that no host takes for a negative one, nor adds to a size in vain. */
  assert_non_null(strstr(pwasm_host_trace(host),
                         "proxy_set_buffer_bytes(HTTP_REQUEST_BODY, 2147483647, 0, \"x\")"));
  /* Of an empty body, too. */
  PWASM_EXPECT_REQUEST_BODY(post(append, PWASM_STR("")), ">>");
  PWASM_EXPECT_REQUEST_BODY(post(replace, PWASM_STR("")), "new");
}

static void
change_in_vain(void)
{
  PwasmBuffer response = PWASM_BUFFER_HTTP_RESPONSE_BODY;
  PwasmStr huge = pwasm_str("x", (size_t)UINT32_MAX + 1);

  assert_status(pwasm_buffer_prepend(response, PWASM_STR("x")), BAD_ARGUMENT);
  assert_status(pwasm_buffer_append(response, PWASM_STR("x")), BAD_ARGUMENT);
  assert_status(pwasm_buffer_replace(response, PWASM_STR("x")), BAD_ARGUMENT);
  assert_status(pwasm_buffer_clear(response), BAD_ARGUMENT);
  assert_status(pwasm_buffer_prepend(BODY, huge), TOO_LARGE);
  assert_status(pwasm_buffer_append(BODY, huge), TOO_LARGE);
  assert_status(pwasm_buffer_replace(BODY, huge), TOO_LARGE);
  assert_status(pwasm_buffer_append(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, PWASM_STR("x")),
                NOT_FOUND);
  assert_status(pwasm_buffer_prepend(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, PWASM_STR("x")),
                NOT_FOUND);
  assert_status(pwasm_buffer_replace(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, PWASM_STR("x")),
                NOT_FOUND);
  assert_status(pwasm_buffer_clear(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY), NOT_FOUND);
  assert_status(pwasm_buffer_append((PwasmBuffer)9, PWASM_STR("x")), BAD_ARGUMENT);
}

static void
buffer__changes_that_can_not_be_say_why(void **state)
{
  (void)state;
  PWASM_EXPECT_REQUEST_BODY(post(change_in_vain, PWASM_STR("body")), "body");
}

static bool
change_configuration(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmBuffer configuration = PWASM_BUFFER_PLUGIN_CONFIGURATION;

  (void)ctx;
  (void)configuration_size;
  assert_status(pwasm_buffer_prepend(configuration, PWASM_STR("x")), BAD_ARGUMENT);
  assert_status(pwasm_buffer_append(configuration, PWASM_STR("x")), BAD_ARGUMENT);
  assert_status(pwasm_buffer_replace(configuration, PWASM_STR("x")), BAD_ARGUMENT);
  assert_status(pwasm_buffer_clear(configuration), BAD_ARGUMENT);
  return true;
}

static void
buffer__configurations_are_read_only(void **state)
{
  (void)state;
  script.on_configure = change_configuration;
  pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.configuration = PWASM_STR("unchanged")});
}

static size_t sizes[4];
static size_t num_bodies;

static PwasmAction
hold_back(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmStr fresh;
  size_t seen = num_bodies == 0 ? 0 : sizes[num_bodies - 1];

  (void)ctx;
  /* Only what is new. */
  assert_ok(pwasm_buffer_get(BODY, seen, SIZE_MAX, &fresh));
  assert_int_equal(fresh.len, body_size - seen);
  sizes[num_bodies++] = body_size;
  if (!end_of_stream)
    return PWASM_ACTION_PAUSE;
  assert_ok(pwasm_buffer_replace(BODY, PWASM_STR("rewritten")));
  return PWASM_ACTION_CONTINUE;
}

static void
buffer__of_a_paused_body_grows(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  (void)state;
  num_bodies = 0;
  script.on_request_body = hold_back;
  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("one"), false);
  pwasm_host_http_send_request_body(http, PWASM_STR("three"), false);
  PWASM_EXPECT_REQUEST_BODY(http, "");
  pwasm_host_http_send_request_body(http, PWASM_STR(""), true);
  assert_int_equal(sizes[0], 3);
  assert_int_equal(sizes[1], 8);
  assert_int_equal(sizes[2], 8);
  PWASM_EXPECT_REQUEST_BODY(http, "rewritten");
  PWASM_EXPECT_REQUEST_COMPLETE(http);
}

static void
get_sizes(void)
{
  size_t size = 99;

  assert_ok(pwasm_buffer_get_size(BODY, &size));
  assert_int_equal(size, 6);
  assert_ok(pwasm_buffer_get_size(PWASM_BUFFER_HTTP_RESPONSE_BODY, &size));
  assert_int_equal(size, 0);
  size = 99;
  assert_status(pwasm_buffer_get_size(PWASM_BUFFER_HTTP_CALL_RESPONSE_BODY, &size), NOT_FOUND);
  assert_status(pwasm_buffer_get_size((PwasmBuffer)9, &size), BAD_ARGUMENT);
  assert_int_equal(size, 99);
}

static void
buffer__get_size(void **state)
{
  (void)state;
  post(get_sizes, PWASM_STR("abcdef"));
  PWASM_EXPECT_CALLS(host, "proxy_get_buffer_status", 4);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(buffer__get_size),
    SCRIPT_TEST(buffer__get_is_cut_to_what_is_there),
    SCRIPT_TEST(buffer__get_asks_for_no_more_than_32_bits),
    SCRIPT_TEST(buffer__get_past_the_end_is_empty_not_missing),
    SCRIPT_TEST(buffer__get_out_of_time_finds_nothing_in_envoy),
    SCRIPT_TEST(buffer__get_says_why_not),
    SCRIPT_TEST(buffer__changes_are_forwarded),
    SCRIPT_TEST(buffer__changes_that_can_not_be_say_why),
    SCRIPT_TEST(buffer__configurations_are_read_only),
    SCRIPT_TEST(buffer__of_a_paused_body_grows),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
