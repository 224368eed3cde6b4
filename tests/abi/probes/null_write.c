/* A plugin that forgets to look whether it got memory. */

#include <pwasm/pwasm.h>

typedef struct NullPlugin {
  PwasmPluginContext base;
} NullPlugin;

typedef struct NullRule {
  uint32_t padding[10];
  uint32_t number;
} NullRule;

static NullRule *
find_rule(void)
{
  NullRule *rule = NULL;

  /* Hides from the compiler what the author has not seen either. */
  __asm__("" : "+r"(rule));
  return rule;
}

static void
null_init(PwasmContext *ctx)
{
  find_rule()->number = 1 + pwasm_context_id(ctx);
}

static const PwasmPluginContextClass null_plugin_class = {
  PWASM_PLUGIN_SUBCLASS(NullPlugin, pwasm_plugin_context_class),
  .base.init = null_init,
};

PWASM_PLUGIN(.plugin_class = &null_plugin_class);
