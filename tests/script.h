#ifndef PWASM_TESTS_SCRIPT_H
#define PWASM_TESTS_SCRIPT_H

/* A plugin that has every callback and does what the test has put into `script`. */

#include "unit.h"

typedef struct Script {
  void (*vm_init)(PwasmContext *ctx);
  void (*vm_finalize)(PwasmContext *ctx);
  bool (*on_vm_start)(PwasmVmContext *ctx, size_t configuration_size);
  const PwasmPluginContextClass *(*create_plugin_context)(PwasmVmContext *ctx);
  void (*plugin_init)(PwasmContext *ctx);
  void (*plugin_finalize)(PwasmContext *ctx);
  bool (*on_configure)(PwasmPluginContext *ctx, size_t configuration_size);
  bool (*on_plugin_done)(PwasmContext *ctx);
  void (*on_plugin_log)(PwasmContext *ctx);
  const PwasmHttpContextClass *(*create_http_context)(PwasmPluginContext *ctx);
  const PwasmTcpContextClass *(*create_tcp_context)(PwasmPluginContext *ctx);
  void (*http_init)(PwasmContext *ctx);
  void (*http_finalize)(PwasmContext *ctx);
  bool (*on_http_done)(PwasmContext *ctx);
  void (*on_http_log)(PwasmContext *ctx);
  void (*on_tick)(PwasmPluginContext *ctx);
  void (*on_queue_ready)(PwasmPluginContext *ctx, PwasmSharedQueue queue);
  void (*on_foreign_function)(PwasmPluginContext *ctx, uint32_t function_id, size_t arguments_size);
  PwasmAction (*on_request_headers)(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream);
  PwasmAction (*on_request_body)(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream);
  PwasmAction (*on_request_trailers)(PwasmHttpContext *ctx, size_t num_trailers);
  void (*on_request_metadata)(PwasmHttpContext *ctx, size_t num_elements);
  PwasmAction (*on_response_headers)(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream);
  PwasmAction (*on_response_body)(PwasmHttpContext *ctx, size_t body_size, bool end_of_stream);
  PwasmAction (*on_response_trailers)(PwasmHttpContext *ctx, size_t num_trailers);
  void (*on_response_metadata)(PwasmHttpContext *ctx, size_t num_elements);
  void (*tcp_init)(PwasmContext *ctx);
  PwasmAction (*on_new_connection)(PwasmTcpContext *ctx);
  PwasmAction (*on_downstream_data)(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream);
  void (*on_downstream_close)(PwasmTcpContext *ctx, PwasmPeer peer);
  PwasmAction (*on_upstream_data)(PwasmTcpContext *ctx, size_t data_size, bool end_of_stream);
  void (*on_upstream_close)(PwasmTcpContext *ctx, PwasmPeer peer);
} Script;

static Script script;

/* Room for what a test wants to keep with a context. */
typedef struct ScriptVm {
  PwasmVmContext base;
  int number;
} ScriptVm;
typedef struct ScriptPlugin {
  PwasmPluginContext base;
  int number;
} ScriptPlugin;
typedef struct ScriptHttp {
  PwasmHttpContext base;
  int number;
} ScriptHttp;
typedef struct ScriptTcp {
  PwasmTcpContext base;
  int number;
} ScriptTcp;

static const PwasmVmContextClass script_vm_class;
static const PwasmPluginContextClass script_plugin_class;
static const PwasmHttpContextClass script_http_class;
static const PwasmTcpContextClass script_tcp_class;

/* The slot named like a member of `script`: does that, or else what the base class does. */
#define SCRIPTED(slot, result, absent, parameters, ...)                                            \
  static result scripted_##slot parameters                                                         \
  {                                                                                                \
    return script.slot != NULL ? script.slot(__VA_ARGS__) : (absent);                              \
  }
#define SCRIPTED_VOID(slot, parameters, ...)                                                       \
  static void scripted_##slot parameters                                                           \
  {                                                                                                \
    if (script.slot != NULL)                                                                       \
      script.slot(__VA_ARGS__);                                                                    \
  }

SCRIPTED_VOID(vm_init, (PwasmContext * ctx), ctx)
SCRIPTED_VOID(vm_finalize, (PwasmContext * ctx), ctx)
SCRIPTED(on_vm_start, bool, true, (PwasmVmContext * ctx, size_t size), ctx, size)
SCRIPTED(create_plugin_context, const PwasmPluginContextClass *, &script_plugin_class,
         (PwasmVmContext * ctx), ctx)
SCRIPTED_VOID(plugin_init, (PwasmContext * ctx), ctx)
SCRIPTED_VOID(plugin_finalize, (PwasmContext * ctx), ctx)
SCRIPTED(on_configure, bool, true, (PwasmPluginContext * ctx, size_t size), ctx, size)
SCRIPTED(on_plugin_done, bool, true, (PwasmContext * ctx), ctx)
SCRIPTED_VOID(on_plugin_log, (PwasmContext * ctx), ctx)
SCRIPTED(create_http_context, const PwasmHttpContextClass *, &script_http_class,
         (PwasmPluginContext * ctx), ctx)
SCRIPTED(create_tcp_context, const PwasmTcpContextClass *, NULL, (PwasmPluginContext * ctx), ctx)
SCRIPTED_VOID(on_tick, (PwasmPluginContext * ctx), ctx)
SCRIPTED_VOID(on_queue_ready, (PwasmPluginContext * ctx, PwasmSharedQueue queue), ctx, queue)
SCRIPTED_VOID(on_foreign_function, (PwasmPluginContext * ctx, uint32_t id, size_t size), ctx, id,
              size)
SCRIPTED_VOID(http_init, (PwasmContext * ctx), ctx)
SCRIPTED_VOID(http_finalize, (PwasmContext * ctx), ctx)
SCRIPTED(on_http_done, bool, true, (PwasmContext * ctx), ctx)
SCRIPTED_VOID(on_http_log, (PwasmContext * ctx), ctx)
SCRIPTED(on_request_headers, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmHttpContext * ctx, size_t num, bool end), ctx, num, end)
SCRIPTED(on_request_body, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmHttpContext * ctx, size_t size, bool end), ctx, size, end)
SCRIPTED(on_request_trailers, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmHttpContext * ctx, size_t num), ctx, num)
SCRIPTED_VOID(on_request_metadata, (PwasmHttpContext * ctx, size_t num), ctx, num)
SCRIPTED(on_response_headers, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmHttpContext * ctx, size_t num, bool end), ctx, num, end)
SCRIPTED(on_response_body, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmHttpContext * ctx, size_t size, bool end), ctx, size, end)
SCRIPTED(on_response_trailers, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmHttpContext * ctx, size_t num), ctx, num)
SCRIPTED_VOID(on_response_metadata, (PwasmHttpContext * ctx, size_t num), ctx, num)
SCRIPTED_VOID(tcp_init, (PwasmContext * ctx), ctx)
SCRIPTED(on_new_connection, PwasmAction, PWASM_ACTION_CONTINUE, (PwasmTcpContext * ctx), ctx)
SCRIPTED(on_downstream_data, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmTcpContext * ctx, size_t size, bool end), ctx, size, end)
SCRIPTED_VOID(on_downstream_close, (PwasmTcpContext * ctx, PwasmPeer peer), ctx, peer)
SCRIPTED(on_upstream_data, PwasmAction, PWASM_ACTION_CONTINUE,
         (PwasmTcpContext * ctx, size_t size, bool end), ctx, size, end)
SCRIPTED_VOID(on_upstream_close, (PwasmTcpContext * ctx, PwasmPeer peer), ctx, peer)

static const PwasmVmContextClass script_vm_class = {
  PWASM_VM_SUBCLASS(ScriptVm, pwasm_vm_context_class),
  .base.init = scripted_vm_init,
  .base.finalize = scripted_vm_finalize,
  PWASM_ON(on_vm_start, scripted_on_vm_start),
  PWASM_ON(create_plugin_context, scripted_create_plugin_context),
};

static const PwasmPluginContextClass script_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(ScriptPlugin, pwasm_plugin_context_class),
  .base.init = scripted_plugin_init,
  .base.finalize = scripted_plugin_finalize,
  PWASM_ON_BASE(on_done, scripted_on_plugin_done),
  PWASM_ON_BASE(on_log, scripted_on_plugin_log),
  PWASM_ON(on_configure, scripted_on_configure),
  PWASM_ON(create_http_context, scripted_create_http_context),
  PWASM_ON(create_tcp_context, scripted_create_tcp_context),
  PWASM_ON(on_tick, scripted_on_tick),
  PWASM_ON(on_queue_ready, scripted_on_queue_ready),
  PWASM_ON(on_foreign_function, scripted_on_foreign_function),
};

static const PwasmHttpContextClass script_http_class = {
  PWASM_HTTP_SUBCLASS(ScriptHttp, pwasm_http_context_class),
  .base.init = scripted_http_init,
  .base.finalize = scripted_http_finalize,
  PWASM_ON_BASE(on_done, scripted_on_http_done),
  PWASM_ON_BASE(on_log, scripted_on_http_log),
  PWASM_ON(on_request_headers, scripted_on_request_headers),
  PWASM_ON(on_request_body, scripted_on_request_body),
  PWASM_ON(on_request_trailers, scripted_on_request_trailers),
  PWASM_ON(on_request_metadata, scripted_on_request_metadata),
  PWASM_ON(on_response_headers, scripted_on_response_headers),
  PWASM_ON(on_response_body, scripted_on_response_body),
  PWASM_ON(on_response_trailers, scripted_on_response_trailers),
  PWASM_ON(on_response_metadata, scripted_on_response_metadata),
};

/* Used by tests that never name it too: so every callback is there. */
__attribute__((used)) static const PwasmTcpContextClass script_tcp_class = {
  PWASM_TCP_SUBCLASS(ScriptTcp, pwasm_tcp_context_class),
  .base.init = scripted_tcp_init,
  PWASM_ON(on_new_connection, scripted_on_new_connection),
  PWASM_ON(on_downstream_data, scripted_on_downstream_data),
  PWASM_ON(on_downstream_close, scripted_on_downstream_close),
  PWASM_ON(on_upstream_data, scripted_on_upstream_data),
  PWASM_ON(on_upstream_close, scripted_on_upstream_close),
};

PWASM_PLUGIN(.vm_class = &script_vm_class, .plugin_class = &script_plugin_class);

static inline int
script_setup(void **state)
{
  memset(&script, 0, sizeof script);
  return unit_setup(state);
}

/* For `create_tcp_context`: streams may be TCP too. */
static inline const PwasmTcpContextClass *
use_tcp(PwasmPluginContext *ctx)
{
  (void)ctx;
  return &script_tcp_class;
}

/* A test that has `host` and an empty `script`. */
#define SCRIPT_TEST(function) cmocka_unit_test_setup_teardown(function, script_setup, unit_teardown)

/* A running plugin in the host's first VM. */
static inline PwasmHostPlugin *
start_plugin(void)
{
  PwasmHostPlugin *plugin = pwasm_host_plugin_start(host, NULL);

  PWASM_EXPECT_PLUGIN_STATE(plugin, PWASM_HOST_PLUGIN_RUNNING);
  return plugin;
}

/* What run_in_request() was given. */
static void (*script_in_request)(PwasmHttpContext *ctx);

static inline PwasmAction
script_run_in_request(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)num_headers;
  (void)end_of_stream;
  script_in_request(ctx);
  return PWASM_ACTION_CONTINUE;
}

/* Runs a function in the callback of a request's headers, of a plugin of its own. */
static inline PwasmHostHttp *
run_in_request(void (*function)(PwasmHttpContext *ctx))
{
  PwasmHostHttp *http = pwasm_host_http_open(start_plugin());

  script_in_request = function;
  script.on_request_headers = script_run_in_request;
  pwasm_host_http_send_request_headers(http, GET, true);
  return http;
}

/* What the present test does in a callback. */
static void (*act)(void);

static inline PwasmAction
act_on_headers(PwasmHttpContext *ctx, size_t num_headers, bool end_of_stream)
{
  (void)ctx;
  (void)num_headers;
  (void)end_of_stream;
  act();
  return PWASM_ACTION_CONTINUE;
}

static inline PwasmAction
act_on_body(PwasmHttpContext *ctx, size_t size, bool end_of_stream)
{
  (void)ctx;
  (void)size;
  (void)end_of_stream;
  act();
  return PWASM_ACTION_CONTINUE;
}

static inline PwasmHostHttp *
act_in_request(void (*what)(void))
{
  act = what;
  script.on_request_headers = act_on_headers;
  return pwasm_host_http_get(start_plugin(), "/");
}

#endif
