/* The pool of blocks: each is large enough, nobody else's, and taken once. */

#include "fuzz.h"

#include <pwasm/native.h>

#include "core/poison_private.h"
#include "core/pool_private.h"

enum { MAX_BLOCKS = 64 };

typedef struct Held {
  PwasmBlock *block;
  size_t size; /* as asked for */
  unsigned char fill;
} Held;

static void
acquire(Held *held, size_t size, unsigned char fill)
{
  held->block = pwasm__block_acquire(size);
  FUZZ_CHECK(held->block != NULL);
  FUZZ_CHECK(held->block->begin == pwasm__block_bytes(held->block));
  FUZZ_CHECK((size_t)(held->block->end - held->block->begin) >= size);
  FUZZ_CHECK((uintptr_t)held->block->begin % 16 == 0);
  held->size = size;
  held->fill = fill;
  pwasm__unpoison(held->block->begin, size);
  memset(held->block->begin, fill, size);
}

static void
release(Held *held)
{
  for (size_t i = 0; i < held->size; i++)
    FUZZ_CHECK((unsigned char)held->block->begin[i] == held->fill);
  pwasm__block_release(held->block);
  held->block = NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  FuzzInput input = {data, size};
  Held held[MAX_BLOCKS] = {{0}};
  PwasmVmMemory memory;
  size_t in_use = 0;
  unsigned char fill = 0;

  for (int i = 0; i < 500 && input.left > 0; i++) {
    Held *one = &held[fuzz_below(&input, MAX_BLOCKS)];

    if (one->block != NULL) {
      in_use -= (size_t)1 << one->block->log2_size;
      release(one);
    } else {
      /* Of all magnitudes, at and beside the powers of two. */
      size_t magnitude = (size_t)1 << fuzz_below(&input, 17);

      acquire(one, magnitude + fuzz_below(&input, 3) - (magnitude > 1), ++fill);
      in_use += (size_t)1 << one->block->log2_size;
    }
    pwasm_vm_memory(&memory);
    FUZZ_CHECK(memory.in_use == in_use && memory.reserved >= in_use);
  }
  for (size_t i = 0; i < MAX_BLOCKS; i++) {
    if (held[i].block != NULL)
      release(&held[i]);
  }
  pwasm_vm_memory(&memory);
  FUZZ_CHECK(memory.in_use == 0);
  pwasm_vm_free(NULL);
  return 0;
}
