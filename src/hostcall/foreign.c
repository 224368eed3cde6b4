#include <pwasm/foreign.h>

#include <pwasm/header_map.h>

#include "result_private.h"

PwasmStatus
pwasm__foreign_call(const char *name, size_t name_len, const char *arguments, size_t arguments_len,
                    PwasmStr *ret_result)
{
  /* Some hosts trap when these are not there. */
  char *bytes = NULL;
  uint32_t size = 0;
  PwasmStr unwanted;
  uint32_t status;

  if (!pwasm__fits(name_len, arguments_len))
    return PWASM_STATUS_TOO_LARGE;
  status = proxy_call_foreign_function(name, (uint32_t)name_len, arguments, (uint32_t)arguments_len,
                                       &bytes, &size);
  return pwasm__result(status, bytes, size, ret_result == NULL ? &unwanted : ret_result);
}
