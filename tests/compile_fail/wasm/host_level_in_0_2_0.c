// expect: 'pwasm_log_get_host_level' is unavailable: Proxy-Wasm before 0.2.1 does not have it
#ifndef CORRECT
#define PWASM_ABI_VERSION 0x000200
#endif
#include <pwasm/pwasm.h>

PwasmStatus host_level(PwasmLogLevel *ret_level);

PwasmStatus
host_level(PwasmLogLevel *ret_level)
{
  return pwasm_log_get_host_level(ret_level);
}
