// expect: base of Leaf must be the struct of its base class, middle_class
#include <pwasm/pwasm.h>

typedef struct Middle {
  PwasmHttpContext base;
  uint32_t requests;
} Middle;

typedef struct Leaf {
#ifdef CORRECT
  Middle base;
#else
  PwasmHttpContext base;
#endif
  uint32_t responses;
} Leaf;

static const PwasmHttpContextClass middle_class = {
  PWASM_HTTP_SUBCLASS(Middle, pwasm_http_context_class),
};
PWASM_DECLARE_CLASS(middle_class, Middle);

static const PwasmHttpContextClass leaf_class = {
  PWASM_HTTP_SUBCLASS(Leaf, middle_class),
};

PWASM_PLUGIN(.http_class = &leaf_class);
