// expect: pwasm_instance_of_middle_class
#include <pwasm/pwasm.h>

typedef struct Middle {
  PwasmHttpContext base;
} Middle;

typedef struct Leaf {
  Middle base;
} Leaf;

static const PwasmHttpContextClass middle_class = {
  PWASM_HTTP_SUBCLASS(Middle, pwasm_http_context_class),
};
#ifdef CORRECT
PWASM_DECLARE_CLASS(middle_class, Middle);
#endif

static const PwasmHttpContextClass leaf_class = {
  PWASM_HTTP_SUBCLASS(Leaf, middle_class),
};

PWASM_PLUGIN(.http_class = &leaf_class);
