#ifndef PWASM_ID_TABLE_PRIVATE_H
#define PWASM_ID_TABLE_PRIVATE_H

/* The contexts of a VM by the host's id, any 32-bit number: a hash table whose chains run through the
 * contexts. It owns none: whoever puts one in keeps a reference as long as it is in.
 *
 * The number of chains is fixed: 10,000 open streams are 2.4 a chain, and a table that can't grow
 * can't fail to. */

#include <pwasm/base.h>

#define PWASM_ID_TABLE_LOG2_SIZE 12

typedef struct PwasmIdTable {
  PwasmContext *chains[1 << PWASM_ID_TABLE_LOG2_SIZE];
} PwasmIdTable;

/* The newest context of that id; NULL when there is none. */
PwasmContext *pwasm__id_table_find(PwasmIdTable *table, uint32_t id);

/* Puts a context in under its id. One that is in already cannot be found until the new one is out. */
void pwasm__id_table_insert(PwasmIdTable *table, PwasmContext *ctx);

/* Takes a context out, which must be the newest of its id. */
void pwasm__id_table_remove(PwasmIdTable *table, PwasmContext *ctx);

#endif
