#include "../script.h"

static uint32_t
swap_ends(PwasmHost *of, PwasmStr arguments, PwasmStr *ret_result, void *data)
{
  char *room = data;

  assert_ptr_equal(of, host);
  memcpy(room, arguments.data, arguments.len);
  room[0] = arguments.data[arguments.len - 1];
  room[arguments.len - 1] = arguments.data[0];
  *ret_result = pwasm_str(room, arguments.len);
  return PWASM_STATUS_OK;
}

static uint32_t
return_nothing(PwasmHost *of, PwasmStr arguments, PwasmStr *ret_result, void *data)
{
  (void)of;
  (void)arguments;
  (void)ret_result;
  (void)data;
  return PWASM_STATUS_OK;
}

static uint32_t
refuse(PwasmHost *of, PwasmStr arguments, PwasmStr *ret_result, void *data)
{
  (void)of;
  (void)arguments;
  (void)data;
  *ret_result = PWASM_STR("not this");
  return PWASM_STATUS_SERIALIZATION_FAILURE;
}

static void
call(PwasmPluginContext *ctx)
{
  PwasmStr result = {0};

  (void)ctx;
  assert_ok(pwasm_foreign_call(PWASM_STR("swap"), PWASM_STR("abc"), &result));
  assert_str(result, "cba");
  assert_ok(pwasm_foreign_call(PWASM_STR("swap"), PWASM_STR("abc"), NULL));
  result = pwasm_str(NULL, 0);
  assert_ok(pwasm_foreign_call(PWASM_STR("nothing"), PWASM_STR(""), &result));
  assert_true(pwasm_str_is_present(result));
  assert_int_equal(result.len, 0);
}

static PwasmHostPlugin *
run_in_tick(void (*function)(PwasmPluginContext *ctx))
{
  static char room[16];
  PwasmHostPlugin *plugin = start_plugin();

  pwasm_host_foreign_define(host, "swap", refuse, NULL);
  pwasm_host_foreign_define(host, "swap", swap_ends, room);
  pwasm_host_foreign_define(host, "nothing", return_nothing, NULL);
  pwasm_host_foreign_define(host, "refuse", refuse, NULL);
  script.on_tick = function;
  pwasm_host_tick(plugin);
  return plugin;
}

static void
foreign__call_returns_the_result(void **state)
{
  (void)state;
  run_in_tick(call);
}

static void
call_in_vain(PwasmPluginContext *ctx)
{
  PwasmStr result = PWASM_STR("before");
  PwasmStr huge = pwasm_str("", (size_t)UINT32_MAX + 1);

  (void)ctx;
  assert_status(pwasm_foreign_call(PWASM_STR("unknown"), PWASM_STR(""), &result), NOT_FOUND);
  assert_status(pwasm_foreign_call(PWASM_STR("refuse"), PWASM_STR(""), &result),
                SERIALIZATION_FAILURE);
  assert_status(pwasm_foreign_call(PWASM_STR("swap"), huge, &result), TOO_LARGE);
  assert_status(pwasm_foreign_call(huge, PWASM_STR(""), &result), TOO_LARGE);
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_foreign_call(PWASM_STR("swap"), PWASM_STR("abc"), &result), OUT_OF_MEMORY);
  assert_status(pwasm_foreign_call(PWASM_STR("swap"), PWASM_STR("abc"), NULL), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_str(result, "before");
}

static void
foreign__call_says_why_not(void **state)
{
  (void)state;
  run_in_tick(call_in_vain);
}

static unsigned num_called;

static void
be_called(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  PwasmStr arguments;

  (void)ctx;
  num_called++;
  assert_int_equal(function_id, 7);
  assert_ok(pwasm_buffer_get(PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS, 0, SIZE_MAX, &arguments));
  assert_int_equal(arguments.len, arguments_size);
  if (num_called == 1)
    assert_str(arguments, "arguments");
  assert_status(pwasm_buffer_append(PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS, PWASM_STR("x")),
                BAD_ARGUMENT);
}

static void
count_call(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  num_called++;
  assert_int_equal(pwasm_context_id(&ctx->base), 1);
  assert_int_equal(function_id, 7);
  assert_int_equal(arguments_size, 0);
}

static void
read_nothing(PwasmPluginContext *ctx)
{
  PwasmStr arguments;

  (void)ctx;
  assert_status(pwasm_buffer_get(PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS, 0, 1, &arguments),
                NOT_FOUND);
}

static void
foreign__host_may_call_the_plugin(void **state)
{
  PwasmHostPlugin *plugin = run_in_tick(read_nothing);

  (void)state;
  num_called = 0;
  script.on_foreign_function = be_called;
  pwasm_host_foreign_call(plugin, 7, PWASM_STR("arguments"));
  pwasm_host_foreign_call(plugin, 7, pwasm_str(NULL, 0));
  assert_int_equal(num_called, 2);
  pwasm_host_tick(plugin);
}

/* The host names whatever context is current. */
static void
foreign__call_to_a_stream_is_its_plugins(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/");

  (void)state;
  num_called = 1;
  script.on_foreign_function = count_call;
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_foreign_function",
                  pwasm_host_http_id(http), 7, 0);
  assert_int_equal(num_called, 2);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(foreign__call_returns_the_result),
    SCRIPT_TEST(foreign__call_says_why_not),
    SCRIPT_TEST(foreign__host_may_call_the_plugin),
    SCRIPT_TEST(foreign__call_to_a_stream_is_its_plugins),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
