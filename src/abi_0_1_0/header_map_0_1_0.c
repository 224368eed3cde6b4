#include "abi_0_1_0_private.h"

/* 0.1.0 answers with an empty value where there is no header: all of them tell which it is. */
PwasmStatus
pwasm__header_get_0_1_0(PwasmMap map, const char *name, size_t name_len, PwasmStr *ret_value)
{
  PwasmStr value;
  PwasmPairs headers;
  PwasmStatus status = pwasm__header_get(map, name, name_len, &value);

  if (status == PWASM_STATUS_OK && value.len == 0) {
    status = pwasm__header_get_all(map, &headers);
    if (status == PWASM_STATUS_OK && !pwasm__pairs_next_named(&headers, name, name_len, &value))
      status = PWASM_STATUS_NOT_FOUND;
  }
  if (status == PWASM_STATUS_OK)
    *ret_value = value;
  return status;
}
