#ifndef PWASM_TESTS_HOSTCALL_HTTP_CALL_SCRIPT_H
#define PWASM_TESTS_HOSTCALL_HTTP_CALL_SCRIPT_H

/* What the tests of HTTP calls share: a plugin that makes one in each request, and notes how each ends. */

#include "../script.h"

#include "core/vm_private.h"

#define ANSWER_200                                                                                 \
  (&(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200", "x-a", "b"),             \
                          .body = PWASM_STR("body"),                                               \
                          .trailers = PWASM_HOST_HEADERS("x-t", "u")})

/* What calls ended with, in order: the data they were made with, the outcome, the status code. */
static char events[512];
static PwasmHttpCallResult last;
static PwasmContext *last_owner;
static PwasmHttpCallOptions options;
static PwasmStatus status;
static char last_text[64];

static inline int
setup(void **state)
{
  int result = script_setup(state);

  events[0] = '\0';
  last = (PwasmHttpCallResult){0};
  last_owner = NULL;
  last_text[0] = '\0';
  options = (PwasmHttpCallOptions){.upstream = PWASM_STR("web"),
                                   .method = PWASM_STR("GET"),
                                   .path = PWASM_STR("/p"),
                                   .authority = PWASM_STR("host")};
  status = PWASM_STATUS_INTERNAL_FAILURE;
  return result;
}

static inline void
done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  static const char *const outcomes[] = {"answered", "failed", "cancelled"};
  size_t len = strlen(events);

  snprintf(events + len, sizeof events - len, "%s %s %u, ", (const char *)data,
           outcomes[result->outcome], result->status_code);
  last = *result;
  last_owner = owner;
  assert_ptr_equal(pwasm__vm()->current, owner);
}

static inline PwasmAction
call_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, "a");
  return PWASM_ACTION_PAUSE;
}

/* A stream that waits for a call. */
static inline PwasmHostHttp *
start_call(PwasmHostPlugin *plugin)
{
  PwasmHostHttp *http;

  script.on_request_headers = call_on_request_headers;
  http = pwasm_host_http_get(plugin, "/");
  assert_ok(status);
  return http;
}

static inline PwasmAction
call_three_times(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, "a"));
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, "b"));
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, "c"));
  return PWASM_ACTION_PAUSE;
}

#define CALL_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

#endif
