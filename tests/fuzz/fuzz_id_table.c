/* The table of contexts against an array that is searched from its beginning. */

#include "fuzz.h"

#include <pwasm/context.h>

#include "core/id_table_private.h"

enum { MAX_CONTEXTS = 64 };

static PwasmIdTable table;
static PwasmContext contexts[MAX_CONTEXTS];
static bool is_in[MAX_CONTEXTS];

static PwasmContext *
find(uint32_t id)
{
  for (size_t i = 0; i < MAX_CONTEXTS; i++) {
    if (is_in[i] && contexts[i].id == id)
      return &contexts[i];
  }
  return NULL;
}

/* Few that differ much, so that they meet, in the chains too: so far apart that the hashes are close. */
static uint32_t
any_id(FuzzInput *input)
{
  return fuzz_one_in(input, 4) ? fuzz_u32(input) : 0x144cbc89u * fuzz_below(input, 32);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  FuzzInput input = {data, size};

  memset(is_in, 0, sizeof is_in);
  while (input.left > 0) {
    size_t i = fuzz_below(&input, MAX_CONTEXTS);
    uint32_t id = any_id(&input);

    FUZZ_CHECK(pwasm__id_table_find(&table, id) == find(id));
    if (is_in[i]) {
      pwasm__id_table_remove(&table, &contexts[i]);
      is_in[i] = false;
      FUZZ_CHECK(pwasm__id_table_find(&table, contexts[i].id) == NULL);
    } else if (find(id) == NULL) {
      contexts[i] = (PwasmContext){.id = id};
      pwasm__id_table_insert(&table, &contexts[i]);
      is_in[i] = true;
    }
  }
  for (size_t i = 0; i < MAX_CONTEXTS; i++) {
    if (is_in[i]) {
      FUZZ_CHECK(pwasm__id_table_find(&table, contexts[i].id) == &contexts[i]);
      pwasm__id_table_remove(&table, &contexts[i]);
    }
  }
  for (size_t i = 0; i < sizeof table.chains / sizeof table.chains[0]; i++)
    FUZZ_CHECK(table.chains[i] == NULL);
  return 0;
}
