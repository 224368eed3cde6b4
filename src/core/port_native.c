#include "port_private.h"

#ifndef __wasm__

#include <stdlib.h>

#include "poison_private.h"
#include "vm_private.h"

/* As wasm's page, so that memory grows in the same steps. */
#define PAGE_SIZE 65536u

/* Before each piece of memory, so that all can be freed with the VM. */
typedef struct PwasmChunk {
  struct PwasmChunk *next;
  size_t size;
} PwasmChunk;

_Static_assert(sizeof(PwasmChunk) % 16 == 0, "what follows a chunk's header must be aligned");

char *
pwasm__port_grow_memory(size_t size, char **ret_end)
{
  PwasmVm *vm = pwasm__vm();
  size_t rounded = (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
  PwasmChunk *chunk = malloc(sizeof *chunk + rounded);

  if (chunk == NULL)
    return NULL;
  chunk->next = vm->chunks;
  chunk->size = rounded;
  vm->chunks = chunk;
  vm->reserved += rounded;
  *ret_end = (char *)(chunk + 1) + rounded;
  return (char *)(chunk + 1);
}

void
pwasm__port_free_all(void)
{
  PwasmVm *vm = pwasm__vm();

  while (vm->chunks != NULL) {
    PwasmChunk *chunk = vm->chunks;

    vm->chunks = chunk->next;
    pwasm__unpoison(chunk + 1, chunk->size);
    free(chunk);
  }
}

void
pwasm__port_trap(void)
{
  PwasmVm *vm = pwasm__vm();

  if (vm->on_trap != NULL)
    vm->on_trap();
  abort();
}

bool
pwasm__port_allocation_fails(void)
{
  PwasmVm *vm = pwasm__vm();

  vm->num_allocations++;
  if (vm->allocations_before_fault == SIZE_MAX)
    return false;
  if (vm->allocations_before_fault == 0)
    return true;
  vm->allocations_before_fault--;
  return false;
}

#endif
