#include "../script.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs in a process of its own, which ends. What it said last is checked there. */

static const char *last_words;

static void
on_abort(int signal_number)
{
  const PwasmHostLogLine *line = pwasm_host_log_line(host, pwasm_host_log_count(host) - 1);

  (void)signal_number;
  if (line != NULL && line->level == PWASM_LOG_CRITICAL &&
      pwasm_str_find(line->message, pwasm_str_from_cstr(last_words)) != SIZE_MAX)
    _exit(42);
  _exit(43);
}

static PwasmAction
panic(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  pwasm_panic(PWASM_STR("no way on"));
}

static PwasmAction
panic_with_place(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  pwasm_log_set_level(PWASM_LOG_OFF);
  PWASM_PANIC("nor here");
}

static void
expect_panic(PwasmAction (*on_request_headers)(PwasmHttpContext *, size_t, bool),
             const char *expected)
{
  PwasmHostPlugin *plugin = start_plugin();
  int status;
  pid_t child = fork();

  assert_int_not_equal(child, -1);
  if (child == 0) {
    last_words = expected;
    script.on_request_headers = on_request_headers;
    signal(SIGABRT, on_abort);
    pwasm_host_http_get(plugin, "/");
    _exit(44);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 42);
}

static void
panic__logs_and_aborts(void **state)
{
  (void)state;
  expect_panic(panic, "no way on");
}

static void
panic__says_where_whatever_the_level(void **state)
{
  (void)state;
  expect_panic(panic_with_place, "test_panic.c:40: nor here");
}

static void
panic__is_a_trap_if_the_test_allows_it(void **state)
{
  PwasmHost *bold = pwasm_host_new(&(PwasmHostOptions){.allow_traps = true});
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(bold, NULL);
  PwasmHostHttp *http;

  (void)state;
  script.on_request_headers = panic;
  http = pwasm_host_http_get(plugin, "/");
  assert_true(pwasm_host_vm_has_trapped(pwasm_host_plugin_vm(plugin)));
  assert_int_equal(pwasm_host_http_reply(http)->status_code, 503);
  PWASM_EXPECT_LOG(bold, PWASM_LOG_CRITICAL, "no way on");
  pwasm_host_http_get(plugin, "/");
  PWASM_EXPECT_CALLS(bold, "proxy_on_request_headers", 1);
  pwasm_host_free(bold);
}

static const PwasmHttpContextClass *
use_too_small(PwasmPluginContext *ctx)
{
  static PwasmHttpContextClass too_small;

  (void)ctx;
  too_small = script_http_class;
  too_small.base.base_class = &script_http_class.base;
  too_small.base.instance_size = sizeof(ScriptHttp) - 1;
  return &too_small;
}

static void
panic__a_class_is_smaller_than_its_base(void **state)
{
  (void)state;
  script.create_http_context = use_too_small;
  expect_panic(NULL, "smaller than that of its base class");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(panic__logs_and_aborts),
    SCRIPT_TEST(panic__says_where_whatever_the_level),
    SCRIPT_TEST(panic__is_a_trap_if_the_test_allows_it),
    SCRIPT_TEST(panic__a_class_is_smaller_than_its_base),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
