#ifndef PWASM_POOL_PRIVATE_H
#define PWASM_POOL_PRIVATE_H

/* The pool of blocks that all arenas of a VM share.
 *
 * Blocks come in powers of two, header not counted. A block that is released goes on the list of
 * its size, and is never split nor given back. Before the memory grows, a free block of up to 16
 * times the size is taken, so that the pool grows only when more is in use than ever before, in
 * number or in size: under a load that repeats itself it stops growing. */

#include <pwasm/arena.h>

enum {
  PWASM_BLOCK_MIN_LOG2 = 8,
  PWASM_BLOCK_MAX_LOG2 = 30,
  PWASM_BLOCK_MAX_SIZES_UP = 4,
};

/* The largest block. */
#define PWASM_BLOCK_MAX_SIZE ((size_t)1 << PWASM_BLOCK_MAX_LOG2)

/* The bytes follow the header. */
struct PwasmBlock {
  PwasmBlock *prev; /* in an arena: the block before; in the pool: the next free one */
  char *begin; /* where the arena begins in it; in a context's first block: after the context */
  char *end;   /* where it ends */
  size_t log2_size; /* of the bytes that follow */
};

_Static_assert(sizeof(PwasmBlock) % 16 == 0, "what follows a block's header must be aligned");

static inline char *
pwasm__block_bytes(PwasmBlock *block)
{
  return (char *)(block + 1);
}

typedef struct PwasmPool {
  char *fresh;     /* memory that was never a block */
  char *fresh_end; /* where it ends */
  PwasmBlock *free_blocks[PWASM_BLOCK_MAX_LOG2 + PWASM_BLOCK_MAX_SIZES_UP + 1];
#ifndef __wasm__
  size_t in_use; /* bytes of blocks given out */
  /* Blocks that were released and wait before they are free, the oldest first: meanwhile who still uses one is
   * found out. As long as they are no more than so many bytes. */
  PwasmBlock *waiting;
  PwasmBlock **waiting_end;
  size_t waiting_size;
  size_t max_waiting_size;
#endif
} PwasmPool;

/* A block of at least `size` bytes, no more than PWASM_BLOCK_MAX_SIZE; NULL when the memory is at its limit. */
PwasmBlock *pwasm__block_acquire(size_t size);

/* Takes a block back. */
void pwasm__block_release(PwasmBlock *block);

#endif
