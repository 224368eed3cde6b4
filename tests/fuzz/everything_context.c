/* What is done to a context, and memory. */

#include "everything.h"

static void
act_with_http(PwasmHttpContext *ctx)
{
  PwasmPair headers[] = {{PWASM_STR("a"), any_str()}};
  PwasmGrpcStatus grpc_status = PWASM_GRPC_STATUS_ABORTED;
  PwasmHttpReply reply = {.status_code = any_below(8) == 7 ? fuzz_u32(&chaos.input) : 403,
                          .body = any_str(),
                          .headers = headers,
                          .num_headers = any_below(2),
                          .grpc_status = any_below(2) == 0 ? NULL : &grpc_status,
                          .details = any_str()};
  bool was_replied = pwasm_http_context_is_replied(ctx);
  PwasmStatus status;

  FUZZ_CHECK(pwasm_http_context_plugin(ctx) != NULL);
  switch (any_below(6)) {
  case 0:
    status = pwasm_http_context_reply(ctx, &reply);
    if (was_replied)
      FUZZ_CHECK(status != PWASM_STATUS_OK);
    break;
  case 1:
    pwasm_ignore(pwasm_http_context_resume_request(ctx));
    break;
  case 2:
    pwasm_ignore(pwasm_http_context_resume_response(ctx));
    break;
  case 3:
    FUZZ_CHECK(pwasm_http_context_hold_request(ctx) == PWASM_ACTION_PAUSE);
    break;
  case 4:
    FUZZ_CHECK(pwasm_http_context_hold_response(ctx) == PWASM_ACTION_PAUSE);
    break;
  default:
    pwasm_ignore(pwasm_http_context_close(ctx));
    break;
  }
}

static void
act_with_tcp(PwasmTcpContext *ctx)
{
  static PwasmStatus (*const acts[])(PwasmTcpContext *) = {
    pwasm_tcp_context_resume_downstream, pwasm_tcp_context_resume_upstream,
    pwasm_tcp_context_close_downstream, pwasm_tcp_context_close_upstream};

  FUZZ_CHECK(pwasm_tcp_context_plugin(ctx) != NULL);
  pwasm_ignore(acts[any_below(4)](ctx));
}

static void
act_with_plugin(PwasmPluginContext *ctx)
{
  if (any_below(2) == 0)
    pwasm_ignore(pwasm_timer_set_period(ctx, fuzz_u32(&chaos.input)));
  else
    pwasm_ignore(pwasm_plugin_context_done(ctx));
}

void
act_with_context(PwasmContext *ctx)
{
  uint64_t expected = chaos.expected;

  chaos.expected = pwasm_context_id(ctx);
  switch (ctx->kind) {
  case PWASM_CONTEXT_KIND_HTTP:
    act_with_http(PWASM_SELF(PwasmHttpContext, ctx));
    break;
  case PWASM_CONTEXT_KIND_TCP:
    act_with_tcp(PWASM_SELF(PwasmTcpContext, ctx));
    break;
  case PWASM_CONTEXT_KIND_PLUGIN:
    act_with_plugin(PWASM_SELF(PwasmPluginContext, ctx));
    break;
  default:
    FUZZ_CHECK(ctx->kind == PWASM_CONTEXT_KIND_VM);
    break;
  }
  chaos.expected = expected;
}

/* ---- memory ---- */

static void
clean_up(void *data)
{
  (void)data;
  world.cleanups_run++;
  if (any_below(4) == 3)
    act_with_services(NULL);
}

static void
allocate(PwasmArena *arena)
{
  size_t size = any_below(8) == 7 ? 64 * (size_t)fuzz_u8(&chaos.input) : any_below(64);
  unsigned char *bytes = pwasm_arena_alloc_zero(arena, 1, size);

  FUZZ_CHECK(pwasm_arena_alloc(arena, SIZE_MAX - any_below(64)) == NULL);
  FUZZ_CHECK(pwasm_arena_alloc_zero(arena, SIZE_MAX / 2, 3) == NULL);
  if (bytes == NULL)
    return;
  for (size_t i = 0; i < size; i++)
    FUZZ_CHECK(bytes[i] == 0);
  memset(bytes, 1, size);
}

static void
copy(PwasmArena *arena)
{
  PwasmStr original = any_str();
  PwasmStr text = UNTOUCHED;
  PwasmStatus status = pwasm_str_dup(arena, original, &text);

  check_str(status, text);
  FUZZ_CHECK(status != PWASM_STATUS_OK || pwasm_str_equal(original, text));
  text = UNTOUCHED;
  status = pwasm_str_join(arena, (const PwasmStr[]){original, PWASM_STR(","), original}, 3, &text);
  check_str(status, text);
  FUZZ_CHECK(status != PWASM_STATUS_OK || text.len == 2 * original.len + 1);
  text = UNTOUCHED;
  check_str(pwasm_str_format(arena, &text, "%.*s %u", PWASM_STR_ARG(original), 7u), text);
}

/* Only what is older: contexts that hold each other live for ever. */
static void
hold(PwasmContext *ctx)
{
  PwasmContext *other = any_context();
  const Life *life = life_of(ctx);

  if (other == NULL)
    return;
  if (any_below(2) == 0)
    pwasm_ignore(pwasm_arena_hold(pwasm_scratch(), other));
  else if (life != NULL && life_of(other) < life && life->num_finalized == 0)
    pwasm_ignore(pwasm_arena_hold(pwasm_context_arena(ctx), other));
  FUZZ_CHECK(pwasm_arena_hold(pwasm_context_arena(ctx), ctx) == PWASM_STATUS_BAD_ARGUMENT);
}

static void
keep(void)
{
  PwasmContext **slot = &world.kept[any_below(MAX_KEPT)];
  PwasmContext *previous = *slot;
  PwasmContext *other = chaos.is_ending ? NULL : any_context();

  *slot = other == NULL ? NULL : pwasm_context_ref(other);
  pwasm_context_unref(previous);
}

void
act_with_memory(PwasmContext *ctx)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArena *arena = any_below(2) == 0 ? scratch : pwasm_context_arena(ctx);
  PwasmArenaMark mark;

  switch (any_below(6)) {
  case 0:
    allocate(arena);
    break;
  case 1:
    copy(arena);
    break;
  case 2:
    world.cleanups_added += pwasm_arena_add_cleanup(arena, clean_up, NULL) == PWASM_STATUS_OK;
    break;
  case 3:
    hold(ctx);
    break;
  case 4:
    keep();
    break;
  default:
    mark = pwasm_arena_mark(scratch);
    act(ctx);
    pwasm_arena_rewind(scratch, mark);
    break;
  }
}
