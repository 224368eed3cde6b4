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

/* The first free block of that size or, if that must be, some sizes more. */
static PwasmBlock *
take_free(PwasmPool *pool, uint32_t log2_size, uint32_t max_log2_size)
{
  for (; log2_size <= max_log2_size; log2_size++) {
    PwasmBlock *block = pool->free_blocks[log2_size];

    if (block != NULL) {
      pool->free_blocks[log2_size] = block->prev;
      return block;
    }
  }
  return NULL;
}

static PwasmBlock *
take_fresh(PwasmPool *pool, uint32_t log2_size, size_t size)
{
  PwasmBlock *block = (PwasmBlock *)(void *)pool->fresh;

  pool->fresh += size;
  block->end = pool->fresh;
  block->begin = pwasm__block_bytes(block);
  block->log2_size = log2_size;
  pwasm__poison(block->begin, size - sizeof *block);
  return block;
}

static PwasmBlock *
take_any(PwasmPool *pool, uint32_t log2_size)
{
  size_t size = sizeof(PwasmBlock) + ((size_t)1 << log2_size);
  bool is_full = (size_t)(pool->fresh_end - pool->fresh) < size;
  PwasmBlock *block =
    take_free(pool, log2_size, is_full ? log2_size + PWASM_BLOCK_MAX_SIZES_UP : log2_size);

  if (block != NULL || (is_full && !grow(pool, size)))
    return block;
  return take_fresh(pool, log2_size, size);
}

PwasmBlock *
pwasm__block_acquire(size_t size)
{
  PwasmPool *pool = &pwasm__vm()->pool;
  PwasmBlock *block;

  if (size < (size_t)1 << PWASM_BLOCK_MIN_LOG2)
    size = (size_t)1 << PWASM_BLOCK_MIN_LOG2;
  block = take_any(pool, 32 - (uint32_t)__builtin_clz((uint32_t)size - 1));
#ifndef __wasm__
  if (block != NULL)
    pool->in_use += (size_t)1 << block->log2_size;
#endif
  return block;
}

static void
free_block(PwasmPool *pool, PwasmBlock *block)
{
  block->prev = pool->free_blocks[block->log2_size];
  pool->free_blocks[block->log2_size] = block;
}

#ifndef __wasm__
static void
let_wait(PwasmPool *pool, PwasmBlock *block)
{
  block->prev = NULL;
  *(pool->waiting == NULL ? &pool->waiting : pool->waiting_end) = block;
  pool->waiting_end = &block->prev;
  pool->waiting_size += (size_t)1 << block->log2_size;
  while (pool->waiting_size > pool->max_waiting_size) {
    PwasmBlock *oldest = pool->waiting;

    pool->waiting = oldest->prev;
    pool->waiting_size -= (size_t)1 << oldest->log2_size;
    free_block(pool, oldest);
  }
}
#endif

void
pwasm__block_release(PwasmBlock *block)
{
  PwasmPool *pool = &pwasm__vm()->pool;

  block->begin = pwasm__block_bytes(block);
  pwasm__poison(block->begin, (size_t)1 << block->log2_size);
#ifndef __wasm__
  pool->in_use -= (size_t)1 << block->log2_size;
  let_wait(pool, block);
#else
  free_block(pool, block);
#endif
}
