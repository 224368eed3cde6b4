#include "probe.h"

#include <pwasm/abi.h>

#include "../unit.h"

/* What the test host does for a module that it does not do for a native plugin. */

static PwasmHostPlugin *plugin;

static void
call(uint32_t function)
{
  pwasm_host_foreign_call(plugin, function, PWASM_STR(""));
}

static size_t
memory_size(void)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &memory);
  return memory.reserved;
}

static int
setup(void **state)
{
  unit_setup(state);
  plugin = pwasm_host_plugin_start(host, NULL);
  return 0;
}

static int
setup_bold(void **state)
{
  (void)state;
  host = pwasm_host_new(&(PwasmHostOptions){.keep_trace = true, .allow_traps = true});
  plugin = pwasm_host_plugin_start(host, NULL);
  return 0;
}

static void
expect_trap(const char *why)
{
  assert_true(pwasm_host_vm_has_trapped(pwasm_host_plugin_vm(plugin)));
  if (strstr(pwasm_host_trace(host), why) == NULL)
    fail_msg("no '%s' in:\n%s", why, pwasm_host_trace(host));
}

static void
wasm__is_a_module(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);

  (void)state;
  assert_true(pwasm_host_vm_is_wasm(vm));
  assert_null(pwasm_host_vm_native(vm));
  assert_false(pwasm_host_vm_has_trapped(vm));
  assert_true(memory_size() > 0 && memory_size() % 65536 == 0);
}

static void
wasm__bad_pointers_are_invalid_memory_access(void **state)
{
  (void)state;
  call(PROBE_BAD_INPUT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "outside: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "over the end: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "wraps around: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "nothing at the end: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "nothing outside: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "second: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "key: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "body: 6");
  assert_non_null(strstr(pwasm_host_trace(host), "proxy_http_call() = INVALID_MEMORY_ACCESS"));
  call(PROBE_LAST_BYTES);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "last bytes: 1");
}

static void
wasm__each_input_has_to_be_in_memory(void **state)
{
  (void)state;
  call(PROBE_EACH_INPUT);
  PWASM_EXPECT_NO_LOG(host, PWASM_LOG_WARN, "taken");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "refused: 37");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "set by a plugin: 1");
  /* What the test orders comes first. */
  pwasm_host_fail(host, "proxy_log", 1, PWASM_STATUS_INTERNAL_FAILURE);
  call(PROBE_BAD_INPUT);
  assert_non_null(strstr(pwasm_host_trace(host), "proxy_log() = INTERNAL_FAILURE"));
}

static void
wasm__results_need_memory_too(void **state)
{
  (void)state;
  pwasm_host_property_set(host, PWASM_STR("probe"), PWASM_STR("value"));
  call(PROBE_BAD_RESULT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "number: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "time: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "bytes: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "size: 6");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "of a failure: 1");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "size of a failure: 1");
  assert_non_null(strstr(pwasm_host_trace(host), "INVALID_MEMORY_ACCESS: the result is to go to"));
}

static void
wasm__results_need_memory_without_a_trace(void **state)
{
  PwasmHost *silent = pwasm_host_new(NULL);

  (void)state;
  pwasm_host_foreign_call(pwasm_host_plugin_start(silent, NULL), PROBE_BAD_RESULT, PWASM_STR(""));
  PWASM_EXPECT_LOG(silent, PWASM_LOG_INFO, "number: 6");
  pwasm_host_free(silent);
}

static char failure[4096];

static void
note_failure(const char *file, int line, const char *message)
{
  (void)file;
  (void)line;
  snprintf(failure, sizeof failure, "%s", message);
}

static void
wasm__trap_fails_the_test(void **state)
{
  PwasmHost *timid = pwasm_host_new(&(PwasmHostOptions){.on_failure = note_failure});

  (void)state;
  pwasm_host_foreign_call(pwasm_host_plugin_start(timid, NULL), PROBE_TRAP, PWASM_STR(""));
  assert_string_equal(failure, "the plugin has trapped in proxy_on_foreign_function: Unreachable "
                               "instruction executed\n  the end of the log:\n    last words");
  pwasm_host_free(timid);
}

static void
wasm__trap_shows_the_end_of_the_log(void **state)
{
  PwasmHost *timid = pwasm_host_new(&(PwasmHostOptions){.on_failure = note_failure});
  PwasmHostPlugin *silent = pwasm_host_plugin_start(timid, NULL);
  PwasmHostPlugin *talking =
    pwasm_host_plugin_start(timid, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(timid, NULL)});
  PwasmHostPlugin *wordy =
    pwasm_host_plugin_start(timid, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(timid, NULL)});
  char line[400];

  (void)state;
  pwasm_host_http_get(silent, "/trap");
  assert_null(strstr(failure, "the end of the log"));
  for (int i = 0; i < 12; i++)
    pwasm_host_foreign_call(talking, PROBE_COUNT, PWASM_STR(""));
  pwasm_host_foreign_call(talking, PROBE_TRAP, PWASM_STR(""));
  assert_non_null(strstr(failure, "the end of the log:\n    count 4\n"));
  memset(line, 'x', sizeof line);
  for (int i = 0; i < 10; i++)
    proxy_log(PWASM_LOG_INFO, line, sizeof line);
  pwasm_host_http_get(wordy, "/trap");
  assert_non_null(strstr(failure, "\n    xxx"));
  pwasm_host_free(timid);
}

static void
wasm__dead_vm_answers_503(void **state)
{
  PwasmHostHttp *paused = pwasm_host_http_get(plugin, "/pause");
  PwasmHostHttp *running = pwasm_host_http_get(plugin, "/");
  PwasmHostHttp *trapping = pwasm_host_http_get(plugin, "/trap");
  PwasmHostHttp *late = pwasm_host_http_get(plugin, "/");

  (void)state;
  expect_trap("! Unreachable instruction executed");
  assert_int_equal(pwasm_host_http_reply(trapping)->status_code, 503);
  PWASM_EXPECT_RESPONSE_HEADER(trapping, ":status", "503");
  PWASM_EXPECT_NO_REQUEST(trapping);
  PWASM_EXPECT_RESPONSE_HEADER(late, ":status", "503");
  /* Of the others the host notices with their next event. */
  assert_null(pwasm_host_http_reply(running));
  pwasm_host_http_send_response_headers(running, STATUS_200, true);
  PWASM_EXPECT_RESPONSE_HEADER(running, ":status", "503");
  assert_int_equal(pwasm_host_http_state(paused), PWASM_HOST_HTTP_REQUEST_PAUSED);
  PWASM_EXPECT_CALLS(host, "proxy_on_request_headers", 3);
  PWASM_EXPECT_CALLS(host, "proxy_on_response_headers", 0);
}

static void
wasm__trap_in_a_response_is_a_503(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  pwasm_host_http_send_response_headers(http, PWASM_HOST_HEADERS(":status", "200", "x-trap", "1"),
                                        false);
  expect_trap("! Unreachable");
  PWASM_EXPECT_RESPONSE_HEADER(http, ":status", "503");
  assert_int_equal(pwasm_host_http_state(http), PWASM_HOST_HTTP_REPLIED);
}

static void
wasm__stack_overflow_is_a_trap(void **state)
{
  (void)state;
  call(PROBE_RECURSE);
  expect_trap("! Out-of-bounds access");
}

static void
wasm__deep_recursion_is_a_trap(void **state)
{
  (void)state;
  call(PROBE_RECURSE_FRAMES);
  expect_trap("! Call stack exhausted");
}

static void
wasm__vms_have_memory_of_their_own(void **state)
{
  PwasmHostPlugin *other =
    pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(host, NULL)});

  (void)state;
  call(PROBE_COUNT);
  call(PROBE_COUNT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "count 2");
  pwasm_host_log_clear(host);
  pwasm_host_foreign_call(other, PROBE_COUNT, PWASM_STR(""));
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "count 1");
}

/* The other VM's trap is its own. */
static void
wasm__vms_die_alone(void **state)
{
  PwasmHostPlugin *other =
    pwasm_host_plugin_start(host, &(PwasmHostPluginOptions){.vm = pwasm_host_vm_new(host, NULL)});

  (void)state;
  pwasm_host_foreign_call(other, PROBE_TRAP, PWASM_STR(""));
  assert_true(pwasm_host_vm_has_trapped(pwasm_host_plugin_vm(other)));
  assert_false(pwasm_host_vm_has_trapped(pwasm_host_plugin_vm(plugin)));
  call(PROBE_COUNT);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "count 1");
}

static void
allocate_inside(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  for (int i = 0; i < 100; i++)
    call(PROBE_ALLOCATE);
}

static void
wasm__memory_may_grow_inside_a_hostcall(void **state)
{
  size_t before = memory_size();

  (void)state;
  pwasm_host_property_set(host, PWASM_STR("probe"), PWASM_STR("value"));
  pwasm_host_hook(host, "proxy_get_property", allocate_inside, NULL);
  call(PROBE_GET);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "property: OK, value");
  assert_true(memory_size() >= before + 100 * 1048576);
  /* What is left of the last pages is not lost. */
  assert_true(memory_size() < before + 102 * 1048576);
}

static void
trap_inside(PwasmHost *in, void *data)
{
  (void)in;
  (void)data;
  call(PROBE_TRAP);
}

static void
wasm__trap_inside_a_hostcall_ends_the_inner_callback(void **state)
{
  (void)state;
  pwasm_host_property_set(host, PWASM_STR("probe"), PWASM_STR("value"));
  pwasm_host_hook(host, "proxy_get_property", trap_inside, NULL);
  call(PROBE_GET);
  expect_trap("! Unreachable");
  /* Nobody can allocate any more. */
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "property: INVALID_MEMORY_ACCESS");
}

static void
wasm__memory_runs_out(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  size_t before;

  (void)state;
  pwasm_host_property_set(host, PWASM_STR("probe"), PWASM_STR("value"));
  pwasm_host_vm_fail_allocations_after(vm, 2);
  call(PROBE_GET); /* takes two: the callback, and the value */
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "property: OK, value");
  before = memory_size();
  pwasm_host_log_clear(host);
  call(PROBE_ALLOCATE);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "allocated: 0");
  call(PROBE_GET);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "property: OUT_OF_MEMORY");
  assert_int_equal(memory_size(), before);
  pwasm_host_vm_fail_allocations_after(vm, SIZE_MAX);
  pwasm_host_log_clear(host);
  call(PROBE_GET);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "property: OK, value");
  call(PROBE_ALLOCATE);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "allocated: 1");
}

static void
wasm__memory_ends_with_the_addresses(void **state)
{
  (void)state;
  call(PROBE_FILL);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "given again: 0");
}

static void
wasm__has_what_of_wasi_hosts_have(void **state)
{
  const PwasmHostLogLine *line;

  (void)state;
  call(PROBE_WASI);
  line = pwasm_host_log_find(host, PWASM_LOG_INFO, "printed");
  assert_non_null(line);
  assert_true(pwasm_str_equal(line->message, PWASM_STR("printed 42"))); /* without an end of line */
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "to stderr");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "time: 1735689600");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "no variable: 1");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "random: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "numbers differ: 1");
}

static void
wasm__wasi_refuses_what_hosts_have_not(void **state)
{
  (void)state;
  call(PROBE_BAD_WASI);
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "clock: 58");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "monotonic clock: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "clock resolution: 58");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "realtime resolution: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "time outside: 21");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "stdin: 8");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "stdout: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "stderr: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "write to 3: 8");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "pieces outside: 21");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "piece outside: 21");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "write nothing: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "written: 0");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "too random: 28");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "random outside: 21");
  PWASM_EXPECT_LOG(host, PWASM_LOG_INFO, "sizes outside: 21");
}

static void
wasm__exit_is_a_trap(void **state)
{
  (void)state;
  call(PROBE_EXIT);
  expect_trap("! Unreachable");
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "proc_exit");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)
#define BOLD_TEST(function) cmocka_unit_test_setup_teardown(function, setup_bold, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TEST(wasm__is_a_module),
    TEST(wasm__bad_pointers_are_invalid_memory_access),
    TEST(wasm__each_input_has_to_be_in_memory),
    TEST(wasm__results_need_memory_too),
    TEST(wasm__results_need_memory_without_a_trace),
    TEST(wasm__trap_fails_the_test),
    TEST(wasm__trap_shows_the_end_of_the_log),
    BOLD_TEST(wasm__dead_vm_answers_503),
    BOLD_TEST(wasm__trap_in_a_response_is_a_503),
    BOLD_TEST(wasm__stack_overflow_is_a_trap),
    BOLD_TEST(wasm__deep_recursion_is_a_trap),
    TEST(wasm__vms_have_memory_of_their_own),
    BOLD_TEST(wasm__vms_die_alone),
    TEST(wasm__memory_may_grow_inside_a_hostcall),
    BOLD_TEST(wasm__trap_inside_a_hostcall_ends_the_inner_callback),
    TEST(wasm__memory_runs_out),
    TEST(wasm__memory_ends_with_the_addresses),
    TEST(wasm__has_what_of_wasi_hosts_have),
    TEST(wasm__wasi_refuses_what_hosts_have_not),
    BOLD_TEST(wasm__exit_is_a_trap),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
