#ifndef PWASM_TESTS_HOSTCALL_HTTP_STREAM_SCRIPT_H
#define PWASM_TESTS_HOSTCALL_HTTP_STREAM_SCRIPT_H

/* What the tests of what is done to HTTP streams share. */

#include "../script.h"

/* The streams of a test, as the plugin knows them, by the order in which they came. */
static PwasmHttpContext *streams[4];
static size_t num_streams;

static inline void
keep(PwasmContext *ctx)
{
  streams[num_streams++] = PWASM_SELF(PwasmHttpContext, pwasm_context_ref(ctx));
}

static inline int
setup(void **state)
{
  int result = script_setup(state);

  num_streams = 0;
  script.http_init = keep;
  return result;
}

static inline int
teardown(void **state)
{
  for (size_t i = 0; i < num_streams; i++)
    pwasm_context_unref(&streams[i]->base);
  return unit_teardown(state);
}

static inline PwasmAction
pause(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

/* The first stream waits; what is done to it is done by the second. */
static PwasmStatus (*do_to_first)(PwasmHttpContext *first);

static inline PwasmAction
act_for_first(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr path;

  if (ctx == streams[0])
    return pause(ctx, num_headers, end_of_stream);
  assert_ok(do_to_first(streams[0]));
  /* The second stream is the current one again. */
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_str(path, "/second");
  return PWASM_ACTION_CONTINUE;
}

static PwasmHostHttp *first_http;
static PwasmHostHttp *second_http;

static inline void
act_from_another_stream(PwasmStatus (*function)(PwasmHttpContext *first))
{
  PwasmHostPlugin *plugin = start_plugin();

  do_to_first = function;
  script.on_request_headers = act_for_first;
  first_http = pwasm_host_http_get(plugin, "/first");
  pwasm_host_trace_clear(host);
  second_http = pwasm_host_http_get(plugin, "/second");
}

static inline PwasmStatus
reply_to(PwasmHttpContext *ctx)
{
  return pwasm_http_context_reply(ctx, &(PwasmHttpReply){.status_code = 403});
}

#define STREAM_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
