#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../failures.h"

/* A plugin that traps: what is told, and what becomes of its streams. */

static int
setup(void **state)
{
  (void)state;
  return set_up_noting_host((PwasmHostOptions){.allow_traps = true});
}

static void
panic(void)
{
  PWASM_PANIC("no way on");
}

static PwasmHostHttp *stream;

static void
fail_stream(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_http_send_response_headers(stream, STATUS_200, true);
}

static PwasmAction
panic_on_response(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  panic();
  return PWASM_ACTION_CONTINUE;
}

/* The trap in the response is one in the request's callback too. */
static void
trap__fails_a_stream_once(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  act = log_something;
  script.on_request_headers = act_on_headers;
  script.on_response_headers = panic_on_response;
  stream = pwasm_host_http_open(plugin);
  pwasm_host_hook(host, "proxy_log", fail_stream, NULL);
  pwasm_host_http_send_request_headers(stream, GET, true);
  assert_true(pwasm_host_vm_has_trapped(pwasm_host_plugin_vm(plugin)));
  PWASM_EXPECT_REPLY(stream, 503);
  PWASM_EXPECT_RESPONSE_HEADER(stream, ":status", "503");
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 1);
  assert_int_equal(num_failures, 0);
}

static void
end_stream(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  pwasm_host_http_end(stream);
}

static void
log_and_panic(void)
{
  log_something();
  panic();
}

static void
trap__of_a_stream_that_has_ended_answers_nobody(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  act = log_and_panic;
  script.on_request_headers = act_on_headers;
  stream = pwasm_host_http_open(plugin);
  pwasm_host_hook(host, "proxy_log", end_stream, NULL);
  pwasm_host_http_send_request_headers(stream, GET, true);
  PWASM_EXPECT_NO_REPLY(stream);
  assert_int_equal(num_failures, 0);
}

/* In a process of its own, whose stderr goes to a file. */
static void
panic_in_child(FILE *said)
{
  pid_t child = fork();
  int status;

  assert_true(child >= 0);
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    if (dup2(fileno(said), STDERR_FILENO) < 0)
      _exit(1);
    act_in_request(panic);
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void
trap__that_aborts_the_program_says_why(void **state)
{
  FILE *said = tmpfile();
  char text[4000];
  size_t len;

  (void)state;
  assert_non_null(said);
  make_noting_host((PwasmHostOptions){0});
  panic_in_child(said);
  rewind(said);
  len = fread(text, 1, sizeof text - 1, said);
  text[len] = '\0';
  fclose(said);
  assert_non_null(
    strstr(text, "the plugin has trapped in proxy_on_request_headers(2, 4, 1): panic"));
  assert_non_null(strstr(text, "no way on"));
}

#define TRAP_TEST(function) cmocka_unit_test_setup_teardown(function, setup, failures_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TRAP_TEST(trap__fails_a_stream_once),
    TRAP_TEST(trap__of_a_stream_that_has_ended_answers_nobody),
    TRAP_TEST(trap__that_aborts_the_program_says_why),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
