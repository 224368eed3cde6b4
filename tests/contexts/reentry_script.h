#ifndef PWASM_TESTS_CONTEXTS_REENTRY_SCRIPT_H
#define PWASM_TESTS_CONTEXTS_REENTRY_SCRIPT_H

/* What the tests share in which a host calls back from inside of hostcalls. */

#include "../script.h"

static PwasmHostPlugin *plugin;
static PwasmHostVm *vm;
static size_t num_finalizes;

static inline void
count_finalize(PwasmContext *ctx)
{
  (void)ctx;
  num_finalizes++;
}

static inline int
setup(void **state)
{
  int result = script_setup(state);

  num_finalizes = 0;
  script.http_finalize = count_finalize;
  plugin = start_plugin();
  vm = pwasm_host_plugin_vm(plugin);
  return result;
}

#define REENTRY_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

/* A callback about a context, to be called once from inside of a hostcall. */
typedef struct Inside {
  const char *callback;
  uint32_t context_id;
  uint32_t argument;
  bool is_called;
} Inside;

/* Hooks run at the end of the test too. */
static Inside inside;

static inline void
call_once(PwasmHost *unused, void *data)
{
  Inside *call = data;

  (void)unused;
  if (call->is_called)
    return;
  call->is_called = true;
  pwasm_host_call(vm, call->callback, call->context_id, call->argument, 0);
}

static inline void
log_in_init(PwasmContext *ctx)
{
  (void)ctx;
  pwasm_log(PWASM_LOG_INFO, PWASM_STR("making"));
}

#endif
