/* Calls to other services: each that is accepted ends once, as its owner's, while that lives. */

#include "everything.h"

#include "core/vm_private.h"

static Call *
new_call(const PwasmContext *owner, bool is_stream)
{
  Call *call;

  if (world.num_calls == MAX_CALLS)
    return NULL;
  call = &world.calls[world.num_calls++];
  *call = (Call){.owner = life_of(owner), .is_stream = is_stream};
  return call;
}

/* The owner of calls may be of the SDK's own classes, of whose lives nothing is known. */
static void
check_event(const PwasmContext *owner, const Call *call)
{
  FUZZ_CHECK(call->state != CALL_REFUSED);
  FUZZ_CHECK(call->num_ends == 0);
  FUZZ_CHECK(pwasm__vm()->current == owner);
  FUZZ_CHECK(call->owner == life_of(owner));
  FUZZ_CHECK(call->owner == NULL || call->owner->num_finalized == 0);
  if (!chaos.is_effective_unknown && !pwasm_context_is_closed(owner) &&
      owner->kind != PWASM_CONTEXT_KIND_VM && !chaos.has_refused_last)
    FUZZ_CHECK(chaos_is_effective(owner->id));
}

static void
act_in_event(PwasmContext *owner)
{
  uint64_t expected = chaos.expected;

  chaos.expected = CHAOS_NOBODY;
  act(owner);
  chaos.expected = expected;
}

static void
returned(Call *call, PwasmStatus status)
{
  if (call == NULL)
    return;
  chaos.expected = CHAOS_NOBODY;
  if (status != PWASM_STATUS_OK)
    FUZZ_CHECK(call->num_ends == 0);
  call->state = status == PWASM_STATUS_OK ? CALL_ACCEPTED : CALL_REFUSED;
}

static void
expect(const PwasmContext *owner)
{
  chaos.expected = owner->kind == PWASM_CONTEXT_KIND_VM ? chaos.effective : owner->id;
}

static void
http_done(PwasmContext *owner, const PwasmHttpCallResult *result, void *data)
{
  Call *call = data;

  check_event(owner, call);
  FUZZ_CHECK(result->status_code <= 999);
  if (result->outcome != PWASM_CALL_ANSWERED)
    FUZZ_CHECK(result->num_headers == 0 && result->body_size == 0 && result->status_code == 0);
  call->num_ends++;
  act_in_event(owner);
}

static void
grpc_done(PwasmContext *owner, const PwasmGrpcCallResult *result, void *data)
{
  Call *call = data;

  check_event(owner, call);
  FUZZ_CHECK(result->outcome == PWASM_CALL_ANSWERED || result->message_size == 0);
  call->num_ends++;
  act_in_event(owner);
}

/* Options that are good, except for some. */
static PwasmStr
some_name(void)
{
  return any_below(16) == 15 ? any_str() : PWASM_STR("name");
}

static uint32_t
some_timeout(void)
{
  return any_below(16) == 15 ? fuzz_u32(&chaos.input) : 1000;
}

static void
http_call(PwasmContext *ctx)
{
  PwasmPair pairs[] = {{some_name(), any_str()}, {PWASM_STR(":path"), any_str()}};
  PwasmHttpCallOptions options = {.upstream = some_name(),
                                  .method = some_name(),
                                  .path = some_name(),
                                  .authority = some_name(),
                                  .headers = pairs,
                                  .num_headers = any_below(3),
                                  .body = any_str(),
                                  .trailers = pairs,
                                  .num_trailers = any_below(3),
                                  .timeout_ms = some_timeout()};
  Call *call = new_call(ctx, false);

  if (call == NULL)
    return;
  expect(ctx);
  returned(call, pwasm_http_call(ctx, &options, http_done, call));
}

static void
grpc_call(PwasmContext *ctx)
{
  PwasmPair pairs[] = {{some_name(), any_str()}};
  PwasmGrpcCallOptions options = {.upstream = some_name(),
                                  .service = some_name(),
                                  .method = some_name(),
                                  .metadata = pairs,
                                  .num_metadata = any_below(2),
                                  .message = any_str(),
                                  .timeout_ms = some_timeout()};
  Call *call = new_call(ctx, false);

  if (call == NULL)
    return;
  expect(ctx);
  returned(call, pwasm_grpc_call(ctx, &options, grpc_done, call));
}

static void
call_without_done(PwasmContext *ctx)
{
  PwasmHttpCallOptions http = {.upstream = PWASM_STR("u"),
                               .method = PWASM_STR("GET"),
                               .path = PWASM_STR("/"),
                               .authority = PWASM_STR("a")};
  PwasmGrpcCallOptions grpc = {
    .upstream = PWASM_STR("u"), .service = PWASM_STR("s"), .method = PWASM_STR("m")};

  pwasm_ignore(any_below(2) == 0 ? pwasm_http_call(ctx, &http, NULL, NULL)
                                 : pwasm_grpc_call(ctx, &grpc, NULL, NULL));
}

static void
call_status(PwasmContext *ctx)
{
  uint32_t code = 77;
  PwasmStr message = UNTOUCHED;
  PwasmStatus status = pwasm_call_status_get(&code, &message);

  (void)ctx;
  check_str(status, message);
  CHECK_NUMBER(status, code);
}

void
act_with_calls(PwasmContext *ctx)
{
  static void (*const acts[])(PwasmContext *) = {http_call, grpc_call, call_without_done,
                                                 call_status};

  acts[any_below(sizeof acts / sizeof acts[0])](ctx);
}

/* ---- streams ---- */

static void
stream_event(PwasmContext *owner, PwasmGrpcStream stream, void *data)
{
  Call *call = data;

  check_event(owner, call);
  if (call->state == CALL_ACCEPTED)
    FUZZ_CHECK(call->stream.id == stream.id);
  call->stream = stream;
  act_in_event(owner);
}

static void
on_metadata(PwasmContext *owner, PwasmGrpcStream stream, size_t num_metadata, void *data)
{
  (void)num_metadata;
  stream_event(owner, stream, data);
}

static void
on_message(PwasmContext *owner, PwasmGrpcStream stream, size_t message_size, void *data)
{
  (void)message_size;
  stream_event(owner, stream, data);
}

static void
on_close(PwasmContext *owner, PwasmGrpcStream stream, uint32_t grpc_status, void *data)
{
  Call *call = data;

  (void)grpc_status;
  (void)stream;
  check_event(owner, call);
  call->num_ends++;
  act_in_event(owner);
}

static const PwasmGrpcStreamHandlers all_handlers = {on_metadata, on_message, on_metadata,
                                                     on_close};
static const PwasmGrpcStreamHandlers no_handlers = {0};

static void
stream_open(PwasmContext *ctx)
{
  PwasmPair pairs[] = {{some_name(), any_str()}};
  PwasmGrpcStreamOptions options = {.upstream = some_name(),
                                    .service = some_name(),
                                    .method = some_name(),
                                    .metadata = pairs,
                                    .num_metadata = any_below(2)};
  PwasmGrpcStream stream = {77};
  bool is_heard = any_below(8) != 7;
  Call *call = is_heard ? new_call(ctx, true) : NULL;
  PwasmStatus status;

  if (is_heard && call == NULL)
    return;
  expect(ctx);
  status =
    pwasm_grpc_stream_open(ctx, &options, is_heard ? &all_handlers : &no_handlers, call, &stream);
  returned(call, status);
  chaos.expected = CHAOS_NOBODY;
  CHECK_NUMBER(status, stream.id);
  if (call != NULL && status == PWASM_STATUS_OK)
    call->stream = stream;
}

/* Any stream's: it may have ended, and the host's id be another's. */
static PwasmGrpcStream
any_stream(void)
{
  uint32_t back = any_below(16);

  for (size_t i = world.num_calls; i-- > 0;) {
    if (world.calls[i].is_stream && back-- == 0)
      return world.calls[i].stream;
  }
  return (PwasmGrpcStream){fuzz_u64(&chaos.input)};
}

void
act_with_streams(PwasmContext *ctx)
{
  switch (any_below(5)) {
  case 0:
  case 1:
    stream_open(ctx);
    break;
  case 2:
    pwasm_ignore(pwasm_grpc_stream_send(any_stream(), any_str(), any_below(2)));
    break;
  case 3:
    pwasm_ignore(pwasm_grpc_stream_close(any_stream()));
    break;
  default:
    pwasm_ignore(pwasm_grpc_stream_cancel(any_stream()));
    break;
  }
}
