#include "pool_private.h"

#include "poison_private.h"
#include "port_private.h"
#include "vm_private.h"

/* Makes `size` bytes fresh. What is left of the last piece, less than `size`, is lost unless the new
 * piece adjoins it, as it does where nobody else grows the memory. */
static bool
grow(PwasmPool *pool, size_t size)
{
  const char *last_end = pool->fresh_end;
  char *piece = pwasm__port_grow_memory(size, &pool->fresh_end);

  if (piece == NULL)
    return false;
  if (piece != last_end)
    pool->fresh = piece;
  return true;
}

/* A block of that size, header included, that was never used. */
static PwasmBlock *
take_fresh(PwasmPool *pool, size_t size)
{
  PwasmBlock *block;

  if ((size_t)(pool->fresh_end - pool->fresh) < size && !grow(pool, size))
    return NULL;
  block = (PwasmBlock *)(void *)pool->fresh;
  pool->fresh += size;
  block->end = pool->fresh;
  block->begin = pwasm__block_bytes(block);
  pwasm__poison(block->begin, size - sizeof *block);
  return block;
}

PwasmBlock *
pwasm__block_acquire(size_t size)
{
  PwasmPool *pool = &pwasm__vm()->pool;
  uint32_t log2_size = 32 - (uint32_t)__builtin_clz((uint32_t)size - 1);
  PwasmBlock *block;

  if (size <= (size_t)1 << PWASM_BLOCK_MIN_LOG2)
    log2_size = PWASM_BLOCK_MIN_LOG2;
  block = pool->free_blocks[log2_size];
  if (block != NULL) {
    pool->free_blocks[log2_size] = block->prev;
  } else {
    block = take_fresh(pool, sizeof *block + ((size_t)1 << log2_size));
    if (block == NULL)
      return NULL;
    block->log2_size = log2_size;
  }
#ifndef __wasm__
  pool->in_use += (size_t)1 << log2_size;
#endif
  return block;
}

void
pwasm__block_release(PwasmBlock *block)
{
  PwasmPool *pool = &pwasm__vm()->pool;

#ifndef __wasm__
  pool->in_use -= (size_t)1 << block->log2_size;
#endif
  block->begin = pwasm__block_bytes(block);
  pwasm__poison(block->begin, (size_t)1 << block->log2_size);
  block->prev = pool->free_blocks[block->log2_size];
  pool->free_blocks[block->log2_size] = block;
}
