#include "../script.h"

#include <stdlib.h>

/* What cmocka prints of a test that the host fails: this program, run once more with the name of such a test. */

static const char *program;

static void
fails__without_a_line(void **state)
{
  (void)state;
  (void)pwasm_host_http_call(host, 0);
}

static void
close_nothing(PwasmPluginContext *ctx)
{
  (void)ctx;
  (void)proxy_close_stream(0);
}

static void
fails__in_strict_mode(void **state)
{
  PwasmHostPlugin *plugin;

  (void)state;
  pwasm_host_free(host);
  host = pwasm_host_new(&(PwasmHostOptions){.strict = true});
  plugin = pwasm_host_plugin_start(host, NULL);
  script.on_tick = close_nothing;
  pwasm_host_tick(plugin);
}

static void
fails__with_a_line(void **state)
{
  (void)state;
  PWASM_EXPECT_CALLS(host, "proxy_log", 1);
}

/* Runs the tests of a name that fail, and looks for a text in what they print. */
static void
expect_printed(const char *name, const char *text)
{
  char output[8192];
  char command[1000];
  size_t len;
  FILE *pipe;

  snprintf(command, sizeof command, "'%s' %s 2>&1", program, name);
  pipe = popen(command, "r");
  assert_non_null(pipe);
  len = fread(output, 1, sizeof output - 1, pipe);
  output[len] = '\0';
  assert_int_not_equal(pclose(pipe), 0);
  if (strstr(output, text) == NULL)
    fail_msg("no \"%s\" in:\n%s", text, output);
}

static void
failure__has_a_line_only_if_it_is_known(void **state)
{
  (void)state;
  expect_printed("fails__without_a_line", " test host: pwasm_host_http_call (no line is known):0");
  expect_printed("fails__in_strict_mode", " test host: strict mode (no line is known):0");
  expect_printed("fails__with_a_line", "test_failure.c:");
}

int
main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(failure__has_a_line_only_if_it_is_known),
  };
  const struct CMUnitTest failing_tests[] = {
    SCRIPT_TEST(fails__without_a_line),
    SCRIPT_TEST(fails__in_strict_mode),
    SCRIPT_TEST(fails__with_a_line),
  };

  program = argv[0];
  if (argc == 1)
    return cmocka_run_group_tests(tests, NULL, NULL);
  cmocka_set_test_filter(argv[1]);
  return cmocka_run_group_tests(failing_tests, NULL, NULL);
}
