#include "../script.h"

#include <pwasm/envoy.h>

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
  assert_ok(pwasm_envoy_property_declare(
    &(PwasmEnvoyDeclaration){.name = PWASM_STR("n"), .type = PWASM_ENVOY_TYPE_BYTES}));
  EXPECT_ARGUMENTS("\x0a\1n");
  assert_ok(pwasm_envoy_property_declare(
    &(PwasmEnvoyDeclaration){.name = PWASM_STR("n"), .type = PWASM_ENVOY_TYPE_STRING}));
  EXPECT_ARGUMENTS("\x0a\1n\x18\1");
  assert_ok(pwasm_envoy_property_declare(
    &(PwasmEnvoyDeclaration){.name = PWASM_STR("n"), .type = PWASM_ENVOY_TYPE_FLAT_BUFFERS}));
  EXPECT_ARGUMENTS("\x0a\1n\x18\2");
  define("clear_route_cache", PWASM_STR(""));
  assert_ok(pwasm_envoy_route_cache_clear());
  EXPECT_ARGUMENTS("");
}

static void
envoy__filter_state(void **state)
{
  (void)state;
  run_in_request(use_filter_state);
  PWASM_EXPECT_CALLS(host, "proxy_call_foreign_function", 9);
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
  run_in_request(use_compression);
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
  /* The field of the error is no text here. */
  foreign.result = PWASM_STR("\x08\1\x10\1");
  assert_ok(pwasm_envoy_signature_verify(&verification, &is_valid, &error));
  assert_true(is_valid);
  assert_true(pwasm_str_is_present(error));
  assert_str(error, "");
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
  run_in_request(verify);
  run_in_request(sign);
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
  foreign.result = PWASM_STR("abcde");
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
  assert_null(strstr(pwasm_host_trace(host), "expr_delete"));
  assert_ok(pwasm_envoy_expression_delete(expression));
  assert_non_null(strstr(pwasm_host_trace(host), "expr_delete"));
  EXPECT_ARGUMENTS("\5\1\0\0");
}

static void
envoy__expressions(void **state)
{
  (void)state;
  run_in_request(use_expression);
}

/* Calls every function; all answer with the same status. */
static void
expect_all(PwasmStatus status, PwasmStr text)
{
  const PwasmEnvoySigning signing = {.text = text};
  const PwasmEnvoyVerification of_text = {.text = text};
  PwasmEnvoyExpression expression = {.token = 7};
  PwasmStr bytes = PWASM_STR("before");
  bool boolean = true;

  assert_int_equal(pwasm_envoy_compress(text, &bytes), status);
  assert_int_equal(pwasm_envoy_uncompress(text, &bytes), status);
  assert_int_equal(pwasm_envoy_expression_create(text, &expression), status);
  assert_int_equal(pwasm_envoy_filter_state_set(text, PWASM_STR("v"), PWASM_ENVOY_SPAN_REQUEST),
                   status);
  assert_int_equal(pwasm_envoy_filter_state_set(PWASM_STR("k"), text, PWASM_ENVOY_SPAN_REQUEST),
                   status);
  assert_int_equal(pwasm_envoy_property_declare(&(PwasmEnvoyDeclaration){.schema = text}), status);
  assert_int_equal(pwasm_envoy_signature_create(&signing, &bytes), status);
  assert_int_equal(pwasm_envoy_signature_verify(&of_text, &boolean, &bytes), status);
  /* No host would call that too large. */
  if (status != PWASM_STATUS_TOO_LARGE) {
    assert_int_equal(pwasm_envoy_expression_evaluate(expression, &bytes), status);
    assert_int_equal(pwasm_envoy_expression_delete(expression), status);
    assert_int_equal(pwasm_envoy_route_cache_clear(), status);
  }
  assert_int_equal(expression.token, 7);
  assert_str(bytes, "before");
  assert_true(boolean);
}

static void
call_what_is_not_there(PwasmHttpContext *ctx)
{
  (void)ctx;
  expect_all(PWASM_STATUS_TOO_LARGE, pwasm_str("", (size_t)UINT32_MAX + 1));
  PWASM_EXPECT_CALLS(host, "proxy_call_foreign_function", 0);
  expect_all(PWASM_STATUS_NOT_FOUND, PWASM_STR("text"));
}

static void
envoy__not_every_host_has_them(void **state)
{
  (void)state;
  run_in_request(call_what_is_not_there);
  PWASM_EXPECT_CALLS(host, "proxy_call_foreign_function", 11);
}

static void
refuse(const char *name, PwasmStatus status)
{
  define(name, PWASM_STR(""));
  foreign.status = status;
}

static void
be_refused(PwasmHttpContext *ctx)
{
  const PwasmEnvoyExpression expression = {.token = 7};
  const PwasmEnvoySigning signing = {.text = PWASM_STR("t")};
  const PwasmEnvoyDeclaration declaration = {.name = PWASM_STR("n")};
  PwasmStr bytes = PWASM_STR("before");

  (void)ctx;
  refuse("compress", PWASM_STATUS_SERIALIZATION_FAILURE);
  assert_status(pwasm_envoy_compress(PWASM_STR("t"), &bytes), SERIALIZATION_FAILURE);
  refuse("expr_evaluate", PWASM_STATUS_SERIALIZATION_FAILURE);
  assert_status(pwasm_envoy_expression_evaluate(expression, &bytes), SERIALIZATION_FAILURE);
  refuse("declare_property", PWASM_STATUS_BAD_ARGUMENT);
  assert_status(pwasm_envoy_property_declare(&declaration), BAD_ARGUMENT);
  refuse("sign", PWASM_STATUS_BAD_ARGUMENT);
  assert_status(pwasm_envoy_signature_create(&signing, &bytes), BAD_ARGUMENT);
  assert_str(bytes, "before");
}

static void
envoy__refusals_are_passed_on(void **state)
{
  (void)state;
  run_in_request(be_refused);
}

static void
fail_without_memory(PwasmHttpContext *ctx)
{
  const PwasmStr text = PWASM_STR("a text of sixteen bytes and more");

  (void)ctx;
  while (pwasm_arena_alloc(pwasm_scratch(), 1024) != NULL)
    pwasm_vm_fail_allocations_after(0);
  while (pwasm_arena_alloc(pwasm_scratch(), 1) != NULL)
    ;
  assert_status(pwasm_envoy_filter_state_set(text, PWASM_STR(""), PWASM_ENVOY_SPAN_REQUEST),
                OUT_OF_MEMORY);
  assert_status(pwasm_envoy_property_declare(&(PwasmEnvoyDeclaration){.name = text}),
                OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
}

static void
envoy__messages_take_memory(void **state)
{
  (void)state;
  run_in_request(fail_without_memory);
  PWASM_EXPECT_CALLS(host, "proxy_call_foreign_function", 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(envoy__filter_state),
    SCRIPT_TEST(envoy__compression),
    SCRIPT_TEST(envoy__signatures),
    SCRIPT_TEST(envoy__expressions),
    SCRIPT_TEST(envoy__not_every_host_has_them),
    SCRIPT_TEST(envoy__refusals_are_passed_on),
    SCRIPT_TEST(envoy__messages_take_memory),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
