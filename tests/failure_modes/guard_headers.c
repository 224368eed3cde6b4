#include "guard.h"

/* What guard does to headers and trailers. */

static void
show(PwasmMap map)
{
  PwasmPairs pairs;
  PwasmPair pair;

  if (!guard_went_well(pwasm_header_get_all(map, &pairs), "show"))
    return;
  pwasm_logf(PWASM_LOG_INFO, "map %u: %zu", (unsigned)map, pwasm_pairs_count(&pairs));
  while (pwasm_pairs_next(&pairs, &pair))
    PWASM_LOG_JOIN(PWASM_LOG_INFO, pair.name, PWASM_STR("="), pair.value);
}

static void
edit(GuardHttp *self, PwasmMap map)
{
  PwasmStr value;

  if (guard_went_well(pwasm_header_get(map, PWASM_STR("x-in"), &value), "get"))
    guard_went_well(pwasm_header_add(map, PWASM_STR("x-added"), value), "add");
  guard_went_well(pwasm_header_replace(map, PWASM_STR("x-name"), self->name), "replace");
  guard_went_well(pwasm_header_remove(map, PWASM_STR("x-out")), "remove");
}

/* The headers as they are, and more that the host would not take. */
static void
set_all(PwasmMap map, size_t num_more, size_t size)
{
  PwasmArena *scratch = pwasm_scratch();
  char *bytes = pwasm_arena_alloc_zero(scratch, size, 1);
  size_t num_pairs = 0;
  PwasmPairs pairs;
  PwasmPair *copies;

  if (bytes == NULL || !guard_went_well(pwasm_header_get_all(map, &pairs), "set all"))
    return;
  /* What could not be read is not to be lost. */
  if (pwasm_pairs_count(&pairs) == 0)
    return;
  copies = PWASM_ARENA_NEW_ARRAY(scratch, PwasmPair, pwasm_pairs_count(&pairs) + num_more);
  if (copies == NULL)
    return;
  while (pwasm_pairs_next(&pairs, &copies[num_pairs]))
    num_pairs++;
  for (size_t i = 0; i < num_more; i++)
    copies[num_pairs++] = (PwasmPair){PWASM_STR("x-more"), pwasm_str(bytes, size)};
  guard_went_well(pwasm_header_set_all(map, copies, num_pairs), "set all");
}

void
guard_touch(GuardHttp *self, PwasmMap map)
{
  if ((self->orders & GUARD_SHOW) != 0)
    show(map);
  if ((self->orders & GUARD_EDIT) != 0)
    edit(self, map);
  if ((self->orders & GUARD_SET_ALL) != 0)
    set_all(map, 1, 5);
  if ((self->orders & GUARD_TOO_MANY) != 0)
    set_all(map, PWASM_PAIRS_MAX_COUNT, 1);
  if ((self->orders & GUARD_TOO_LARGE) != 0)
    set_all(map, 1, PWASM_PAIRS_MAX_SIZE);
}
