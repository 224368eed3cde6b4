#include "../unit.h"

/* Three levels below the SDK's class, of which each notes what happens to it, and one that overrides nothing. */

static char events[256];

static void
note(const char *event)
{
  strcat(events, event);
}

typedef struct Level1 {
  PwasmHttpContext base;
  int one;
} Level1;
typedef struct Level2 {
  Level1 base;
  int two;
} Level2;
typedef struct Level3 {
  Level2 base;
  char three[100];
} Level3;
typedef struct Level4 {
  Level3 base;
} Level4;

static const PwasmHttpContextClass level1_class;
static const PwasmHttpContextClass level2_class;
static const PwasmHttpContextClass level3_class;
PWASM_DECLARE_CLASS(level1_class, Level1);
PWASM_DECLARE_CLASS(level2_class, Level2);
PWASM_DECLARE_CLASS(level3_class, Level3);

static Level1 *
level1_of(PwasmContext *ctx)
{
  return PWASM_SELF(Level1, PWASM_SELF(PwasmHttpContext, ctx));
}

static Level2 *
level2_of(PwasmContext *ctx)
{
  return PWASM_SELF(Level2, level1_of(ctx));
}

static Level3 *
level3_of(PwasmContext *ctx)
{
  return PWASM_SELF(Level3, level2_of(ctx));
}

static void
level1_init(PwasmContext *ctx)
{
  Level3 *self = level3_of(ctx);

  note("init1 ");
  assert_int_equal(level1_of(ctx)->one, 0);
  for (size_t i = 0; i < sizeof self->three; i++)
    assert_int_equal(self->three[i], 0);
  level1_of(ctx)->one = 1;
}

static void
level2_init(PwasmContext *ctx)
{
  note("init2 ");
  assert_int_equal(level1_of(ctx)->one, 1);
  assert_int_equal(level2_of(ctx)->two, 0);
  level2_of(ctx)->two = 2;
}

static void
note_cleanup(void *data)
{
  note(data);
}

static PwasmHttpContext *made;

static void
level3_init(PwasmContext *ctx)
{
  note("init3 ");
  assert_int_equal(level2_of(ctx)->two, 2);
  memset(level3_of(ctx)->three, '3', sizeof level3_of(ctx)->three);
  assert_ok(pwasm_arena_add_cleanup(pwasm_context_arena(ctx), note_cleanup, "cleanup1 "));
  assert_ok(pwasm_arena_add_cleanup(pwasm_context_arena(ctx), note_cleanup, "cleanup2 "));
  made = PWASM_SELF(PwasmHttpContext, ctx);
}

static void
level1_finalize(PwasmContext *ctx)
{
  note("finalize1 ");
  assert_true(pwasm_context_is_closed(ctx));
}

static void
level3_finalize(PwasmContext *ctx)
{
  note("finalize3 ");
  assert_int_equal(level3_of(ctx)->three[99], '3');
  /* The arena may still be used; references come and go without a second end. */
  assert_non_null(pwasm_arena_alloc(pwasm_context_arena(ctx), 500));
  pwasm_context_unref(pwasm_context_ref(ctx));
  pwasm_context_ref(ctx);
}

static PwasmAction
level1_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  note("headers1 ");
  return PWASM_CHAIN_UP(pwasm_http_context_class, on_request_headers, ctx, num_headers,
                        end_of_stream);
}

static PwasmAction
level3_on_request_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  note("headers3 ");
  /* Level 2 has none of its own: what it inherits is called. */
  return PWASM_CHAIN_UP(level2_class, on_request_headers, ctx, num_headers, end_of_stream);
}

static PwasmAction
level2_on_request_body(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream)
{
  note("body2 ");
  assert_int_equal(body_size, 4);
  assert_true(end_of_stream);
  PWASM_CHAIN_UP(level1_class, on_request_body, ctx, body_size, end_of_stream);
  return PWASM_ACTION_PAUSE;
}

static void
level1_on_log(PwasmContext *ctx)
{
  note("log1 ");
  PWASM_CHAIN_UP(pwasm_http_context_class, base.on_log, ctx);
}

static bool
level2_on_done(PwasmContext *ctx)
{
  note("done2 ");
  return PWASM_CHAIN_UP(level1_class, base.on_done, ctx);
}

static const PwasmHttpContextClass level1_class = {
  PWASM_HTTP_SUBCLASS(Level1, pwasm_http_context_class),
  .base.init = level1_init,
  .base.finalize = level1_finalize,
  PWASM_ON(on_request_headers, level1_on_request_headers),
  PWASM_ON_BASE(on_log, level1_on_log),
};

static const PwasmHttpContextClass level2_class = {
  PWASM_HTTP_SUBCLASS(Level2, level1_class),
  .base.init = level2_init,
  PWASM_ON(on_request_body, level2_on_request_body),
  PWASM_ON_BASE(on_done, level2_on_done),
};

static const PwasmHttpContextClass level3_class = {
  PWASM_HTTP_SUBCLASS(Level3, level2_class),
  .base.init = level3_init,
  .base.finalize = level3_finalize,
  PWASM_ON(on_request_headers, level3_on_request_headers),
};

static const PwasmHttpContextClass level4_class = {
  PWASM_HTTP_SUBCLASS(Level4, level3_class),
};

PWASM_PLUGIN(.http_class = &level4_class);

static int
setup(void **state)
{
  events[0] = '\0';
  made = NULL;
  return unit_setup(state);
}

static PwasmHostHttp *
request_with_body(void)
{
  PwasmHostHttp *http = pwasm_host_http_open(pwasm_host_plugin_start(host, NULL));

  pwasm_host_http_send_request_headers(http, GET, false);
  pwasm_host_http_send_request_body(http, PWASM_STR("body"), true);
  return http;
}

static void
context__is_initialised_root_first_and_finalized_leaf_first(void **state)
{
  (void)state;
  pwasm_host_http_end(pwasm_host_http_open(pwasm_host_plugin_start(host, NULL)));
  assert_string_equal(events,
                      "init1 init2 init3 log1 done2 finalize3 finalize1 cleanup2 cleanup1 ");
}

static void
context__inherits_the_slots_it_does_not_set(void **state)
{
  PwasmHostHttp *http = request_with_body();

  (void)state;
  assert_string_equal(events, "init1 init2 init3 headers3 headers1 body2 ");
  PWASM_EXPECT_STATE(http, PWASM_HOST_HTTP_REQUEST_PAUSED);
  assert_ptr_equal(
    pwasm__class_with_slot(made->base.klass, offsetof(PwasmHttpContextClass, on_request_body.fn)),
    &level2_class.base);
  assert_ptr_equal(
    pwasm__class_with_slot(made->base.klass, offsetof(PwasmHttpContextClass, on_response_body.fn)),
    &pwasm_http_context_class.base);
  assert_ptr_equal(pwasm__class_with_slot(made->base.klass, offsetof(PwasmContextClass, on_log.fn)),
                   &level1_class.base);
}

static void
context__exports_what_is_overridden_and_nothing_else(void **state)
{
  PwasmHostVm *vm = pwasm_host_plugin_vm(pwasm_host_plugin_start(host, NULL));

  (void)state;
  assert_true(pwasm_host_has_callback(vm, "proxy_on_request_headers"));
  assert_true(pwasm_host_has_callback(vm, "proxy_on_request_body"));
  assert_true(pwasm_host_has_callback(vm, "proxy_on_log"));
  assert_true(pwasm_host_has_callback(vm, "proxy_on_done"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_vm_start"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_configure"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_request_trailers"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_response_headers"));
  assert_false(pwasm_host_has_callback(vm, "proxy_on_new_connection"));
}

static void
context__outlives_its_deletion_while_it_is_referenced(void **state)
{
  PwasmHostHttp *http = request_with_body();
  PwasmContext *ctx = pwasm_context_ref(&made->base);
  PwasmHttpReply reply = {.status_code = 403};
  PwasmStr copy;

  (void)state;
  assert_false(pwasm_context_is_closed(ctx));
  assert_int_equal(pwasm_context_id(ctx), pwasm_host_http_id(http));
  pwasm_host_http_end(http);
  assert_null(strstr(events, "finalize"));
  assert_true(pwasm_context_is_closed(ctx));
  assert_int_equal(level3_of(ctx)->three[0], '3');
  assert_ok(pwasm_str_dup(pwasm_context_arena(ctx), PWASM_STR("still"), &copy));
  /* Every call that takes it says so, and makes no hostcall. */
  pwasm_host_calls_clear(host);
  assert_status(pwasm_http_context_reply(made, &reply), CLOSED);
  assert_status(pwasm_http_context_resume_request(made), CLOSED);
  assert_status(pwasm_http_context_resume_response(made), CLOSED);
  assert_status(pwasm_http_context_close(made), CLOSED);
  PWASM_EXPECT_CALLS(host, "proxy_set_effective_context", 0);
  PWASM_EXPECT_CALLS(host, "proxy_send_local_response", 0);
  PWASM_EXPECT_CALLS(host, "proxy_continue_stream", 0);
  PWASM_EXPECT_CALLS(host, "proxy_close_stream", 0);
  pwasm_context_unref(ctx);
  assert_non_null(strstr(events, "finalize3 finalize1 cleanup2 cleanup1 "));
}

static void
context__keeps_what_contains_it(void **state)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);
  PwasmVmMemory memory;
  PwasmPluginContext *plugin_context;

  (void)state;
  pwasm_host_http_get(plugin, "/");
  pwasm_context_ref(&made->base);
  plugin_context = pwasm_http_context_plugin(made);
  /* Against the host's will: the plugin goes before its stream. */
  pwasm_host_call(pwasm_host_plugin_vm(plugin), "proxy_on_delete", pwasm_host_plugin_id(plugin), 0,
                  0);
  assert_true(pwasm_context_is_closed(&plugin_context->base));
  assert_status(pwasm_plugin_context_done(plugin_context), CLOSED);
  assert_non_null(pwasm_plugin_context_vm(plugin_context));
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &memory);
  assert_int_equal(memory.contexts, 3);
  pwasm_context_unref(&made->base);
}

static void
context__unref_of_null_is_ignored(void **state)
{
  (void)state;
  pwasm_context_unref(NULL);
}

static void
context__arena_may_be_reset_early(void **state)
{
  PwasmHostHttp *http = request_with_body();
  PwasmArena *arena = pwasm_context_arena(&made->base);
  char *first = pwasm_arena_alloc(arena, 5000);

  (void)state;
  memset(first, 'x', 5000);
  pwasm_arena_reset(arena);
  assert_non_null(strstr(events, "cleanup2 cleanup1 "));
  /* The context itself stays, and is not in the way of what comes. */
  assert_int_equal(level3_of(&made->base)->three[99], '3');
  for (size_t size = 1; size < 3000; size += 100)
    memset(pwasm_arena_alloc(arena, size), 'y', size);
  for (size_t i = 0; i < sizeof level3_of(&made->base)->three; i++)
    assert_int_equal(level3_of(&made->base)->three[i], '3');
  assert_int_equal(pwasm_context_id(&made->base), pwasm_host_http_id(http));
  pwasm_arena_reset(arena);
  pwasm_arena_reset(arena);
  pwasm_host_http_send_response_headers(http, STATUS_200, true);
  pwasm_host_http_end(http);
  assert_string_equal(strstr(events, "finalize"), "finalize3 finalize1 ");
}

static void
context__arena_rewinds_to_a_mark(void **state)
{
  PwasmArena *arena;
  PwasmArenaMark mark;

  (void)state;
  request_with_body();
  arena = pwasm_context_arena(&made->base);
  pwasm_arena_reset(arena);
  mark = pwasm_arena_mark(arena);
  for (int i = 0; i < 100; i++)
    assert_non_null(pwasm_arena_alloc(arena, 1000));
  pwasm_arena_rewind(arena, mark);
  assert_ptr_equal(arena->block, mark.then.block);
  assert_int_equal(level3_of(&made->base)->three[99], '3');
}

static void
context__an_arena_can_hold_another(void **state)
{
  PwasmHostHttp *first = request_with_body();
  PwasmHttpContext *held = made;
  PwasmArena arena = {0};

  (void)state;
  assert_ok(pwasm_arena_hold(&arena, &held->base));
  assert_ok(pwasm_arena_hold(&arena, &held->base));
  pwasm_host_http_end(first);
  assert_null(strstr(events, "finalize"));
  assert_true(pwasm_context_is_closed(&held->base));
  pwasm_arena_reset(&arena);
  assert_non_null(strstr(events, "finalize3"));
}

static void
context__its_own_arena_can_not_hold_it(void **state)
{
  PwasmHostHttp *http = request_with_body();

  (void)state;
  assert_status(pwasm_arena_hold(pwasm_context_arena(&made->base), &made->base), BAD_ARGUMENT);
  pwasm_host_http_end(http);
  assert_non_null(strstr(events, "finalize3"));
}

static void
context__is_not_held_without_memory(void **state)
{
  PwasmHostHttp *http = request_with_body();
  PwasmArena arena = {0};

  (void)state;
  pwasm_vm_fail_allocations_after(0);
  assert_status(pwasm_arena_hold(&arena, &made->base), OUT_OF_MEMORY);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  pwasm_host_http_end(http);
  assert_non_null(strstr(events, "finalize3"));
  pwasm_arena_reset(&arena);
}

static void
context__a_held_one_ends_with_the_stream_that_holds_it(void **state)
{
  PwasmHostHttp *first = request_with_body();
  PwasmHttpContext *held = made;
  PwasmHostHttp *second = pwasm_host_http_get(pwasm_host_plugin_start(host, NULL), "/");

  (void)state;
  assert_ok(pwasm_arena_hold(pwasm_context_arena(&made->base), &held->base));
  pwasm_host_http_end(first);
  events[0] = '\0';
  pwasm_host_http_end(second);
  assert_string_equal(events,
                      "log1 done2 finalize3 finalize1 finalize3 finalize1 cleanup2 cleanup1 "
                      "cleanup2 cleanup1 ");
}

static void
context__any_kind_has_its_base(void **state)
{
  (void)state;
  request_with_body();
  assert_ptr_equal(PWASM_CONTEXT(made), &made->base);
  assert_ptr_equal(PWASM_CONTEXT(&made->base), &made->base);
  assert_ptr_equal(PWASM_CONTEXT(pwasm_http_context_plugin(made)),
                   &pwasm_http_context_plugin(made)->base);
  assert_string_equal(made->base.klass->name, "Level4");
}

#define CONTEXT_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    CONTEXT_TEST(context__is_initialised_root_first_and_finalized_leaf_first),
    CONTEXT_TEST(context__inherits_the_slots_it_does_not_set),
    CONTEXT_TEST(context__exports_what_is_overridden_and_nothing_else),
    CONTEXT_TEST(context__outlives_its_deletion_while_it_is_referenced),
    CONTEXT_TEST(context__keeps_what_contains_it),
    CONTEXT_TEST(context__unref_of_null_is_ignored),
    CONTEXT_TEST(context__arena_may_be_reset_early),
    CONTEXT_TEST(context__arena_rewinds_to_a_mark),
    CONTEXT_TEST(context__an_arena_can_hold_another),
    CONTEXT_TEST(context__its_own_arena_can_not_hold_it),
    CONTEXT_TEST(context__is_not_held_without_memory),
    CONTEXT_TEST(context__a_held_one_ends_with_the_stream_that_holds_it),
    CONTEXT_TEST(context__any_kind_has_its_base),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
