#ifndef PWASM_TESTS_FAILURES_H
#define PWASM_TESTS_FAILURES_H

/* For tests of what makes tests fail: failures are noted, and looked at. */

#include "script.h"

static char failure[8192];
static int num_failures;

static inline void
note_failure(const char *file, int line, const char *message)
{
  assert_non_null(file);
  assert_true(line >= 0);
  num_failures++;
  snprintf(failure, sizeof failure, "%s", message);
}

/* In the place of the present host. */
static inline void
make_noting_host(PwasmHostOptions options)
{
  pwasm_host_free(host);
  num_failures = 0;
  failure[0] = '\0';
  options.on_failure = note_failure;
  host = pwasm_host_new(&options);
}

/* For the setup of a test: an empty `script` and a host of these options. */
static inline int
set_up_noting_host(PwasmHostOptions options)
{
  memset(&script, 0, sizeof script);
  host = NULL;
  make_noting_host(options);
  return 0;
}

/* A test does not pass with a failure that it did not expect: PWASM_EXPECT_…() is only noted too. */
static inline int
failures_teardown(void **state)
{
  int result = unit_teardown(state);

  if (num_failures > 0)
    print_error("%s\n", failure);
  return num_failures == 0 ? result : -1;
}

static inline void
expect_in_failure(const char *text)
{
  if (strstr(failure, text) == NULL)
    fail_msg("no \"%s\" in:\n%s", text, failure);
}

/* What was said, if something was said just once. */
static inline void
expect_failure(const char *first, const char *second)
{
  assert_int_equal(num_failures, 1);
  expect_in_failure(first);
  expect_in_failure(second);
  num_failures = 0;
}

static inline void
act_on_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
  act();
}

static inline void
act_in_tick(void (*what)(void))
{
  PwasmHostPlugin *plugin = start_plugin();

  act = what;
  script.on_tick = act_on_tick;
  pwasm_host_tick(plugin);
}

static inline void
reply_no(void)
{
  assert_ok(proxy_send_local_response(403, "", 0, "no", 2, "", 0, -1));
}

static inline void
log_something(void)
{
  assert_ok(proxy_log(PWASM_LOG_INFO, "x", 1));
}

static inline uint32_t
get_value(uint32_t map)
{
  char *value;
  uint32_t size;

  return proxy_get_header_map_value(map, "a", 1, &value, &size);
}

static inline uint32_t
get_buffer(uint32_t buffer)
{
  char *bytes;
  uint32_t size;

  return proxy_get_buffer_bytes(buffer, 0, 100, &bytes, &size);
}

static inline PwasmAction
pause_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  return PWASM_ACTION_PAUSE;
}

#endif
