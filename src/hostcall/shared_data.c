#include <pwasm/shared_data.h>

#include "result_private.h"

/* To overwrite a value, hosts want either this, whatever its cas, or its cas. */
#define CAS_ANY 0

/* No value has this: hosts count up from 1. */
#define CAS_OF_NONE UINT32_MAX

/* How often a value is overwritten in vain before that is a failure. */
#define MAX_OVERWRITES 32

PwasmStatus
pwasm__shared_data_get(const char *key, size_t key_len, PwasmStr *ret_value, uint32_t *ret_cas)
{
  char *value = NULL;
  uint32_t value_size = 0;
  uint32_t cas = 0;
  uint32_t status;
  PwasmStatus result;

  if (!pwasm__fits(key_len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = proxy_get_shared_data(key, (uint32_t)key_len, &value, &value_size, &cas);
  result = pwasm__result(status, value, value_size, ret_value);
  if (result == PWASM_STATUS_OK && ret_cas != NULL)
    *ret_cas = cas;
  return result;
}

PwasmStatus
pwasm__shared_data_compare_and_set(const char *key, size_t key_len, const char *value,
                                   size_t value_len, uint32_t cas)
{
  if (!pwasm__fits(key_len, value_len))
    return PWASM_STATUS_TOO_LARGE;
  /* To some hosts NULL says: delete. */
  return (PwasmStatus)proxy_set_shared_data(key, (uint32_t)key_len, value == NULL ? "" : value,
                                            (uint32_t)value_len, cas);
}

/* Reads the cas alone; that of a value that does not exist is 0. */
static PwasmStatus
get_cas(const char *key, size_t key_len, uint32_t *ret_cas)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  PwasmStr value;
  PwasmStatus status = pwasm__shared_data_get(key, key_len, &value, ret_cas);

  pwasm_arena_rewind(scratch, mark);
  if (status != PWASM_STATUS_NOT_FOUND)
    return status;
  *ret_cas = 0;
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm__shared_data_set(const char *key, size_t key_len, const char *value, size_t value_len)
{
  uint32_t cas = CAS_ANY;
  PwasmStatus status;

  for (int i = 0; i < MAX_OVERWRITES; i++) {
    status = pwasm__shared_data_compare_and_set(key, key_len, value, value_len, cas);
    if (status != PWASM_STATUS_CAS_MISMATCH)
      return status;
    status = get_cas(key, key_len, &cas);
    if (status != PWASM_STATUS_OK)
      return status;
  }
  return PWASM_STATUS_CAS_MISMATCH;
}

/* Sets a value that does not exist. Where any cas does for that, 0 would overwrite what somebody has
 * made in the meantime; where only 0 does, it would not. */
static PwasmStatus
create(const char *key, size_t key_len, PwasmStr value)
{
  uint32_t cas;
  PwasmStatus status =
    pwasm__shared_data_compare_and_set(key, key_len, value.data, value.len, CAS_OF_NONE);

  if (status != PWASM_STATUS_CAS_MISMATCH)
    return status;
  status = get_cas(key, key_len, &cas);
  if (status != PWASM_STATUS_OK)
    return status;
  return cas != 0 ? PWASM_STATUS_CAS_MISMATCH
                  : pwasm__shared_data_compare_and_set(key, key_len, value.data, value.len, 0);
}

/* One try; `ret_lost` says whether somebody else was faster. */
static PwasmStatus
try_update(const char *key, size_t key_len, PwasmSharedDataUpdateFn *update, void *data,
           bool *ret_lost)
{
  PwasmStr present = {NULL, 0};
  PwasmStr value = {NULL, 0};
  uint32_t cas = 0;
  PwasmStatus status = pwasm__shared_data_get(key, key_len, &present, &cas);
  bool is_present = status == PWASM_STATUS_OK;

  if (!is_present && status != PWASM_STATUS_NOT_FOUND)
    return status;
  status = update(present, pwasm_scratch(), &value, data);
  if (status != PWASM_STATUS_OK || value.data == NULL)
    return status;
  status = is_present ? pwasm__shared_data_compare_and_set(key, key_len, value.data, value.len, cas)
                      : create(key, key_len, value);
  *ret_lost = status == PWASM_STATUS_CAS_MISMATCH;
  return status;
}

PwasmStatus
pwasm__shared_data_update(const char *key, size_t key_len, PwasmSharedDataUpdateFn *update,
                          void *data, uint32_t max_tries)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  PwasmStatus status = PWASM_STATUS_BAD_ARGUMENT;
  bool is_lost = true;

  for (uint32_t i = 0; is_lost && i < max_tries; i++) {
    is_lost = false;
    status = try_update(key, key_len, update, data, &is_lost);
    pwasm_arena_rewind(scratch, mark);
  }
  return status;
}
