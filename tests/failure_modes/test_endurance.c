#include <stdlib.h>

#include "guarded.h"

/* However long it goes on, memory is flat. (tests/endurance goes on for longer, with less to do.) */

#define KIB ((size_t)1024)
#define PAGE (64 * KIB)
#define MIB (1024 * KIB)

static int
setup_forgetful(void **state)
{
  (void)state;
  host = pwasm_host_new(&(PwasmHostOptions){
    .forgets_bodies = true, .reuses_memory = true, .log_level = PWASM_LOG_ERROR});
  plugin = start_named("one");
  return 0;
}

static size_t
reserved(void)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &memory);
  return memory.reserved;
}

/* Runs `step` so often; memory is what it was after the first part. */
static void
go_on(size_t num_steps, size_t num_warm_up, void (*step)(size_t number), size_t max_reserved)
{
  size_t warm = 0;

  for (size_t i = 0; i < num_steps; i++) {
    if (i == num_warm_up)
      warm = reserved();
    step(i);
  }
  assert_int_equal(reserved(), warm);
  assert_in_range(warm, 1, max_reserved);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
}

/* One of each kind. */
static void
short_stream(size_t number)
{
  static const char *const words[] = {"edit show tell", "deny twice", "scan", "watch set-all",
                                      "ask edit",       "ask-plugin", "wait", "ask-grpc"};
  PwasmHostHttp *http = post(words[number % 8]);

  if (!pwasm_host_http_is_ended(http))
    pwasm_host_http_send_request_body(http, PWASM_STR("some bytes"), true);
  while (pwasm_host_http_call_count(host) > 0) {
    PwasmHostHttpCall *call = pwasm_host_http_call(host, 0);

    answer_on(call, number % 3 == 0 ? "403" : "200", 0);
    pwasm_host_http_call_free(call);
  }
  /* Of those that wait some end before. */
  if (number % 16 == 6)
    pwasm_host_tick(plugin);
  pwasm_host_http_free(http);
  pwasm_host_shared_queue_notify(host);
}

static void
endurance__short_streams(void **state)
{
  (void)state;
  go_on(20000, 2000, short_stream, 6 * PAGE);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

static void
tick(size_t number)
{
  (void)number;
  pwasm_host_tick(plugin);
}

static void
endurance__ticks(void **state)
{
  (void)state;
  go_on(20000, 100, tick, 4 * PAGE);
}

static char configuration[1024 * 1024];
static PwasmHostHttp *open[8];

/* Each with streams open that began with an older one. */
static void
configure(size_t number)
{
  PwasmHostHttp **slot = &open[number % 8];

  pwasm_host_http_free(*slot);
  *slot = post("edit");
  snprintf(configuration, sizeof configuration, "name %zu\n", number);
  assert_true(pwasm_host_plugin_configure(plugin, pwasm_str(configuration, sizeof configuration)));
}

static void
endurance__configurations_with_streams_open(void **state)
{
  (void)state;
  memset(configuration, 'c', sizeof configuration);
  memset(open, 0, sizeof open);
  go_on(500, 20, configure, 8 * MIB);
  PWASM_EXPECT_GAUGE(host, "guard_open", 8);
  /* What a stream has begun with is what it ends with: the last one to be opened began with the last
   * configuration but one. */
  pwasm_host_http_send_request_trailers(open[499 % 8], PWASM_HOST_HEADERS("a", "b"));
  assert_str(pwasm_host_headers_get(pwasm_host_http_request(open[499 % 8]).trailers, "x-name"),
             "name 498");
}

static PwasmHostHttp *long_stream;

static void
send_chunk(size_t number)
{
  static char chunk[16 * 1024];

  (void)number;
  pwasm_host_http_send_response_body(long_stream, pwasm_str(chunk, sizeof chunk), false);
}

static void
endurance__one_long_stream(void **state)
{
  (void)state;
  long_stream = request("watch");
  pwasm_host_http_send_response_headers(long_stream, STATUS_200, false);
  go_on(64 * MIB / (16 * KIB), 2, send_chunk, 4 * PAGE);
}

static PwasmHostTcp *connection;

static void
dribble(size_t number)
{
  static char chunk[16 * 1024];

  if (number % 2 == 0)
    pwasm_host_tcp_send_downstream(connection, pwasm_str(chunk, sizeof chunk), false);
  else
    pwasm_host_tcp_send_upstream(connection, pwasm_str(chunk, sizeof chunk), false);
}

static void
endurance__one_long_connection(void **state)
{
  (void)state;
  connection = pwasm_host_tcp_open(plugin);
  pwasm_host_tcp_send_downstream(connection, PWASM_STR("me\n"), false);
  go_on(2 * 16 * MIB / (16 * KIB), 2, dribble, 4 * PAGE);
}

static void
call_and_fail(size_t number)
{
  PwasmHostHttpCall *call;

  if (number == 0)
    long_stream = NULL;
  pwasm_host_http_free(long_stream);
  long_stream = request(number % 2 == 0 ? "ask" : "ask-plugin");
  call = pwasm_host_http_call(host, 0);
  /* Lost, late, failed, answered twice. */
  if (number % 4 == 0)
    pwasm_host_http_end(long_stream);
  if (number % 5 != 0)
    answer_on(call, "200", 0);
  if (number % 3 == 0)
    pwasm_host_http_call_fail(call);
  /* A call of the plugin's that nobody answers would be unanswered for ever. */
  if (number % 10 == 5 && number % 3 != 0)
    pwasm_host_http_call_fail(call);
  pwasm_host_http_call_free(call);
}

static void
endurance__calls_that_go_wrong(void **state)
{
  (void)state;
  go_on(20000, 500, call_and_fail, 4 * PAGE);
  pwasm_host_http_free(long_stream);
  PWASM_EXPECT_GAUGE(host, "guard_open", 0);
}

static void
ghost(size_t number)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  uint32_t id = (uint32_t)number * 2654435761u | 0x80000000u;

  pwasm_host_call(vm, "proxy_on_request_headers", id, 1, 1);
  pwasm_host_call(vm, "proxy_on_http_call_response", id, id, 1);
  pwasm_host_call(vm, "proxy_on_delete", id, 0, 0);
  assert_non_null(pwasm_host_allocate(vm, 1000));
}

/* The host speaks of what is not there, and asks for memory outside of callbacks. */
static void
endurance__ghosts(void **state)
{
  (void)state;
  go_on(20000, 100, ghost, 4 * PAGE);
}

#define ENDURANCE_TEST(function)                                                                   \
  cmocka_unit_test_setup_teardown(function, setup_forgetful, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    ENDURANCE_TEST(endurance__short_streams),
    ENDURANCE_TEST(endurance__ticks),
    ENDURANCE_TEST(endurance__configurations_with_streams_open),
    ENDURANCE_TEST(endurance__one_long_stream),
    ENDURANCE_TEST(endurance__one_long_connection),
    ENDURANCE_TEST(endurance__calls_that_go_wrong),
    ENDURANCE_TEST(endurance__ghosts),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
