// expect: PWASM_ABI_VERSION is 0x000100, 0x000200 or 0x000201
#ifndef CORRECT
#define PWASM_ABI_VERSION 0x000300
#endif
#include <pwasm/pwasm.h>

PWASM_PLUGIN(.http_class = &pwasm_http_context_class);
