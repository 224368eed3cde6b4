#include "id_table_private.h"

#include <pwasm/context.h>

/* The link in the id's chain that leads to its context; at the chain's end when there is none.
 * Fibonacci hashing: hosts count ids up, or use hashes. */
static PwasmContext **
link_of(PwasmIdTable *table, uint32_t id)
{
  PwasmContext **link = &table->chains[(id * 0x9e3779b1u) >> (32 - PWASM_ID_TABLE_LOG2_SIZE)];

  while (*link != NULL && (*link)->id != id)
    link = &(*link)->next;
  return link;
}

PwasmContext *
pwasm__id_table_find(PwasmIdTable *table, uint32_t id)
{
  return *link_of(table, id);
}

void
pwasm__id_table_insert(PwasmIdTable *table, PwasmContext *ctx)
{
  PwasmContext **link = link_of(table, ctx->id);

  ctx->next = *link;
  *link = ctx;
}

void
pwasm__id_table_remove(PwasmIdTable *table, PwasmContext *ctx)
{
  *link_of(table, ctx->id) = ctx->next;
}
