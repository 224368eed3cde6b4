/* The classes, and what is checked about the lives of contexts. */

#include "everything.h"

#include "core/vm_private.h"

World world;

const Life *
life_of(const PwasmContext *ctx)
{
  for (size_t i = world.num_lives; i-- > 0;) {
    if (world.lives[i].ctx == ctx)
      return &world.lives[i];
  }
  return NULL;
}

PwasmContext *
any_context(void)
{
  Life *life;

  if (world.num_lives == 0)
    return NULL;
  /* Of the younger ones: the older ones are likely gone. */
  life = &world.lives[world.num_lives - 1 - any_below(16) % world.num_lives];
  return life->num_inits < life->num_levels || life->num_finalized > 0 ? NULL : life->ctx;
}

/* A level of a class has been initialised: base class first. */
static void
begin_life(PwasmContext *ctx, uint8_t num_levels, uint8_t level)
{
  Life *life;

  if (level == 0) {
    FUZZ_CHECK(life_of(ctx) == NULL);
    FUZZ_CHECK(world.num_lives < MAX_LIVES);
    world.lives[world.num_lives++] = (Life){.ctx = ctx, .num_levels = num_levels};
  }
  life = (Life *)life_of(ctx);
  FUZZ_CHECK(life != NULL && life->num_inits == level);
  FUZZ_CHECK(pwasm__vm()->current == ctx);
  life->num_inits++;
  act(ctx);
}

/* One has been finalized: base class last, once each. */
static void
end_life(PwasmContext *ctx, uint8_t level)
{
  Life *life = (Life *)life_of(ctx);

  FUZZ_CHECK(life != NULL && life->num_finalized == life->num_levels - 1 - level);
  FUZZ_CHECK(pwasm_context_is_closed(ctx));
  life->num_finalized++;
  act(ctx);
  if (level == 0)
    life->ctx = NULL;
}

#define LIVES(name, levels, level)                                                                 \
  static void name##_init(PwasmContext *ctx)                                                       \
  {                                                                                                \
    begin_life(ctx, levels, level);                                                                \
  }                                                                                                \
  static void name##_finalize(PwasmContext *ctx)                                                   \
  {                                                                                                \
    end_life(ctx, level);                                                                          \
  }

/* Something happens to a context. */
static void
happens(PwasmContext *ctx)
{
  const Life *life = life_of(ctx);

  FUZZ_CHECK(life != NULL && life->num_finalized == 0);
  FUZZ_CHECK(pwasm__vm()->current == ctx || ctx->kind == PWASM_CONTEXT_KIND_PLUGIN);
  act(ctx);
}

static PwasmAction
any_action(void)
{
  return any_below(2) == 0 ? PWASM_ACTION_CONTINUE : PWASM_ACTION_PAUSE;
}

static bool
on_done(PwasmContext *ctx)
{
  happens(ctx);
  return any_below(4) != 3;
}

static void
on_log(PwasmContext *ctx)
{
  happens(ctx);
}

/* ---- HTTP: one class derived from another ---- */

typedef struct Http {
  PwasmHttpContext base;
  uint64_t field;
} Http;

typedef struct DerivedHttp {
  Http base;
  uint64_t field;
} DerivedHttp;

LIVES(http, 2, 0)
LIVES(derived_http, 2, 1)

static PwasmAction
on_http_data(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  happens(PWASM_CONTEXT(ctx));
  return any_below(2) == 0
           ? any_action()
           : PWASM_CHAIN_UP(pwasm_http_context_class, on_request_body, ctx, size, end_of_stream);
}

static PwasmAction
on_http_trailers(PwasmHttpContext *ctx, size_t num_trailers)
{
  (void)num_trailers;
  happens(PWASM_CONTEXT(ctx));
  return any_action();
}

static void
on_http_metadata(PwasmHttpContext *ctx, size_t num_elements)
{
  (void)num_elements;
  happens(PWASM_CONTEXT(ctx));
}

static const PwasmHttpContextClass http_class = {
  PWASM_HTTP_SUBCLASS(Http, pwasm_http_context_class),
  .base.init = http_init,
  .base.finalize = http_finalize,
  PWASM_ON_BASE(on_log, on_log),
  PWASM_ON(on_request_headers, on_http_data),
  PWASM_ON(on_request_body, on_http_data),
  PWASM_ON(on_request_trailers, on_http_trailers),
  PWASM_ON(on_request_metadata, on_http_metadata),
  PWASM_ON(on_response_headers, on_http_data),
};

PWASM_DECLARE_CLASS(http_class, Http);

static const PwasmHttpContextClass derived_http_class = {
  PWASM_HTTP_SUBCLASS(DerivedHttp, http_class),
  .base.init = derived_http_init,
  .base.finalize = derived_http_finalize,
  PWASM_ON_BASE(on_done, on_done),
  PWASM_ON(on_response_body, on_http_data),
  PWASM_ON(on_response_trailers, on_http_trailers),
  PWASM_ON(on_response_metadata, on_http_metadata),
};

/* ---- TCP ---- */

typedef struct Tcp {
  PwasmTcpContext base;
  char bytes[300]; /* larger than the smallest block */
} Tcp;

LIVES(tcp, 1, 0)

static PwasmAction
on_new_connection(PwasmTcpContext *ctx)
{
  happens(PWASM_CONTEXT(ctx));
  return any_action();
}

static PwasmAction
on_tcp_data(PwasmTcpContext *ctx, size_t size, bool end_of_stream)
{
  (void)size;
  (void)end_of_stream;
  happens(PWASM_CONTEXT(ctx));
  return any_action();
}

static void
on_tcp_close(PwasmTcpContext *ctx, PwasmPeer peer)
{
  (void)peer;
  happens(PWASM_CONTEXT(ctx));
}

static const PwasmTcpContextClass tcp_class = {
  PWASM_TCP_SUBCLASS(Tcp, pwasm_tcp_context_class),
  .base.init = tcp_init,
  .base.finalize = tcp_finalize,
  PWASM_ON_BASE(on_done, on_done),
  PWASM_ON_BASE(on_log, on_log),
  PWASM_ON(on_new_connection, on_new_connection),
  PWASM_ON(on_downstream_data, on_tcp_data),
  PWASM_ON(on_downstream_close, on_tcp_close),
  PWASM_ON(on_upstream_data, on_tcp_data),
  PWASM_ON(on_upstream_close, on_tcp_close),
};

/* ---- The plugin and the VM ---- */

typedef struct Plugin {
  PwasmPluginContext base;
} Plugin;

LIVES(plugin, 1, 0)

static bool
on_configure(PwasmPluginContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = UNTOUCHED;

  (void)configuration_size;
  check_str(pwasm_plugin_configuration_get(&configuration), configuration);
  happens(PWASM_CONTEXT(ctx));
  return any_below(4) != 3;
}

static const PwasmHttpContextClass *
create_http_context(PwasmPluginContext *ctx)
{
  happens(PWASM_CONTEXT(ctx));
  switch (any_below(4)) {
  case 0:
    return &derived_http_class;
  case 1:
    return PWASM_CHAIN_UP(pwasm_plugin_context_class, create_http_context, ctx);
  case 2:
    return &pwasm_http_context_class;
  default:
    return NULL;
  }
}

static const PwasmTcpContextClass *
create_tcp_context(PwasmPluginContext *ctx)
{
  happens(PWASM_CONTEXT(ctx));
  switch (any_below(3)) {
  case 0:
    return NULL;
  case 1:
    return &tcp_class;
  default:
    return PWASM_CHAIN_UP(pwasm_plugin_context_class, create_tcp_context, ctx);
  }
}

static void
on_tick(PwasmPluginContext *ctx)
{
  happens(PWASM_CONTEXT(ctx));
}

static void
on_queue_ready(PwasmPluginContext *ctx, PwasmSharedQueue queue)
{
  PwasmStr value = UNTOUCHED;

  check_str(pwasm_shared_queue_dequeue(queue, &value), value);
  happens(PWASM_CONTEXT(ctx));
}

static void
on_foreign_function(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size)
{
  (void)function_id;
  (void)arguments_size;
  happens(PWASM_CONTEXT(ctx));
}

static const PwasmPluginContextClass plugin_class = {
  PWASM_PLUGIN_SUBCLASS(Plugin, pwasm_plugin_context_class),
  .base.init = plugin_init,
  .base.finalize = plugin_finalize,
  PWASM_ON_BASE(on_done, on_done),
  PWASM_ON_BASE(on_log, on_log),
  PWASM_ON(on_configure, on_configure),
  PWASM_ON(create_http_context, create_http_context),
  PWASM_ON(create_tcp_context, create_tcp_context),
  PWASM_ON(on_tick, on_tick),
  PWASM_ON(on_queue_ready, on_queue_ready),
  PWASM_ON(on_foreign_function, on_foreign_function),
};

typedef struct Vm {
  PwasmVmContext base;
} Vm;

LIVES(vm, 1, 0)

static bool
on_vm_start(PwasmVmContext *ctx, size_t configuration_size)
{
  PwasmStr configuration = UNTOUCHED;

  (void)configuration_size;
  check_str(pwasm_vm_configuration_get(&configuration), configuration);
  happens(PWASM_CONTEXT(ctx));
  return any_below(4) != 3;
}

static const PwasmPluginContextClass *
create_plugin_context(PwasmVmContext *ctx)
{
  happens(PWASM_CONTEXT(ctx));
  switch (any_below(4)) {
  case 0:
  case 1:
    return PWASM_CHAIN_UP(pwasm_vm_context_class, create_plugin_context, ctx);
  case 2:
    return &pwasm_plugin_context_class;
  default:
    return NULL;
  }
}

static const PwasmVmContextClass vm_class = {
  PWASM_VM_SUBCLASS(Vm, pwasm_vm_context_class),
  .base.init = vm_init,
  .base.finalize = vm_finalize,
  PWASM_ON(on_vm_start, on_vm_start),
  PWASM_ON(create_plugin_context, create_plugin_context),
};

PWASM_PLUGIN(.vm_class = &vm_class, .plugin_class = &plugin_class,
             .http_class = &derived_http_class, .tcp_class = &tcp_class);

/* ---- What any callback does ---- */

static void (*const parts[])(PwasmContext *ctx) = {
  act_with_calls,    act_with_streams, act_with_context,    act_with_memory,
  act_with_headers,  act_with_buffers, act_with_properties, act_with_envoy,
  act_with_services, act_with_log,     act_with_calls,      act_with_streams,
};

void
act(PwasmContext *ctx)
{
  if (world.act_depth >= 6)
    return;
  world.act_depth++;
  for (uint32_t left = any_below(8); left > 0; left--) {
    uint32_t effective = pwasm__vm()->effective_id == 0 ? 0 : chaos.effective;
    uint32_t num_refusals = chaos.num_refusals;
    PwasmContext *other = any_below(2) == 0 ? NULL : any_context();
    PwasmContext *target = other == NULL ? ctx : other;

    /* Who uses a context that the host may delete meanwhile holds it. */
    pwasm_context_ref(target);
    parts[any_below(sizeof parts / sizeof parts[0])](target);
    pwasm_context_unref(target);
    /* Whatever was done on behalf of another context is over. */
    if (!chaos.is_effective_unknown && num_refusals == chaos.num_refusals)
      FUZZ_CHECK(chaos_is_effective(effective));
  }
  world.act_depth--;
}
