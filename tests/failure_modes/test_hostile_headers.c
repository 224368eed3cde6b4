#include <stdlib.h>

#include "guarded.h"

/* Headers of all bytes, empty ones, repeated ones, too many, too large; answers that are no headers. */

/* A request with one more header, any bytes. */
static PwasmHostHttp *
request_with(const char *words, PwasmStr name, PwasmStr value)
{
  const PwasmPair pairs[] = {
    {PWASM_STR(":method"), PWASM_STR("GET")},
    {PWASM_STR(":path"), PWASM_STR("/path")},
    {PWASM_STR("x-guard"), pwasm_str_from_cstr(words)},
    {name, value},
  };
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  pwasm_host_http_send_request_headers(
    http, (PwasmHostHeaders){.pairs = pairs, .num_pairs = sizeof pairs / sizeof pairs[0]}, true);
  return http;
}

static void
expect_bytes(PwasmStr got, PwasmStr expected)
{
  assert_true(pwasm_str_is_present(got));
  assert_int_equal(got.len, expected.len);
  assert_memory_equal(got.data, expected.data, expected.len);
}

static PwasmStr
sent(const PwasmHostHttp *http, const char *name)
{
  return pwasm_host_headers_get(pwasm_host_http_request(http).headers, name);
}

/* NUL and those from 0x80 on included: read, copied, added, written back as a whole. */
static void
hostile_headers__all_bytes(void **state)
{
  char bytes[256];
  PwasmHostHttp *http;

  (void)state;
  for (int i = 0; i < 256; i++)
    bytes[i] = (char)i;
  http = request_with("edit set-all show", PWASM_STR("x-in"), pwasm_str(bytes, sizeof bytes));
  PWASM_EXPECT_REQUEST_COMPLETE(http);
  expect_bytes(sent(http, "x-in"), pwasm_str(bytes, sizeof bytes));
  expect_bytes(sent(http, "x-added"), pwasm_str(bytes, sizeof bytes));
}

static void
hostile_headers__an_empty_value(void **state)
{
  PwasmHostHttp *http = request_with("edit set-all", PWASM_STR("x-in"), PWASM_STR(""));

  (void)state;
  /* There is one, which is not the same as none. */
  expect_bytes(sent(http, "x-added"), PWASM_STR(""));
  expect_bytes(sent(http, "x-in"), PWASM_STR(""));
}

static void
hostile_headers__a_missing_one(void **state)
{
  PwasmHostHttp *http = request_with("edit", PWASM_STR("x-other"), PWASM_STR(""));

  (void)state;
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-added");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "get: not found");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-name", "one");
}

static void
hostile_headers__three_of_a_name(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  pwasm_host_http_send_request_headers(
    http,
    PWASM_HOST_HEADERS(":method", "GET", ":path", "/", "x-guard", "show set-all edit", "set-cookie",
                       "a=1", "set-cookie", "b=2", "set-cookie", "", "x-out", "1", "X-Out", "2"),
    true);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "set-cookie=a=1");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "set-cookie=b=2");
  assert_int_equal(pwasm_host_headers_count(pwasm_host_http_request(http).headers, "set-cookie"),
                   3);
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-out");
}

static void
hostile_headers__in_every_map(void **state)
{
  static const char in[] = "\x80\xff\0\r\n";
  const PwasmPair pair = {PWASM_STR("x-in"), PWASM_STR_INIT("")};
  PwasmPair pairs[1] = {pair};
  const PwasmHostHeaders headers = {.pairs = pairs, .num_pairs = 1};
  PwasmHostHttp *http = post("edit show set-all");

  (void)state;
  pairs[0].value = pwasm_str(in, sizeof in - 1);
  pwasm_host_http_send_request_trailers(http, headers);
  pwasm_host_http_send_response_headers(http, headers, false);
  pwasm_host_http_send_response_trailers(http, headers);
  expect_bytes(pwasm_host_headers_get(pwasm_host_http_request(http).trailers, "x-added"),
               pairs[0].value);
  expect_bytes(pwasm_host_headers_get(pwasm_host_http_response(http).headers, "x-added"),
               pairs[0].value);
  expect_bytes(pwasm_host_headers_get(pwasm_host_http_response(http).trailers, "x-added"),
               pairs[0].value);
  assert_int_equal(count_log("map "), 4);
}

/* More than hosts take back: they would empty the map and say OK. */
static void
hostile_headers__too_many_are_not_written(void **state)
{
  PwasmHostHttp *http = request("too-many");

  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "set all: larger than hosts accept");
  PWASM_EXPECT_CALLS(host, "proxy_set_header_map_pairs", 0);
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/path");
  PWASM_EXPECT_REQUEST_HEADER(http, "x-guard", "too-many");
  PWASM_EXPECT_NO_REQUEST_HEADER(http, "x-more");
}

static void
hostile_headers__too_large_ones_are_not_written(void **state)
{
  PwasmHostHttp *http = request("too-large");

  (void)state;
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "set all: larger than hosts accept");
  PWASM_EXPECT_CALLS(host, "proxy_set_header_map_pairs", 0);
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/path");
}

/* What a client may send, if its proxy lets it. */
static void
hostile_headers__many_are_read(void **state)
{
  enum { NUM = 5000 };
  PwasmPair *pairs = calloc(NUM, sizeof *pairs);
  PwasmHostHttp *http = pwasm_host_http_open(plugin);

  (void)state;
  for (int i = 0; i < NUM; i++)
    pairs[i] = (PwasmPair){PWASM_STR("x"), PWASM_STR("y")};
  pairs[0] = (PwasmPair){PWASM_STR("x-guard"), PWASM_STR("show set-all")};
  pwasm_host_http_send_request_headers(http, (PwasmHostHeaders){.pairs = pairs, .num_pairs = NUM},
                                       true);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "map 0: 5000");
  /* Hosts would not take them back. */
  PWASM_EXPECT_CALLS(host, "proxy_set_header_map_pairs", 0);
  assert_int_equal(pwasm_host_http_request(http).headers.num_pairs, NUM);
  free(pairs);
}

static void
hostile_headers__two_megabytes_are_read(void **state)
{
  enum { SIZE = 2 * 1024 * 1024 };
  char *bytes = malloc(SIZE);
  PwasmHostHttp *http;

  (void)state;
  memset(bytes, 'b', SIZE);
  http = request_with("edit set-all", PWASM_STR("x-in"), pwasm_str(bytes, SIZE));
  expect_bytes(sent(http, "x-added"), pwasm_str(bytes, SIZE));
  PWASM_EXPECT_CALLS(host, "proxy_set_header_map_pairs", 0);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "set all: larger than hosts accept");
  free(bytes);
}

/* What is no list of pairs: sizes that do not add up, or overflow when added. */
static void
hostile_headers__answers_that_are_no_pairs(void **state)
{
  static const PwasmStr answers[] = {
    PWASM_STR_INIT("\1\0\0\0"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0\0"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0\0\1\0\0\0"),
    PWASM_STR_INIT("\1\0\0\0\1\0\0\0\1\0\0\0a\0b"),
    PWASM_STR_INIT("\1\0\0\0\377\377\377\377\1\0\0\0a\0b\0"),
    PWASM_STR_INIT("\1\0\0\0\376\377\377\377\376\377\377\377a\0b\0"),
    PWASM_STR_INIT("\1\0\0\0\0\0\0\200\0\0\0\200a\0b\0"),
    PWASM_STR_INIT("\377\377\377\377\1\0\0\0\1\0\0\0a\0b\0"),
    PWASM_STR_INIT("\0\0\0\40\1\0\0\0\1\0\0\0a\0b\0"),
    PWASM_STR_INIT("\2\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0a\0b\0"),
  };

  (void)state;
  for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
    PwasmHostHttp *http;

    pwasm_host_log_clear(host);
    pwasm_host_answer(host, "proxy_get_header_map_pairs", 0, answers[i]);
    http = request("show set-all");
    PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "show: the host's bytes do not follow the ABI");
    PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "set all: the host's bytes do not follow the ABI");
    PWASM_EXPECT_CALLS(host, "proxy_set_header_map_pairs", 0);
    PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/path");
    pwasm_host_http_free(http);
  }
}

static void
hostile_headers__answers_of_nothing(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_answer(host, "proxy_get_header_map_pairs", 0, pwasm_str(NULL, 0));
  pwasm_host_answer(host, "proxy_get_header_map_value", 2, pwasm_str(NULL, 0));
  http = request_with("show edit set-all", PWASM_STR("x-in"), PWASM_STR("in"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "map 0: 0");
  /* What was not read is not written back. */
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/path");
  /* OK and no bytes is how hosts return an empty value. */
  expect_bytes(sent(http, "x-added"), PWASM_STR(""));
}

/* The specification's own example of an empty map is a single byte. */
static void
hostile_headers__answers_of_less_than_a_number(void **state)
{
  PwasmHostHttp *http;

  (void)state;
  pwasm_host_answer(host, "proxy_get_header_map_pairs", 0, PWASM_STR("\1\0\0"));
  http = request("show set-all");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "map 0: 0");
  PWASM_EXPECT_REQUEST_HEADER(http, ":path", "/path");
}

/* Of a service that is asked. */
static void
hostile_headers__in_an_answer_to_a_call(void **state)
{
  static const PwasmPair pairs[] = {
    {PWASM_STR_INIT(":status"), PWASM_STR_INIT("200\0")},
    {PWASM_STR_INIT("x"), PWASM_STR_INIT("\xff\0\x80")},
  };
  PwasmHostHttp *http = request("ask");

  (void)state;
  pwasm_host_http_call_answer(pwasm_host_http_call(host, 0),
                              &(PwasmHostHttpAnswer){.headers = {.pairs = pairs, .num_pairs = 2}});
  /* "200" and a NUL is not 200. */
  PWASM_EXPECT_REPLY(http, 403);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    GUARD_TEST(hostile_headers__all_bytes),
    GUARD_TEST(hostile_headers__an_empty_value),
    GUARD_TEST(hostile_headers__a_missing_one),
    GUARD_TEST(hostile_headers__three_of_a_name),
    GUARD_TEST(hostile_headers__in_every_map),
    GUARD_TEST(hostile_headers__too_many_are_not_written),
    GUARD_TEST(hostile_headers__too_large_ones_are_not_written),
    GUARD_TEST(hostile_headers__many_are_read),
    GUARD_TEST(hostile_headers__two_megabytes_are_read),
    GUARD_TEST(hostile_headers__answers_that_are_no_pairs),
    GUARD_TEST(hostile_headers__answers_of_nothing),
    GUARD_TEST(hostile_headers__answers_of_less_than_a_number),
    GUARD_TEST(hostile_headers__in_an_answer_to_a_call),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
