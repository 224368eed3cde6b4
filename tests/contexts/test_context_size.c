#include "../poison.h"
#include "../script.h"

#include "core/arena_private.h"

/* Contexts of all sizes: what is in a context's arena lies behind it. */

static PwasmHttpContextClass sized_class;
static size_t num_inits;

static const PwasmHttpContextClass *
use_sized(PwasmPluginContext *ctx)
{
  (void)ctx;
  return &sized_class;
}

static void
allocate_in_init(PwasmContext *ctx)
{
  char *end = (char *)ctx + ctx->klass->instance_size;
  char *bytes = pwasm_arena_alloc(&ctx->arena, 1);

  for (char *byte = (char *)ctx + sizeof(ScriptHttp); byte < end; byte++)
    assert_int_equal(*byte, 0);
  assert_non_null(bytes);
  assert_int_equal((uintptr_t)bytes % PWASM_ALIGNMENT, 0);
  assert_true((size_t)(bytes - end) >= PWASM_RED_ZONE);
  /* Without AddressSanitizer nothing is written between a context and its arena. */
  for (const char *byte = end; pwasm__has_asan() && byte < bytes; byte++)
    assert_true(is_poisoned(byte));
  num_inits++;
}

static void
context_size__arena_is_behind_the_context(void **state)
{
  PwasmHostPlugin *plugin = start_plugin();

  (void)state;
  num_inits = 0;
  script.create_http_context = use_sized;
  script.http_init = allocate_in_init;
  for (size_t i = 0; i < 64; i++) {
    sized_class = script_http_class;
    sized_class.base.instance_size += i;
    pwasm_host_http_end(pwasm_host_http_get(plugin, "/"));
  }
  assert_int_equal(num_inits, 64);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
    SCRIPT_TEST(context_size__arena_is_behind_the_context),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
