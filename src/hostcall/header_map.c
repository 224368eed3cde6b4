#include <pwasm/header_map.h>

#include "pairs_private.h"
#include "result_private.h"

PwasmStatus
pwasm__header_get(PwasmMap map, const char *name, size_t name_len, PwasmStr *ret_value)
{
  char *value = NULL;
  uint32_t value_size = 0;
  uint32_t status;

  if (!pwasm__fits(name_len, 0))
    return PWASM_STATUS_TOO_LARGE;
  status = proxy_get_header_map_value((uint32_t)map, name, (uint32_t)name_len, &value, &value_size);
  return pwasm__result(status, value, value_size, ret_value);
}

PwasmStatus
pwasm__header_get_all(PwasmMap map, PwasmPairs *ret_pairs)
{
  char *bytes = NULL;
  uint32_t size = 0;
  PwasmStr pairs;
  uint32_t status = proxy_get_header_map_pairs((uint32_t)map, &bytes, &size);
  PwasmStatus result = pwasm__result(status, bytes, size, &pairs);

  return result == PWASM_STATUS_OK ? pwasm_pairs_parse(pairs, ret_pairs) : result;
}

PwasmStatus
pwasm__header_set_all(PwasmMap map, const PwasmPair *pairs, size_t num_pairs)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  PwasmStr bytes;
  PwasmStatus status = pwasm__pairs_serialize(scratch, pairs, num_pairs, &bytes);

  if (status != PWASM_STATUS_OK)
    return status;
  status = (PwasmStatus)proxy_set_header_map_pairs((uint32_t)map, bytes.data, (uint32_t)bytes.len);
  pwasm_arena_rewind(scratch, mark);
  return status;
}
