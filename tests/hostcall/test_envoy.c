#include "../script.h"

#include <pwasm/envoy.h>

/* What runs in the callback of the request's headers. */
static void (*in_request)(PwasmHttpContext *ctx);

static PwasmAction
run(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  in_request(ctx);
  return PWASM_ACTION_CONTINUE;
}

static PwasmHostHttp *
request(void (*function)(PwasmHttpContext *ctx))
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  in_request = function;
  script.on_request_headers = run;
  pwasm_host_http_send_request_headers(http, GET, true);
  return http;
}

/* A foreign function that answers with what it was told to, and notes its arguments. */
typedef struct Foreign {
  uint32_t status;
  PwasmStr result;
  char arguments[256];
  size_t arguments_len;
} Foreign;

static uint32_t
answer(PwasmHost *caller, PwasmStr arguments, PwasmStr *ret_result, void *data)
{
  Foreign *foreign = data;

  (void)caller;
  assert_true(arguments.len <= sizeof foreign->arguments);
  if (arguments.len > 0)
    memcpy(foreign->arguments, arguments.data, arguments.len);
  foreign->arguments_len = arguments.len;
  *ret_result = foreign->result;
  return foreign->status;
}

static Foreign foreign;

static void
define(const char *name, PwasmStr result)
{
  foreign = (Foreign){.result = result};
  pwasm_host_foreign_define(host, name, answer, &foreign);
}

#define EXPECT_ARGUMENTS(literal)                                                                  \
  do {                                                                                             \
    assert_int_equal(foreign.arguments_len, sizeof(literal) - 1);                                  \
    assert_memory_equal(foreign.arguments, literal, sizeof(literal) - 1);                          \
  } while (0)

/* One of each type: what was asked for is what was set. */
static void
get_attributes(PwasmHttpContext *ctx)
{
  PwasmStr text;
  int64_t int64;
  uint64_t uint64;
  bool boolean;
  PwasmPairs pairs;

  (void)ctx;
  assert_ok(pwasm_envoy_request_path(&text));
  assert_str(text, "/");
  assert_ok(pwasm_envoy_request_headers(&pairs));
  assert_int_equal(pwasm_pairs_count(&pairs), 2);
  assert_ok(pwasm_envoy_request_time(&uint64));
  assert_int_equal(uint64, PWASM_HOST_START_TIME_NS);
  assert_ok(pwasm_envoy_source_address(&text));
  assert_str(text, "192.0.2.1:1234");
  assert_ok(pwasm_envoy_connection_id(&uint64));
  assert_int_equal(uint64, 17);
  assert_ok(pwasm_envoy_connection_mtls(&boolean));
  assert_true(boolean);
  assert_ok(pwasm_envoy_upstream_cx_pool_ready_duration(&uint64));
  assert_int_equal(uint64, 250);
  assert_ok(pwasm_envoy_xds_listener_direction(&int64));
  assert_int_equal(int64, PWASM_ENVOY_DIRECTION_OUTBOUND);
  assert_ok(pwasm_envoy_xds_node(&text));
  assert_str(text, "\x0a\x01n");
  assert_status(pwasm_envoy_xds_cluster_name(&text), NOT_FOUND);
  assert_status(pwasm_envoy_response_code(&int64), NOT_FOUND);
  assert_status(pwasm_envoy_upstream_port(&int64), TYPE_MISMATCH);
  assert_ok(pwasm_envoy_plugin_name(&text));
  assert_str(text, "");
  assert_ok(pwasm_envoy_metadata_get(PWASM_STR("envoy.filters.http.lua"), PWASM_STR("key"), &text));
  assert_str(text, "lua");
  assert_status(pwasm_envoy_metadata_get(PWASM_STR("a\0b"), PWASM_STR("key"), &text), BAD_ARGUMENT);
  assert_ok(pwasm_envoy_filter_state_get(PWASM_STR("envoy.tcp_proxy.cluster"), &text));
  assert_str(text, "cluster");
  assert_ok(pwasm_envoy_upstream_filter_state_get(PWASM_STR("a"), &text));
  assert_str(text, "upstream");
}

static void
envoy__attributes(void **state)
{
  (void)state;
  pwasm_host_property_set(host, PWASM_PATH("source", "address"), PWASM_STR("192.0.2.1:1234"));
  pwasm_host_property_set(host, PWASM_PATH("connection", "id"), PWASM_HOST_INT64(17));
  pwasm_host_property_set(host, PWASM_PATH("connection", "mtls"), PWASM_HOST_BOOL(true));
  pwasm_host_property_set(host, PWASM_PATH("upstream", "cx_pool_ready_duration"),
                          PWASM_HOST_INT64(250));
  pwasm_host_property_set(host, PWASM_PATH("upstream", "port"), PWASM_STR("port"));
  pwasm_host_property_set(host, PWASM_PATH("upstream", "port"), PWASM_STR("a port"));
  pwasm_host_property_set(host, PWASM_PATH("xds", "listener_direction"), PWASM_HOST_INT64(2));
  pwasm_host_property_set(host, PWASM_PATH("xds", "node"), PWASM_STR("\x0a\x01n"));
  pwasm_host_property_set(
    host, PWASM_PATH("metadata", "filter_metadata", "envoy.filters.http.lua", "key"),
    PWASM_STR("lua"));
  pwasm_host_property_set(host, PWASM_PATH("filter_state", "envoy.tcp_proxy.cluster"),
                          PWASM_STR("cluster"));
  pwasm_host_property_set(host, PWASM_PATH("upstream_filter_state", "a"), PWASM_STR("upstream"));
  request(get_attributes);
  PWASM_EXPECT_CALLS(host, "proxy_get_property", 16);
}

static void
use_filter_state(PwasmHttpContext *ctx)
{
  (void)ctx;
  assert_status(
    pwasm_envoy_filter_state_set(PWASM_STR("k"), PWASM_STR("v"), PWASM_ENVOY_SPAN_FILTER_CHAIN),
    NOT_FOUND);
  define("set_envoy_filter_state", PWASM_STR(""));
  assert_ok(
    pwasm_envoy_filter_state_set(PWASM_STR("k"), PWASM_STR("v"), PWASM_ENVOY_SPAN_FILTER_CHAIN));
  EXPECT_ARGUMENTS("\x0a\1k\x12\1v");
  assert_ok(
    pwasm_envoy_filter_state_set(PWASM_STR("k"), PWASM_STR(""), PWASM_ENVOY_SPAN_CONNECTION));
  EXPECT_ARGUMENTS("\x0a\1k\x18\2");
  foreign.status = PWASM_STATUS_BAD_ARGUMENT;
  assert_status(
    pwasm_envoy_filter_state_set(PWASM_STR("k"), PWASM_STR(""), PWASM_ENVOY_SPAN_REQUEST),
    BAD_ARGUMENT);
  define("declare_property", PWASM_STR(""));
  assert_ok(pwasm_envoy_property_declare(&(PwasmEnvoyDeclaration){
    .name = PWASM_STR("n"),
    .type = PWASM_ENVOY_TYPE_PROTOBUF,
    .schema = PWASM_STR("s"),
    .read_only = true,
    .span = PWASM_ENVOY_SPAN_REQUEST,
  }));
  EXPECT_ARGUMENTS("\x0a\1n\x10\1\x18\3\x22\1s\x28\1");
  define("clear_route_cache", PWASM_STR(""));
  assert_ok(pwasm_envoy_route_cache_clear());
  EXPECT_ARGUMENTS("");
}

static void
envoy__filter_state(void **state)
{
  (void)state;
  request(use_filter_state);
  PWASM_EXPECT_CALLS(host, "proxy_call_foreign_function", 6);
}

static void
use_compression(PwasmHttpContext *ctx)
{
  PwasmStr bytes = PWASM_STR("before");

  (void)ctx;
  define("compress", PWASM_STR("small"));
  assert_ok(pwasm_envoy_compress(PWASM_STR("large"), &bytes));
  assert_str(bytes, "small");
  EXPECT_ARGUMENTS("large");
  define("uncompress", PWASM_STR("large"));
  assert_ok(pwasm_envoy_uncompress(PWASM_STR("small"), &bytes));
  assert_str(bytes, "large");
  foreign.status = PWASM_STATUS_SERIALIZATION_FAILURE;
  assert_status(pwasm_envoy_uncompress(PWASM_STR("?"), &bytes), SERIALIZATION_FAILURE);
  assert_str(bytes, "large");
}

static void
envoy__compression(void **state)
{
  (void)state;
  request(use_compression);
}

static const PwasmEnvoyVerification verification = {
  .hash_function = PWASM_STR_INIT("h"),
  .public_key = PWASM_STR_INIT("d"),
  .signature = PWASM_STR_INIT("s"),
  .text = PWASM_STR_INIT("t"),
};

static void
verify(PwasmHttpContext *ctx)
{
  PwasmStr error = PWASM_STR("before");
  bool is_valid = true;

  (void)ctx;
  define("verify_signature", PWASM_STR("\x12\3why"));
  assert_ok(pwasm_envoy_signature_verify(&verification, &is_valid, &error));
  assert_false(is_valid);
  assert_str(error, "why");
  EXPECT_ARGUMENTS("\x0a\1h\x12\1d\x1a\1s\x22\1t");
  foreign.result = PWASM_STR("\x08\1");
  assert_ok(pwasm_envoy_signature_verify(
    &(PwasmEnvoyVerification){.public_key_pem = PWASM_STR("p")}, &is_valid, &error));
  assert_true(is_valid);
  assert_str(error, "");
  EXPECT_ARGUMENTS("\x2a\1p");
  foreign.result = PWASM_STR("");
  assert_ok(pwasm_envoy_signature_verify(&verification, &is_valid, NULL));
  assert_false(is_valid);
  is_valid = true;
  foreign.result = PWASM_STR("\x12\5why");
  assert_status(pwasm_envoy_signature_verify(&verification, &is_valid, &error), MALFORMED);
  foreign.status = PWASM_STATUS_BAD_ARGUMENT;
  assert_status(pwasm_envoy_signature_verify(&verification, &is_valid, &error), BAD_ARGUMENT);
  assert_true(is_valid);
  assert_str(error, "");
}

static void
sign(PwasmHttpContext *ctx)
{
  const PwasmEnvoySigning signing = {.hash_function = PWASM_STR("h"),
                                     .private_key = PWASM_STR("d"),
                                     .private_key_pem = PWASM_STR("p"),
                                     .text = PWASM_STR("t")};
  PwasmStr signature = PWASM_STR("before");

  (void)ctx;
  define("sign", PWASM_STR("\x08\1\x12\3sig"));
  assert_ok(pwasm_envoy_signature_create(&signing, &signature));
  assert_str(signature, "sig");
  EXPECT_ARGUMENTS("\x0a\1h\x12\1d\x1a\1t\x22\1p");
  foreign.result = PWASM_STR("\x1a\3why");
  assert_status(pwasm_envoy_signature_create(&signing, &signature), INTERNAL_FAILURE);
  foreign.result = PWASM_STR("\x08");
  assert_status(pwasm_envoy_signature_create(&signing, &signature), MALFORMED);
  foreign.status = PWASM_STATUS_NOT_FOUND;
  assert_status(pwasm_envoy_signature_create(&signing, &signature), NOT_FOUND);
  assert_str(signature, "sig");
}

static void
envoy__signatures(void **state)
{
  (void)state;
  request(verify);
  request(sign);
}

static void
use_expression(PwasmHttpContext *ctx)
{
  PwasmEnvoyExpression expression = {.token = 7};
  PwasmStr value;
  bool boolean;

  (void)ctx;
  define("expr_create", PWASM_STR("abc"));
  assert_status(pwasm_envoy_expression_create(PWASM_STR("1 == 1"), &expression), MALFORMED);
  foreign.status = PWASM_STATUS_BAD_ARGUMENT;
  assert_status(pwasm_envoy_expression_create(PWASM_STR("1 =="), &expression), BAD_ARGUMENT);
  assert_int_equal(expression.token, 7);
  define("expr_create", PWASM_STR("\5\1\0\0"));
  assert_ok(pwasm_envoy_expression_create(PWASM_STR("1 == 1"), &expression));
  assert_int_equal(expression.token, 261);
  EXPECT_ARGUMENTS("1 == 1");
  define("expr_evaluate", PWASM_STR("\1"));
  assert_ok(pwasm_envoy_expression_evaluate(expression, &value));
  assert_ok(pwasm_value_to_bool(value, &boolean));
  assert_true(boolean);
  EXPECT_ARGUMENTS("\5\1\0\0");
  define("expr_delete", PWASM_STR(""));
  assert_ok(pwasm_envoy_expression_delete(expression));
  EXPECT_ARGUMENTS("\5\1\0\0");
}

static void
envoy__expressions(void **state)
{
  (void)state;
  request(use_expression);
}

static void
fail_without_memory(PwasmHttpContext *ctx)
{
  PwasmStr value;

  (void)ctx;
  define("set_envoy_filter_state", PWASM_STR(""));
  while (pwasm_arena_alloc(pwasm_scratch(), 1024) != NULL)
    pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_envoy_filter_state_set(PWASM_STR("a key of sixteen bytes and more"),
                                             PWASM_STR(""), PWASM_ENVOY_SPAN_REQUEST),
                OUT_OF_MEMORY);
  assert_status(
    pwasm_envoy_metadata_get(PWASM_STR("envoy.filters.http.lua"), PWASM_STR("k"), &value),
    OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
envoy__no_memory(void **state)
{
  (void)state;
  request(fail_without_memory);
  PWASM_EXPECT_CALLS(host, "proxy_call_foreign_function", 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(envoy__attributes),  SCRIPT_TEST(envoy__filter_state),
    SCRIPT_TEST(envoy__compression), SCRIPT_TEST(envoy__signatures),
    SCRIPT_TEST(envoy__expressions), SCRIPT_TEST(envoy__no_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
