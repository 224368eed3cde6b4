#include "../script.h"

#define HUGE_STR pwasm_str("", (size_t)UINT32_MAX + 1)

/* Opening a stream, and sending on it, says why not; what goes well is in the tests of calls and streams. */

static PwasmGrpcStreamOptions options;
static PwasmGrpcStream stream;

static PwasmStatus
open_for(PwasmContext *owner)
{
  static const PwasmGrpcStreamHandlers handlers = {0};

  return pwasm_grpc_stream_open(owner, &options, &handlers, NULL, &stream);
}

static int
setup(void **state)
{
  options = (PwasmGrpcStreamOptions){
    .upstream = PWASM_STR("web"), .service = PWASM_STR("a.B"), .method = PWASM_STR("Do")};
  stream.id = 77;
  return script_setup(state);
}

static void
open_in_vain(PwasmHttpContext *ctx)
{
  const PwasmGrpcStreamOptions whole = options;
  static PwasmPair pairs[PWASM_PAIRS_MAX_COUNT + 1];

  options.upstream = HUGE_STR;
  assert_status(open_for(&ctx->base), TOO_LARGE);
  options = whole;
  options.service = HUGE_STR;
  assert_status(open_for(&ctx->base), TOO_LARGE);
  options = whole;
  options.method = HUGE_STR;
  assert_status(open_for(&ctx->base), TOO_LARGE);
  options = whole;
  options.metadata = pairs;
  options.num_metadata = PWASM_PAIRS_MAX_COUNT + 1;
  assert_status(open_for(&ctx->base), TOO_LARGE);
  options = whole;
  options.method = PWASM_STR("");
  assert_status(open_for(&ctx->base), BAD_ARGUMENT);
  options = whole;
  pwasm_vm_fail_allocations_after(0);
  assert_status(open_for(&ctx->base), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_stream", 0);
  /* Once a host knows a cluster, it knows no other. */
  pwasm_host_add_cluster(host, "other");
  assert_status(open_for(&ctx->base), INTERNAL_FAILURE);
  /* It begins like a message, which says to whom. */
  options.upstream = PWASM_STR("\x0a\xff");
  assert_status(open_for(&ctx->base), PARSE_FAILURE);
  assert_int_equal(stream.id, 77);
}

static void
grpc_refusal__of_a_stream(void **state)
{
  (void)state;
  run_in_request(open_in_vain);
  PWASM_EXPECT_LOG(host, PWASM_LOG_ERROR, "pwasm: grpc call without method");
}

static PwasmContext *kept;

static void
keep(PwasmHttpContext *ctx)
{
  kept = pwasm_context_ref(&ctx->base);
}

static void
open_for_the_kept(PwasmHttpContext *ctx)
{
  (void)ctx;
  assert_status(open_for(kept), CLOSED);
  pwasm_context_unref(kept);
}

static void
grpc_refusal__of_a_stream_whose_owner_is_gone(void **state)
{
  (void)state;
  pwasm_host_http_end(run_in_request(keep));
  run_in_request(open_for_the_kept);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_stream", 0);
}

static void
send_in_vain(PwasmHttpContext *ctx)
{
  assert_ok(open_for(&ctx->base));
  assert_status(pwasm_grpc_stream_send(stream, HUGE_STR, true), TOO_LARGE);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 0);
  pwasm_host_fail(host, "proxy_grpc_send", 1, PWASM_STATUS_NOT_FOUND);
  assert_status(pwasm_grpc_stream_send(stream, PWASM_STR("m"), true), NOT_FOUND);
  assert_ok(pwasm_grpc_stream_send(stream, PWASM_STR("m"), true));
  assert_status(pwasm_grpc_stream_send(stream, PWASM_STR("m"), true), CLOSED);
}

static void
grpc_refusal__of_a_message(void **state)
{
  (void)state;
  run_in_request(send_in_vain);
  PWASM_EXPECT_CALLS(host, "proxy_grpc_send", 2);
}

#define REFUSAL_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    REFUSAL_TEST(grpc_refusal__of_a_stream),
    REFUSAL_TEST(grpc_refusal__of_a_stream_whose_owner_is_gone),
    REFUSAL_TEST(grpc_refusal__of_a_message),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
