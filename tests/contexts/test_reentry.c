#include "core/vm_private.h"
#include "reentry_script.h"

/* What a host may do from inside of hostcalls, at the worst moments. Each test logs there; what the host does
 * is a hook of that. */

static Inside inside_that;

static const PwasmHttpContextClass *
log_in_create(PwasmPluginContext *ctx)
{
  (void)ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("creating"));
  return &script_http_class;
}

static size_t
num_contexts(void)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(vm, &memory);
  return memory.contexts;
}

static void
reentry__plugin_is_deleted_while_it_names_a_class(void **state)
{
  uint32_t id = pwasm_host_plugin_id(plugin);

  (void)state;
  inside = (Inside){"proxy_on_delete", id, 0, false};
  script.create_http_context = log_in_create;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_call(vm, "proxy_on_context_create", 70, id, 0);
  assert_true(inside.is_called);
  /* The stream is there, and holds it. */
  assert_int_equal(num_contexts(), 3);
  pwasm_host_call(vm, "proxy_on_delete", 70, 0, 0);
  assert_int_equal(num_finalizes, 1);
  assert_int_equal(num_contexts(), 1);
}

static void
reentry__an_id_is_given_again_while_it_is_given(void **state)
{
  uint32_t id = pwasm_host_plugin_id(plugin);

  (void)state;
  inside = (Inside){"proxy_on_context_create", 70, id, false};
  script.create_http_context = log_in_create;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_call(vm, "proxy_on_context_create", 70, id, 0);
  assert_true(inside.is_called);
  assert_int_equal(num_contexts(), 4);
  for (size_t i = 1; i <= 2; i++) {
    pwasm_host_call(vm, "proxy_on_delete", 70, 0, 0);
    assert_int_equal(num_finalizes, i);
  }
  assert_int_equal(num_contexts(), 2);
}

static const PwasmPluginContextClass *
log_in_create_plugin(PwasmVmContext *ctx)
{
  (void)ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("creating"));
  return &script_plugin_class;
}

/* A stream, and a plugin in the way to it. */
static void
reentry__ids_given_twice_end_with_the_vm(void **state)
{
  (void)state;
  inside = (Inside){"proxy_on_context_create", 70, pwasm_host_plugin_id(plugin), false};
  script.create_plugin_context = log_in_create_plugin;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_call(vm, "proxy_on_context_create", 70, 0, 0);
  assert_true(inside.is_called);
  assert_int_equal(num_contexts(), 4);
  /* The end finds both. */
}

static void
reentry__stream_is_deleted_while_it_is_initialised(void **state)
{
  (void)state;
  inside = (Inside){"proxy_on_delete", 70, 0, false};
  script.http_init = log_in_init;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_call(vm, "proxy_on_context_create", 70, pwasm_host_plugin_id(plugin), 0);
  assert_int_equal(num_finalizes, 1);
  assert_int_equal(num_contexts(), 2);
}

static void
reentry__stream_is_deleted_while_it_is_settled(void **state)
{
  (void)state;
  inside = (Inside){"proxy_on_delete", 70, 0, false};
  script.create_tcp_context = use_tcp;
  script.http_init = log_in_init;
  pwasm_host_call(vm, "proxy_on_context_create", 70, pwasm_host_plugin_id(plugin), 0);
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 70, 0, 0), 0);
  assert_null(pwasm__vm()->current);
  assert_int_equal(pwasm__vm()->effective_id, 0);
  assert_int_equal(num_finalizes, 1);
  assert_int_equal(num_contexts(), 2);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown context 70");
}

static void
reentry__stream_becomes_another_while_it_is_settled(void **state)
{
  uint32_t id = pwasm_host_plugin_id(plugin);

  (void)state;
  inside = (Inside){"proxy_on_context_create", 70, id, false};
  script.create_tcp_context = use_tcp;
  script.http_init = log_in_init;
  pwasm_host_call(vm, "proxy_on_context_create", 70, id, 0);
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  /* Of the new one nothing says yet that it is HTTP. */
  assert_int_equal(pwasm_host_call(vm, "proxy_on_request_headers", 70, 0, 0), 0);
  assert_int_equal(num_finalizes, 1);
  PWASM_EXPECT_LOG(host, PWASM_LOG_WARN, "pwasm: unknown context 70");
}

/* ---- What is in scratch ---- */

static PwasmStatus call_status;

static void
ignore_answer(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
}

static bool
call_in_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmHttpCallOptions options = {.upstream = PWASM_STR("web"),
                                  .method = PWASM_STR("GET"),
                                  .path = PWASM_STR("/"),
                                  .authority = PWASM_STR("a")};

  (void)configuration_size;
  call_status = pwasm_http_call(PWASM_CONTEXT(ctx), &options, ignore_answer, NULL);
  return true;
}

static PwasmAction
view_and_log(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  PwasmStr method;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_header_get(PWASM_MAP_HTTP_REQUEST_HEADERS, PWASM_STR(":method"), &method));
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("looking"));
  assert_str(method, "GET");
  return PWASM_ACTION_CONTINUE;
}

/* An answer that comes on a context that does not exist, and a tick while whose it is is looked up. */
static void
reentry__views_outlive_callbacks_about_nobody(void **state)
{
  (void)state;
  inside = (Inside){"proxy_on_http_call_response", 4000000000u, 0, false};
  inside_that = (Inside){"proxy_on_tick", pwasm_host_plugin_id(plugin), 0, false};
  script.on_configure = call_in_configure;
  pwasm_host_call(vm, "proxy_on_configure", pwasm_host_plugin_id(plugin), 0, 0);
  assert_ok(call_status);
  inside.argument = pwasm_host_http_call(host, 0)->id;
  script.on_request_headers = view_and_log;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_hook(host, "proxy_set_effective_context", call_once, &inside_that);
  pwasm_host_http_get(plugin, "/");
  assert_true(inside.is_called && inside_that.is_called);
}

static void
set_flag(void *data)
{
  *(bool *)data = true;
}

static PwasmAction
clean_up_and_log(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  bool is_clean = false;

  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_arena_add_cleanup(pwasm_scratch(), set_flag, &is_clean));
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("looking"));
  assert_true(inside.is_called);
  assert_false(is_clean);
  pwasm_arena_reset(pwasm_scratch());
  assert_true(is_clean);
  return PWASM_ACTION_CONTINUE;
}

static void
reentry__cleanups_wait_for_their_own_callback(void **state)
{
  (void)state;
  inside = (Inside){"proxy_on_tick", pwasm_host_plugin_id(plugin), 0, false};
  script.on_request_headers = clean_up_and_log;
  pwasm_host_hook(host, "proxy_log", call_once, &inside);
  pwasm_host_http_get(plugin, "/");
}

/* What is told of a gRPC stream, a letter for each. */
static char told[8];
static PwasmGrpcStream grpc_stream;
static PwasmStatus send_status;

static void
note_metadata(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata, void *data)
{
  (void)owner;
  (void)stream;
  (void)num_metadata;
  (void)data;
  strcat(told, "m");
}

static void
note_close(PwasmContext *owner, PwasmGrpcStream stream, uint32_t grpc_status, void *data)
{
  (void)owner;
  (void)stream;
  (void)grpc_status;
  (void)data;
  strcat(told, "c");
}

static PwasmAction
open_grpc_stream(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  static const PwasmGrpcStreamHandlers handlers = {.on_initial_metadata = note_metadata,
                                                   .on_close = note_close};

  (void)num_headers;
  (void)end_of_stream;
  assert_ok(pwasm_grpc_stream_open(&ctx->base,
                                   &(PwasmGrpcStreamOptions){.upstream = PWASM_STR("a"),
                                                             .service = PWASM_STR("b"),
                                                             .method = PWASM_STR("c")},
                                   &handlers, NULL, &grpc_stream));
  return PWASM_ACTION_PAUSE;
}

/* A stream, which the host closes as soon as its owner becomes the effective context. */
static PwasmHostGrpcCall *
open_stream_that_ends(void)
{
  told[0] = '\0';
  script.on_request_headers = open_grpc_stream;
  pwasm_host_http_get(plugin, "/");
  inside = (Inside){"proxy_on_grpc_close", pwasm_host_plugin_id(plugin),
                    pwasm_host_grpc_call(host, 0)->id, false};
  pwasm_host_hook(host, "proxy_set_effective_context", call_once, &inside);
  return pwasm_host_grpc_call(host, 0);
}

static void
reentry__grpc_stream_ends_before_something_is_told_of_it(void **state)
{
  (void)state;
  pwasm_host_grpc_receive_initial_metadata(open_stream_that_ends(), PWASM_HOST_HEADERS("a", "b"));
  assert_string_equal(told, "c");
}

static void
send_in_tick(PwasmPluginContext *ctx)
{
  (void)ctx;
  send_status = pwasm_grpc_stream_send(grpc_stream, PWASM_STR("late"), false);
}

static void
reentry__grpc_stream_ends_before_something_is_sent(void **state)
{
  (void)state;
  open_stream_that_ends();
  script.on_tick = send_in_tick;
  pwasm_host_tick(plugin);
  assert_status(send_status, CLOSED);
  assert_string_equal(told, "c");
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    REENTRY_TEST(reentry__plugin_is_deleted_while_it_names_a_class),
    REENTRY_TEST(reentry__an_id_is_given_again_while_it_is_given),
    REENTRY_TEST(reentry__ids_given_twice_end_with_the_vm),
    REENTRY_TEST(reentry__stream_is_deleted_while_it_is_initialised),
    REENTRY_TEST(reentry__stream_is_deleted_while_it_is_settled),
    REENTRY_TEST(reentry__stream_becomes_another_while_it_is_settled),
    REENTRY_TEST(reentry__views_outlive_callbacks_about_nobody),
    REENTRY_TEST(reentry__cleanups_wait_for_their_own_callback),
    REENTRY_TEST(reentry__grpc_stream_ends_before_something_is_told_of_it),
    REENTRY_TEST(reentry__grpc_stream_ends_before_something_is_sent),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
