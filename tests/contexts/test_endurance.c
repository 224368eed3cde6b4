#include "../script.h"

#include <stdlib.h>

/* Memory is flat however long it goes on. */

static PwasmVmMemory
memory_of(PwasmHostVm *vm)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(vm, &memory);
  return memory;
}

/* A host that remembers nothing of what goes by. */
static int
setup(void **state)
{
  (void)state;
  memset(&script, 0, sizeof script);
  host = pwasm_host_new(NULL);
  return 0;
}

static PwasmAction
use_everything(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmArena *arena = pwasm_context_arena(&ctx->base);
  PwasmPairs pairs;
  PwasmStr path;
  PwasmStr copy;

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":path"), &path));
  assert_ok(pwasm_str_dup(arena, path, &copy));
  assert_ok(pwasm_header_get_all(PWASM_MAP_HTTP_REQUEST_HEADERS, &pairs));
  assert_non_null(pwasm_arena_alloc(arena, pwasm_context_id(&ctx->base) * 37 % 5000));
  assert_ok(pwasm_header_add(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR("x-path"), copy));
  return PWASM_ACTION_CONTINUE;
}

static void
endurance__short_streams(void **state)
{
  enum { NUM = 100000, WARM_UP = 5000 };
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmVmMemory idle = memory_of(vm);
  size_t reserved = 0;

  (void)state;
  script.on_request_headers = use_everything;
  for (int i = 0; i < NUM; i++) {
    pwasm_host_http_free(pwasm_host_http_get(plugin, "/path"));
    if (i == WARM_UP)
      reserved = memory_of(vm).reserved;
  }
  assert_int_equal(memory_of(vm).reserved, reserved);
  assert_int_equal(memory_of(vm).in_use, idle.in_use);
  assert_int_equal(memory_of(vm).contexts, 2);
  assert_in_range(reserved, 1, 4 * 65536);
}

static void
endurance__overlapping_streams(void **state)
{
  enum { NUM = 20000, OPEN = 64 };
  static PwasmHostHttp *open[OPEN];
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  size_t reserved = 0;

  (void)state;
  script.on_request_headers = use_everything;
  memset(open, 0, sizeof open);
  for (int i = 0; i < NUM; i++) {
    int slot = i * 31 % OPEN;

    pwasm_host_http_free(open[slot]);
    open[slot] = pwasm_host_http_get(plugin, "/path");
    if (i == NUM / 2)
      reserved = memory_of(vm).reserved;
  }
  assert_int_equal(memory_of(vm).reserved, reserved);
  for (int i = 0; i < OPEN; i++)
    pwasm_host_http_free(open[i]);
  assert_int_equal(memory_of(vm).contexts, 2);
}

static bool
keep_configuration(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration;
  PwasmStr copy;

  /* A plugin that is configured again begins anew. */
  pwasm_arena_reset(pwasm_context_arena(&ctx->base));
  assert_ok(pwasm_plugin_configuration_get(&configuration));
  assert_ok(pwasm_str_dup(pwasm_context_arena(&ctx->base), configuration, &copy));
  assert_int_equal(copy.len, configuration_size);
  return true;
}

static void
endurance__reconfigurations(void **state)
{
  enum { NUM = 10000, SIZE = 1024 * 1024 };
  char *configuration = malloc(SIZE);
  PwasmHostPlugin *plugin;
  PwasmHostVm *vm;
  size_t reserved = 0;

  (void)state;
  memset(configuration, 'c', SIZE);
  plugin = start_plugin();
  vm = pwasm_host_plugin_vm(plugin);
  script.on_configure = keep_configuration;
  for (int i = 0; i < NUM; i++) {
    assert_true(pwasm_host_plugin_configure(plugin, pwasm_str(configuration, SIZE)));
    if (i == 2)
      reserved = memory_of(vm).reserved;
  }
  assert_int_equal(memory_of(vm).reserved, reserved);
  /* What is kept, what the host returned, and no more than as much again. */
  assert_in_range(reserved, SIZE, 6 * SIZE);
  free(configuration);
}

static void
endurance__plugins_that_take_turns(void **state)
{
  enum { NUM = 2000, SIZE = 100000 };
  char *configuration = malloc(SIZE);
  PwasmHostVm *vm = pwasm_host_vm_new(host, NULL);
  PwasmHostPlugin *old = NULL;
  size_t reserved = 0;

  (void)state;
  memset(configuration, 'c', SIZE);
  script.on_configure = keep_configuration;
  for (int i = 0; i < NUM; i++) {
    PwasmHostPlugin *plugin = pwasm_host_plugin_start(
      host, &(PwasmHostPluginOptions){.vm = vm, .configuration = pwasm_str(configuration, SIZE)});

    if (old != NULL)
      pwasm_host_plugin_end(old);
    old = plugin;
    if (i == 2)
      reserved = memory_of(vm).reserved;
  }
  assert_int_equal(memory_of(vm).reserved, reserved);
  assert_int_equal(memory_of(vm).contexts, 2);
  free(configuration);
}

static size_t total;

static PwasmAction
read_chunk(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  PwasmStr bytes;

  (void)ctx;
  (void)end_of_stream;
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_HTTP_RESPONSE_BODY, 0, body_size, &bytes));
  assert_int_equal(bytes.len, body_size);
  total += bytes.len;
  return PWASM_ACTION_CONTINUE;
}

static void
endurance__one_long_stream(void **state)
{
  enum { CHUNK = 16 * 1024, NUM = 64 * 1024 * 1024 / CHUNK };
  static char chunk[CHUNK];
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostVm *vm = pwasm_host_plugin_vm(plugin);
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");
  size_t reserved = 0;

  (void)state;
  total = 0;
  script.on_response_body = read_chunk;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  for (int i = 0; i < NUM; i++) {
    pwasm_host_http_send_response_body(http, pwasm_str(chunk, CHUNK), i == NUM - 1);
    if (i == 0)
      reserved = memory_of(vm).reserved;
  }
  assert_int_equal(total, 64 * 1024 * 1024);
  assert_int_equal(memory_of(vm).reserved, reserved);
  assert_int_equal(pwasm_host_http_response(http).body.len, total);
}

#define ENDURANCE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    ENDURANCE_TEST(endurance__short_streams),    ENDURANCE_TEST(endurance__overlapping_streams),
    ENDURANCE_TEST(endurance__reconfigurations), ENDURANCE_TEST(endurance__plugins_that_take_turns),
    ENDURANCE_TEST(endurance__one_long_stream),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
