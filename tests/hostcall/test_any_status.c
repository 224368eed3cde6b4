#include "../script.h"

#include <pwasm/envoy.h>

/* What a host may answer to any call is passed on by every function, and nothing else changes. Attributes of
 * Envoy and the status of a call have tests of their own. */

/* Where results go. */
static struct {
  PwasmStr bytes;
  PwasmPairs pairs;
  PwasmList list;
  int64_t int64;
  uint64_t uint64;
  double number;
  uint32_t uint32;
  bool boolean;
  PwasmLogLevel level;
  PwasmCounter counter;
  PwasmGauge gauge;
  PwasmHistogram histogram;
  PwasmSharedQueue queue;
  PwasmGrpcStream stream;
  PwasmEnvoyExpression expression;
  PwasmEnvoyStat stat;
  size_t size;
} ret;

/* Whom functions are about; the current context, another plugin's, is none of them. */
static PwasmPluginContext *plugin;
static PwasmHttpContext *http;
static PwasmTcpContext *tcp;
static PwasmGrpcStream stream;

#define MAP PWASM_MAP_HTTP_REQUEST_HEADERS
#define BODY PWASM_BUFFER_HTTP_REQUEST_BODY
#define A PWASM_STR("a")
#define PAIR &(const PwasmPair){A, A}, 1

static const PwasmHttpCallOptions http_call_options = {
  .upstream = PWASM_STR_INIT("web"),
  .method = PWASM_STR_INIT("GET"),
  .path = PWASM_STR_INIT("/"),
  .authority = PWASM_STR_INIT("a"),
};

static const PwasmGrpcCallOptions grpc_call_options = {
  .upstream = PWASM_STR_INIT("web"),
  .service = PWASM_STR_INIT("a.B"),
  .method = PWASM_STR_INIT("Do"),
};

static const PwasmGrpcStreamOptions grpc_stream_options = {
  .upstream = PWASM_STR_INIT("web"),
  .service = PWASM_STR_INIT("a.B"),
  .method = PWASM_STR_INIT("Do"),
};

static const PwasmGrpcStreamHandlers handlers = {0};

static PwasmStatus
update(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  (void)present;
  (void)scratch;
  (void)data;
  *ret_value = A;
  return PWASM_STATUS_OK;
}

/* Functions that take what the host returns into memory: X(hostcall, call). */
#define OF_BYTES(X)                                                                                \
  X(proxy_get_header_map_value, pwasm_header_get(MAP, A, &ret.bytes))                              \
  X(proxy_get_header_map_pairs, pwasm_header_get_all(MAP, &ret.pairs))                             \
  X(proxy_get_buffer_bytes, pwasm_buffer_get(BODY, 0, SIZE_MAX, &ret.bytes))                       \
  X(proxy_get_buffer_bytes, pwasm_vm_configuration_get(&ret.bytes))                                \
  X(proxy_get_buffer_bytes, pwasm_plugin_configuration_get(&ret.bytes))                            \
  X(proxy_get_buffer_bytes, pwasm_envoy_stats_next(&(PwasmEnvoyStats){.size = 12}, &ret.stat))     \
  X(proxy_get_property, pwasm_property_get(A, &ret.bytes))                                         \
  X(proxy_get_property, pwasm_property_get_string(A, &ret.bytes))                                  \
  X(proxy_get_property, pwasm_property_get_message(A, &ret.bytes))                                 \
  X(proxy_get_property, pwasm_property_get_int64(A, &ret.int64))                                   \
  X(proxy_get_property, pwasm_property_get_uint64(A, &ret.uint64))                                 \
  X(proxy_get_property, pwasm_property_get_double(A, &ret.number))                                 \
  X(proxy_get_property, pwasm_property_get_bool(A, &ret.boolean))                                  \
  X(proxy_get_property, pwasm_property_get_time(A, &ret.uint64))                                   \
  X(proxy_get_property, pwasm_property_get_duration(A, &ret.uint64))                               \
  X(proxy_get_property, pwasm_property_get_map(A, &ret.pairs))                                     \
  X(proxy_get_property, pwasm_property_get_list(A, &ret.list))                                     \
  X(proxy_get_property, pwasm_envoy_metadata_get(A, A, &ret.bytes))                                \
  X(proxy_get_property, pwasm_envoy_filter_state_get(A, &ret.bytes))                               \
  X(proxy_get_property, pwasm_envoy_upstream_filter_state_get(A, &ret.bytes))                      \
  X(proxy_get_shared_data, pwasm_shared_data_get(A, &ret.bytes, &ret.uint32))                      \
  X(proxy_get_shared_data, pwasm_shared_data_update(A, update, NULL, 1))                           \
  X(proxy_dequeue_shared_queue, pwasm_shared_queue_dequeue(ret.queue, &ret.bytes))                 \
  X(proxy_call_foreign_function, pwasm_foreign_call(A, A, &ret.bytes))                             \
  X(proxy_call_foreign_function, pwasm_envoy_compress(A, &ret.bytes))                              \
  X(proxy_call_foreign_function, pwasm_envoy_uncompress(A, &ret.bytes))                            \
  X(proxy_call_foreign_function, pwasm_envoy_expression_create(A, &ret.expression))                \
  X(proxy_call_foreign_function, pwasm_envoy_expression_evaluate(ret.expression, &ret.bytes))      \
  X(proxy_call_foreign_function,                                                                   \
    pwasm_envoy_signature_create(&(const PwasmEnvoySigning){.text = A}, &ret.bytes))               \
  X(proxy_call_foreign_function,                                                                   \
    pwasm_envoy_signature_verify(&(const PwasmEnvoyVerification){.text = A}, &ret.boolean,         \
                                 &ret.bytes))

/* Those that act on whom they are given, be it not the current context. */
#define ON_BEHALF(X)                                                                               \
  X(proxy_send_local_response,                                                                     \
    pwasm_http_context_reply(http, &(const PwasmHttpReply){.status_code = 200}))                   \
  X(proxy_continue_stream, pwasm_http_context_resume_request(http))                                \
  X(proxy_continue_stream, pwasm_http_context_resume_response(http))                               \
  X(proxy_close_stream, pwasm_http_context_close(http))                                            \
  X(proxy_continue_stream, pwasm_tcp_context_resume_downstream(tcp))                               \
  X(proxy_continue_stream, pwasm_tcp_context_resume_upstream(tcp))                                 \
  X(proxy_close_stream, pwasm_tcp_context_close_downstream(tcp))                                   \
  X(proxy_close_stream, pwasm_tcp_context_close_upstream(tcp))                                     \
  X(proxy_set_tick_period_milliseconds, pwasm_timer_set_period(plugin, 1))                         \
  X(proxy_done, pwasm_plugin_context_done(plugin))                                                 \
  X(proxy_http_call, pwasm_http_call(&http->base, &http_call_options, NULL, NULL))                 \
  X(proxy_grpc_call, pwasm_grpc_call(&http->base, &grpc_call_options, NULL, NULL))                 \
  X(proxy_grpc_stream,                                                                             \
    pwasm_grpc_stream_open(&http->base, &grpc_stream_options, &handlers, NULL, &ret.stream))       \
  X(proxy_grpc_send, pwasm_grpc_stream_send(stream, A, true))                                      \
  X(proxy_grpc_close, pwasm_grpc_stream_close(stream))                                             \
  X(proxy_set_effective_context, pwasm_grpc_stream_cancel(stream))                                 \
  X(envoy_resolve_dns, pwasm_envoy_dns_resolve(&http->base, A, NULL, NULL))

#define OTHERS(X)                                                                                  \
  X(proxy_add_header_map_value, pwasm_header_add(MAP, A, A))                                       \
  X(proxy_replace_header_map_value, pwasm_header_replace(MAP, A, A))                               \
  X(proxy_remove_header_map_value, pwasm_header_remove(MAP, A))                                    \
  X(proxy_set_header_map_pairs, pwasm_header_set_all(MAP, PAIR))                                   \
  X(proxy_set_buffer_bytes, pwasm_buffer_prepend(BODY, A))                                         \
  X(proxy_set_buffer_bytes, pwasm_buffer_append(BODY, A))                                          \
  X(proxy_set_buffer_bytes, pwasm_buffer_replace(BODY, A))                                         \
  X(proxy_set_buffer_bytes, pwasm_buffer_clear(BODY))                                              \
  X(proxy_get_buffer_status, pwasm_buffer_get_size(BODY, &ret.size))                               \
  X(proxy_get_header_map_size, pwasm_header_map_get_size(MAP, &ret.size))                          \
  X(proxy_set_property, pwasm_property_set(A, A))                                                  \
  X(proxy_set_shared_data, pwasm_shared_data_set(A, A))                                            \
  X(proxy_set_shared_data, pwasm_shared_data_compare_and_set(A, A, 1))                             \
  X(proxy_set_shared_data, pwasm_shared_data_update(A, update, NULL, 1))                           \
  X(proxy_register_shared_queue, pwasm_shared_queue_register(A, &ret.queue))                       \
  X(proxy_resolve_shared_queue, pwasm_shared_queue_resolve(A, A, &ret.queue))                      \
  X(proxy_enqueue_shared_queue, pwasm_shared_queue_enqueue(ret.queue, A))                          \
  X(proxy_define_metric, pwasm_counter_define(A, &ret.counter))                                    \
  X(proxy_increment_metric, pwasm_counter_increment(ret.counter, 1))                               \
  X(proxy_get_metric, pwasm_counter_get(ret.counter, &ret.uint64))                                 \
  X(proxy_define_metric, pwasm_gauge_define(A, &ret.gauge))                                        \
  X(proxy_record_metric, pwasm_gauge_set(ret.gauge, 1))                                            \
  X(proxy_increment_metric, pwasm_gauge_add(ret.gauge, 1))                                         \
  X(proxy_get_metric, pwasm_gauge_get(ret.gauge, &ret.uint64))                                     \
  X(proxy_define_metric, pwasm_histogram_define(A, &ret.histogram))                                \
  X(proxy_record_metric, pwasm_histogram_record(ret.histogram, 1))                                 \
  X(proxy_get_current_time_nanoseconds, pwasm_time_get(&ret.uint64))                               \
  X(proxy_get_log_level, pwasm_log_get_host_level(&ret.level))                                     \
  X(proxy_call_foreign_function, pwasm_envoy_expression_delete(ret.expression))                    \
  X(proxy_call_foreign_function, pwasm_envoy_filter_state_set(A, A, PWASM_ENVOY_SPAN_REQUEST))     \
  X(proxy_call_foreign_function,                                                                   \
    pwasm_envoy_property_declare(&(const PwasmEnvoyDeclaration){.name = A}))                       \
  X(proxy_call_foreign_function, pwasm_envoy_route_cache_clear())

/* Calls a function; it passes a status on, and leaves alone what it would have returned. */
#define EXPECT_STATUS(expected, call)                                                              \
  do {                                                                                             \
    memset(&ret, 0x55, sizeof ret);                                                                \
    if ((call) != (expected))                                                                      \
      fail_msg("%s is not %s", #call, pwasm_status_name(expected));                                \
    expect_untouched(#call);                                                                       \
  } while (0);

static void
expect_untouched(const char *call)
{
  const unsigned char *bytes = (const unsigned char *)&ret;

  for (size_t i = 0; i < sizeof ret; i++) {
    if (bytes[i] != 0x55)
      fail_msg("%s has failed, and has returned something all the same", call);
  }
}

static PwasmStatus status;

#define PASSES_ON(hostcall, call)                                                                  \
  pwasm_host_fail(host, #hostcall, 0, status);                                                     \
  EXPECT_STATUS(status, call)                                                                      \
  pwasm_host_fail(host, #hostcall, 0, PWASM_STATUS_OK);

static void
pass_on(PwasmPluginContext *ctx)
{
  static const PwasmStatus statuses[] = {PWASM_STATUS_INVALID_MEMORY_ACCESS,
                                         PWASM_STATUS_INTERNAL_FAILURE, PWASM_STATUS_UNIMPLEMENTED,
                                         (PwasmStatus)77};

  (void)ctx;
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    status = statuses[i];
    OF_BYTES(PASSES_ON)
    ON_BEHALF(PASSES_ON)
    OTHERS(PASSES_ON)
  }
}

#define SAYS_NO_MEMORY(hostcall, call)                                                             \
  pwasm_host_answer(host, #hostcall, 0, pwasm_str(large, sizeof large));                           \
  pwasm_vm_fail_allocations_after(0);                                                              \
  EXPECT_STATUS(PWASM_STATUS_OUT_OF_MEMORY, call)                                                  \
  pwasm_vm_fail_allocations_after(SIZE_MAX);

static void
run_out_of_memory(PwasmPluginContext *ctx)
{
  static const char large[1 << 20];

  (void)ctx;
  OF_BYTES(SAYS_NO_MEMORY)
}

#define SAYS_WHOM_IS_LOST(hostcall, call) EXPECT_STATUS(PWASM_STATUS_BAD_ARGUMENT, call)

static void
act_on_the_lost(PwasmPluginContext *ctx)
{
  (void)ctx;
  pwasm_host_calls_clear(host);
  pwasm_host_fail(host, "proxy_set_effective_context", 0, PWASM_STATUS_BAD_ARGUMENT);
  ON_BEHALF(SAYS_WHOM_IS_LOST)
  pwasm_host_fail(host, "proxy_set_effective_context", 0, PWASM_STATUS_OK);
}

#define IS_NOT_CALLED(hostcall, call)                                                              \
  if (strcmp(#hostcall, "proxy_set_effective_context") != 0)                                       \
    PWASM_EXPECT_CALLS(host, #hostcall, 0);

static void
keep_http(PwasmContext *ctx)
{
  http = PWASM_SELF(PwasmHttpContext, ctx);
  script.http_init = NULL;
}

static PwasmAction
keep_tcp(PwasmTcpContext *ctx)
{
  tcp = ctx;
  return PWASM_ACTION_PAUSE;
}

static bool
keep_plugin(PwasmPluginContext *ctx, size_t configuration_size)
{
  (void)configuration_size;
  plugin = ctx;
  assert_ok(pwasm_grpc_stream_open(&ctx->base, &grpc_stream_options, &handlers, NULL, &stream));
  return true;
}

/* Runs a function in the callback of a plugin that it does not act on. */
static void
run_beside_others(void (*function)(PwasmPluginContext *ctx))
{
  PwasmHostPlugin *of_others;
  PwasmHostPlugin *own;

  pwasm_host_add_cluster(host, "web");
  script.on_configure = keep_plugin;
  of_others = start_plugin();
  script.on_configure = NULL;
  script.create_tcp_context = use_tcp;
  script.on_new_connection = keep_tcp;
  pwasm_host_tcp_open(of_others);
  script.create_tcp_context = NULL;
  script.http_init = keep_http;
  pwasm_host_http_get(of_others, "/");
  script.on_tick = function;
  own = start_plugin();
  pwasm_host_call(pwasm_host_plugin_vm(own), "proxy_on_tick", pwasm_host_plugin_id(own), 0, 0);
}

static void
any_status__is_passed_on(void **state)
{
  (void)state;
  run_beside_others(pass_on);
}

static void
any_status__no_memory(void **state)
{
  (void)state;
  run_beside_others(run_out_of_memory);
}

static void
any_status__of_whom_the_host_has_lost(void **state)
{
  (void)state;
  run_beside_others(act_on_the_lost);
  ON_BEHALF(IS_NOT_CALLED)
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(any_status__is_passed_on),
    SCRIPT_TEST(any_status__no_memory),
    SCRIPT_TEST(any_status__of_whom_the_host_has_lost),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
