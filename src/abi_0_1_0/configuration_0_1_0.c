#include "../hostcall/result_private.h"
#include "abi_0_1_0_private.h"

/* The host answers with the plugin's while it is being configured, with the VM's at other times. */
PwasmStatus
pwasm__configuration_get_0_1_0(PwasmStr *ret_configuration)
{
  char *bytes = NULL;
  uint32_t size = 0;
  uint32_t status = proxy_get_configuration(&bytes, &size);

  return pwasm__result(status, bytes, size, ret_configuration);
}
