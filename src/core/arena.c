#include <pwasm/arena.h>

#include <string.h>

#include <pwasm/context.h>

#include "arena_private.h"
#include "poison_private.h"
#include "pool_private.h"
#include "port_private.h"
#include "vm_private.h"

struct PwasmCleanup {
  PwasmCleanup *next;
  void (*run)(void *data);
  void *data;
};

void *
pwasm_arena_alloc(PwasmArena *arena, size_t size)
{
  size_t rounded = pwasm__align(size + (size == 0)) + PWASM_RED_ZONE;
  PwasmBlock *block = arena->block;
  char *bytes;

  if (size > PWASM_BLOCK_MAX_SIZE - PWASM_RED_ZONE || pwasm__port_allocation_fails())
    return NULL;
  if (block == NULL || (size_t)(block->end - arena->next) < rounded) {
    block = pwasm__block_acquire(rounded);
    if (block == NULL)
      return NULL;
    block->prev = arena->block;
    arena->block = block;
    arena->next = block->begin;
  }
  bytes = arena->next;
  arena->next = bytes + rounded;
  pwasm__unpoison(bytes, size);
  return bytes;
}

void *
pwasm_arena_alloc_zero(PwasmArena *arena, size_t count, size_t size)
{
  size_t total;
  void *bytes;

  if (__builtin_mul_overflow(count, size, &total))
    return NULL;
  bytes = pwasm_arena_alloc(arena, total);
  if (bytes != NULL)
    memset(bytes, 0, total);
  return bytes;
}

PwasmStatus
pwasm_arena_add_cleanup(PwasmArena *arena, void (*run)(void *data), void *data)
{
  PwasmCleanup *cleanup = pwasm_arena_alloc(arena, sizeof *cleanup);

  if (cleanup == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  cleanup->next = arena->cleanups;
  cleanup->run = run;
  cleanup->data = data;
  arena->cleanups = cleanup;
  return PWASM_STATUS_OK;
}

static void
drop_reference(void *data)
{
  pwasm_context_unref(data);
}

PwasmStatus
pwasm_arena_hold(PwasmArena *arena, PwasmContext *ctx)
{
  PwasmStatus status;

  if (arena == &ctx->arena)
    return PWASM_STATUS_BAD_ARGUMENT;
  status = pwasm_arena_add_cleanup(arena, drop_reference, ctx);
  if (status == PWASM_STATUS_OK)
    pwasm_context_ref(ctx);
  return status;
}

void
pwasm__arena_rewind(PwasmArena *arena, char *next, PwasmBlock *block, PwasmCleanup *cleanups)
{
  PwasmBlock *last;

  /* A cleanup may use the arena, even add cleanups: each is off the list before it runs. */
  while (arena->cleanups != cleanups) {
    PwasmCleanup *cleanup = arena->cleanups;

    arena->cleanups = cleanup->next;
    cleanup->run(cleanup->data);
  }
  while ((last = arena->block) != block) {
    /* A block that does not begin at its beginning holds the context that owns the arena. */
    if (last->begin != pwasm__block_bytes(last)) {
      next = last->begin;
      break;
    }
    arena->block = last->prev;
    pwasm__block_release(last);
  }
  arena->next = next;
  if (last != NULL)
    pwasm__poison(next, (size_t)(last->end - next));
}

void
pwasm_arena_reset(PwasmArena *arena)
{
  pwasm__arena_rewind(arena, NULL, NULL, NULL);
}

PwasmArena *
pwasm_scratch(void)
{
  return &pwasm__vm()->scratch;
}

PwasmStatus
pwasm__bytes_dup(PwasmArena *arena, const char *data, size_t len, PwasmStr *ret_copy)
{
  char *copy;

  if (data == NULL) {
    *ret_copy = pwasm_str(NULL, 0);
    return PWASM_STATUS_OK;
  }
  copy = len == SIZE_MAX ? NULL : pwasm_arena_alloc(arena, len + 1);
  if (copy == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  memcpy(copy, data, len);
  copy[len] = '\0';
  *ret_copy = pwasm_str(copy, len);
  return PWASM_STATUS_OK;
}
