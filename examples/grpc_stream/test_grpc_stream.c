#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

#include "path_list.h"

#define TICK_NS (500 * UINT64_C(1000000))

static PwasmHost *host;
static PwasmHostPlugin *plugin;

static void
start(void)
{
  PWASM_HOST_NEEDS("proxy_grpc_stream");
  host = pwasm_host_new(NULL);
  plugin = pwasm_host_plugin_start(host, NULL);
}

static int
teardown(void **state)
{
  (void)state;
  if (host != NULL)
    pwasm_host_free(host);
  host = NULL;
  return 0;
}

static void
begin(PwasmHostGrpcCall *stream)
{
  pwasm_host_grpc_receive_initial_metadata(stream, PWASM_HOST_HEADERS("x-list", "new"));
}

/* The stream that the next tick opens; the service has answered. */
static PwasmHostGrpcCall *
next_stream(void)
{
  PwasmHostGrpcCall *stream;

  pwasm_host_advance(host, TICK_NS);
  stream = pwasm_host_grpc_call(host, 0);
  begin(stream);
  return stream;
}

static PwasmHostGrpcCall *
watch(void)
{
  start();
  return next_stream();
}

static void
tell(PwasmHostGrpcCall *stream, const char *message)
{
  pwasm_host_grpc_receive(stream, pwasm_str_from_cstr(message));
}

static void
expect_blocked(const char *path)
{
  PWASM_EXPECT_REPLY(pwasm_host_http_get(plugin, path), 403);
}

static void
expect_free(const char *path)
{
  PWASM_EXPECT_REQUEST_COMPLETE(pwasm_host_http_get(plugin, path));
}

static void
grpc_stream__opens_with_the_first_tick(void **state)
{
  const PwasmHostGrpcCall *stream;

  (void)state;
  start();
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
  stream = next_stream();
  assert_true(stream->is_stream);
  assert_true(pwasm_str_equal(stream->upstream, PWASM_STR("blocklist")));
  assert_true(pwasm_str_equal(stream->service, PWASM_STR("pwasm.example.Blocklist")));
  assert_true(pwasm_str_equal(stream->method, PWASM_STR("Watch")));
  assert_true(
    pwasm_str_equal(pwasm_host_headers_get(stream->metadata, "x-watcher"), PWASM_STR("pwasm")));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "initial metadata: x-list: new");
  pwasm_host_advance(host, 10 * TICK_NS);
  assert_int_equal(pwasm_host_grpc_call_count(host), 1);
}

static void
grpc_stream__blocks_and_frees(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  expect_free("/a");
  tell(stream, "+/a");
  tell(stream, "+/b");
  tell(stream, "+/a");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "message: +/a");
  expect_blocked("/a");
  expect_blocked("/b?and=more");
  expect_free("/");
  expect_free("/ab");
  tell(stream, "-/a");
  tell(stream, "-/c");
  expect_free("/a");
  expect_blocked("/b");
}

static void
grpc_stream__tells_the_service(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  tell(stream, "+/a");
  expect_blocked("/a?and=more");
  assert_int_equal(stream->num_messages, 1);
  assert_true(pwasm_str_equal(stream->message, PWASM_STR("/a")));
  expect_free("/b");
  assert_int_equal(stream->num_messages, 1);
}

static void
grpc_stream__tells_only_so_often(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  tell(stream, "+/a");
  for (int i = 0; i < 50; i++)
    expect_blocked("/a");
  assert_int_equal(stream->num_messages, 10);
  pwasm_host_advance(host, TICK_NS);
  expect_blocked("/a");
  assert_int_equal(stream->num_messages, 11);
}

static void
grpc_stream__takes_only_so_many(void **state)
{
  PwasmHostGrpcCall *stream = watch();
  char message[16];

  (void)state;
  for (int i = 0; i <= PATH_LIST_CAPACITY; i++) {
    snprintf(message, sizeof message, "+/%d", i);
    tell(stream, message);
  }
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "message ignored: +/64");
  expect_blocked("/63");
  expect_free("/64");
  tell(stream, "-/0");
  tell(stream, "+/64");
  expect_free("/0");
  expect_blocked("/63");
  expect_blocked("/64");
}

static void
grpc_stream__takes_no_long_paths(void **state)
{
  PwasmHostGrpcCall *stream = watch();
  char message[2000];
  char path[PATH_LIST_MAX_PATH_SIZE + 1];

  (void)state;
  memset(message, '/', sizeof message);
  message[0] = '+';
  pwasm_host_grpc_receive(stream, pwasm_str(message, sizeof message));
  pwasm_host_grpc_receive(stream, pwasm_str(message, PATH_LIST_MAX_PATH_SIZE + 2));
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_INFO, "message");
  pwasm_host_grpc_receive(stream, pwasm_str(message, PATH_LIST_MAX_PATH_SIZE + 1));
  snprintf(path, sizeof path, "%.*s", PATH_LIST_MAX_PATH_SIZE, message + 1);
  expect_blocked(path);
}

static void
grpc_stream__ignores_what_it_does_not_know(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  tell(stream, "");
  tell(stream, "*/a");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "message ignored: */a");
  pwasm_host_fail(host, "proxy_get_buffer_bytes", 1, PWASM_STATUS_NOT_FOUND);
  tell(stream, "+/a");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "a message of 3 bytes is lost: not found");
  expect_free("/a");
}

static void
grpc_stream__opens_another(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  tell(stream, "+/a");
  pwasm_host_grpc_receive_trailing_metadata(stream, PWASM_HOST_HEADERS("x-reports", "0"));
  pwasm_host_grpc_close(stream, PWASM_GRPC_STATUS_UNAVAILABLE, PWASM_STR("gone"));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "trailing metadata: x-reports: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "the stream has ended with status 14");
  /* What was last known holds until the service begins anew. */
  expect_blocked("/a");
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "nobody is told: ");
  pwasm_host_advance(host, TICK_NS);
  stream = pwasm_host_grpc_call(host, 0);
  pwasm_host_grpc_receive_initial_metadata(stream, (PwasmHostHeaders){0});
  expect_blocked("/a");
  begin(stream);
  expect_free("/a");
}

static void
grpc_stream__tries_again(void **state)
{
  (void)state;
  start();
  pwasm_host_fail(host, "proxy_grpc_stream", 1, PWASM_STATUS_INTERNAL_FAILURE);
  pwasm_host_advance(host, TICK_NS);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "the list can't be watched: internal failure");
  tell(next_stream(), "+/a");
  expect_blocked("/a");
}

static void
grpc_stream__waits_for_the_service_in_the_end(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DONE_PENDING);
  assert_true(stream->is_half_closed);
  pwasm_host_grpc_close(stream, PWASM_GRPC_STATUS_OK, PWASM_STR(""));
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
}

static void
grpc_stream__does_not_wait_for_ever(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  pwasm_host_plugin_end(plugin);
  pwasm_host_advance(host, TICK_NS);
  assert_true(stream->is_cancelled);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
}

static void
grpc_stream__has_nothing_to_wait_for(void **state)
{
  (void)state;
  start();
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  plugin = pwasm_host_plugin_start(host, NULL);
  next_stream();
  pwasm_host_fail(host, "proxy_grpc_close", 1, PWASM_STATUS_BAD_ARGUMENT);
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
  assert_int_equal(pwasm_host_grpc_call_count(host), 0);
}

static void
end_stream(PwasmHost *unused, void *data)
{
  (void)unused;
  pwasm_host_grpc_close(data, PWASM_GRPC_STATUS_OK, PWASM_STR(""));
}

/* The service ends the stream within the hostcall that half-closes it. */
static void
grpc_stream__may_end_while_it_is_closed(void **state)
{
  PwasmHostGrpcCall *stream = watch();

  (void)state;
  pwasm_host_hook(host, "proxy_grpc_close", end_stream, stream);
  /* There is nothing left to close. */
  pwasm_host_fail(host, "proxy_grpc_close", 1, PWASM_STATUS_NOT_FOUND);
  pwasm_host_plugin_end(plugin);
  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_DELETED);
}

static uint32_t
close_at_once(PwasmHostGrpcCall *call, void *data)
{
  (void)data;
  pwasm_host_grpc_close(call, PWASM_GRPC_STATUS_UNAVAILABLE, PWASM_STR("no connection"));
  return PWASM_STATUS_OK;
}

static void
grpc_stream__may_end_while_it_is_opened(void **state)
{
  (void)state;
  start();
  pwasm_host_on_grpc_call(host, close_at_once, NULL);
  pwasm_host_advance(host, TICK_NS);
  pwasm_host_on_grpc_call(host, NULL, NULL);
  tell(next_stream(), "+/a");
  expect_blocked("/a");
}

static void
grpc_stream__refuses_to_run_without_a_timer(void **state)
{
  (void)state;
  start();
  pwasm_host_fail(host, "proxy_set_tick_period_milliseconds", 1, PWASM_STATUS_UNIMPLEMENTED);
  assert_false(pwasm_host_plugin_configure(plugin, PWASM_STR("")));
  PWASM_EXPECT_LOG(host, PWASM_LOG_CRITICAL, "failed to set tick period: not implemented");
}

/* With data the plugin ends, for which its streams have to; without, none may be left paused. */
static void
scenario(PwasmHost *h, void *data)
{
  PwasmHostPlugin *p = pwasm_host_plugin_start(h, NULL);

  if (pwasm_host_plugin_state(p) != PWASM_HOST_PLUGIN_RUNNING)
    return;
  for (int i = 0; i < 2; i++) {
    pwasm_host_advance(h, TICK_NS);
    if (pwasm_host_grpc_call_count(h) == 0)
      continue;
    begin(pwasm_host_grpc_call(h, 0));
    tell(pwasm_host_grpc_call(h, 0), "+/a");
    if (data == NULL)
      pwasm_host_http_get(p, "/a");
    tell(pwasm_host_grpc_call(h, 0), "-/a");
    if (i == 0)
      pwasm_host_grpc_close(pwasm_host_grpc_call(h, 0), PWASM_GRPC_STATUS_OK, PWASM_STR(""));
  }
  if (data == NULL)
    return;
  pwasm_host_plugin_end(p);
  pwasm_host_advance(h, TICK_NS);
}

static void
grpc_stream__bears_any_failure(void **state)
{
  bool ends = true;

  (void)state;
  PWASM_HOST_NEEDS("proxy_grpc_stream");
  pwasm_host_exhaust(NULL, scenario, NULL, NULL);
  pwasm_host_exhaust(NULL, scenario, &ends, NULL);
}

#define TEST(name) cmocka_unit_test_teardown(grpc_stream__##name, teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(opens_with_the_first_tick),
    TEST(blocks_and_frees),
    TEST(tells_the_service),
    TEST(tells_only_so_often),
    TEST(takes_only_so_many),
    TEST(takes_no_long_paths),
    TEST(ignores_what_it_does_not_know),
    TEST(opens_another),
    TEST(tries_again),
    TEST(waits_for_the_service_in_the_end),
    TEST(does_not_wait_for_ever),
    TEST(has_nothing_to_wait_for),
    TEST(may_end_while_it_is_opened),
    TEST(may_end_while_it_is_closed),
    TEST(refuses_to_run_without_a_timer),
    cmocka_unit_test(grpc_stream__bears_any_failure),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
