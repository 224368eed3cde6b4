#include <pwasm/call_status.h>

#include <pwasm/abi.h>

#include "../core/call_private.h"
#include "result_private.h"

PwasmStatus
pwasm_call_status_get(uint32_t *ret_code, PwasmStr *ret_message)
{
  const struct PwasmCallTable *calls = pwasm__vm()->calls;
  uint32_t code = 0;
  char *message = NULL;
  uint32_t message_size = 0;
  uint32_t status;
  PwasmStatus result;

  /* At other times hosts tell the code of some call before. */
  if (calls == NULL || calls->num_told == 0)
    return PWASM_STATUS_BAD_ARGUMENT;
  status = proxy_get_status(&code, &message, &message_size);
  result = pwasm__result(status, message, message_size, ret_message);
  if (result == PWASM_STATUS_OK)
    *ret_code = code;
  return result;
}
