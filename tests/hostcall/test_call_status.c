#include "../script.h"

static const PwasmHttpCallOptions options = {
  .upstream = PWASM_STR_INIT("web"),
  .method = PWASM_STR_INIT("GET"),
  .path = PWASM_STR_INIT("/"),
  .authority = PWASM_STR_INIT("a"),
};

static const PwasmGrpcCallOptions grpc_options = {
  .upstream = PWASM_STR_INIT("web"),
  .service = PWASM_STR_INIT("a.B"),
  .method = PWASM_STR_INIT("Do"),
};

#define GET_STATUS "proxy_get_status"

/* What was read last. */
static uint32_t code;
static char message_text[32];
static PwasmStatus status;

static void
read_status(void)
{
  PwasmStr message = PWASM_STR("before");

  code = 77;
  status = pwasm_call_status_get(&code, &message);
  snprintf(message_text, sizeof message_text, "%.*s", PWASM_STR_ARG(message));
}

static void
expect_failure(PwasmStatus expected)
{
  assert_int_equal(status, expected);
  assert_int_equal(code, 77);
  assert_string_equal(message_text, "before");
}

static void
done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  read_status();
}

static void
grpc_done(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  (void)owner;
  (void)result;
  (void)data;
  read_status();
}

static void
make_calls(PwasmHttpContext *ctx)
{
  read_status();
  expect_failure(PWASM_STATUS_BAD_ARGUMENT);
  assert_ok(pwasm_http_call(PWASM_CONTEXT(ctx), &options, done, NULL));
  assert_ok(pwasm_grpc_call(PWASM_CONTEXT(ctx), &grpc_options, grpc_done, NULL));
  read_status();
  expect_failure(PWASM_STATUS_BAD_ARGUMENT);
}

static PwasmHostHttpCall *
start_call(void)
{
  run_in_request(make_calls);
  PWASM_EXPECT_CALLS(host, GET_STATUS, 0);
  return pwasm_host_http_call(host, 0);
}

static void
call_status__may_be_empty(void **state)
{
  (void)state;
  pwasm_host_http_call_answer(
    start_call(), &(PwasmHostHttpAnswer){.headers = PWASM_HOST_HEADERS(":status", "200")});
  assert_ok(status);
  assert_int_equal(code, 0);
  assert_string_equal(message_text, "");
}

static void
call_status__has_a_message(void **state)
{
  PwasmHostHttpCall *call = start_call();

  (void)state;
  pwasm_host_answer(host, GET_STATUS, 1, PWASM_STR("reset"));
  pwasm_host_http_call_fail(call);
  assert_ok(status);
  assert_string_equal(message_text, "reset");
}

static void
call_status__has_the_code_of_grpc(void **state)
{
  (void)state;
  start_call();
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 14, PWASM_STR("gone"));
  assert_ok(status);
  assert_int_equal(code, 14);
  assert_string_equal(message_text, "gone");
}

static void
read_in_vain(PwasmHttpContext *ctx)
{
  (void)ctx;
  read_status();
}

static void
call_status__is_of_no_call_before(void **state)
{
  PwasmHostHttpCall *call = start_call();

  (void)state;
  pwasm_host_grpc_close(pwasm_host_grpc_call(host, 0), 14, PWASM_STR("gone"));
  assert_ok(status);
  run_in_request(read_in_vain);
  expect_failure(PWASM_STATUS_BAD_ARGUMENT);
  /* Nor is it in a function that learns that its own call is cancelled. */
  code = 0;
  pwasm_host_http_call_drop(call);
  pwasm_host_free(host);
  host = NULL;
  expect_failure(PWASM_STATUS_BAD_ARGUMENT);
}

static void
call_status__may_be_unknown(void **state)
{
  static const PwasmStatus statuses[] = {PWASM_STATUS_INVALID_MEMORY_ACCESS,
                                         PWASM_STATUS_INTERNAL_FAILURE, PWASM_STATUS_UNIMPLEMENTED,
                                         (PwasmStatus)77};

  (void)state;
  for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
    PwasmHostHttpCall *call;

    run_in_request(make_calls);
    call = pwasm_host_http_call(host, 0);
    pwasm_host_fail(host, GET_STATUS, 1, statuses[i]);
    pwasm_host_http_call_fail(call);
    expect_failure(statuses[i]);
  }
}

static void
call_status__says_when_memory_is_out(void **state)
{
  PwasmHostHttpCall *call = start_call();

  (void)state;
  pwasm_host_answer(host, GET_STATUS, 1, PWASM_STR("reset"));
  pwasm_vm_fail_allocations_after(0);
  pwasm_host_http_call_fail(call);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  expect_failure(PWASM_STATUS_OUT_OF_MEMORY);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(call_status__may_be_empty),
    SCRIPT_TEST(call_status__has_a_message),
    SCRIPT_TEST(call_status__has_the_code_of_grpc),
    SCRIPT_TEST(call_status__is_of_no_call_before),
    SCRIPT_TEST(call_status__may_be_unknown),
    SCRIPT_TEST(call_status__says_when_memory_is_out),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
