// expect: error: .*PwasmHttpContext.* not compatible with any (generic )?association
#include <pwasm/pwasm.h>

typedef struct Middle {
  PwasmHttpContext base;
} Middle;

typedef struct Leaf {
  Middle base;
  uint32_t responses;
} Leaf;

uint32_t leaf_responses(PwasmHttpContext *ctx);

uint32_t
leaf_responses(PwasmHttpContext *ctx)
{
#ifdef CORRECT
  return PWASM_SELF(Leaf, PWASM_SELF(Middle, ctx))->responses;
#else
  return PWASM_SELF(Leaf, ctx)->responses;
#endif
}
