/* Overrides nothing; that it exports all callbacks all the same is an option of pwasm_add_plugin(). */
#include <pwasm/pwasm.h>

PWASM_PLUGIN(.http_class = &pwasm_http_context_class);
