#ifndef PWASM_ARENA_PRIVATE_H
#define PWASM_ARENA_PRIVATE_H

#include <pwasm/arena.h>

/* What any type needs. */
#define PWASM_ALIGNMENT 16

_Static_assert(_Alignof(max_align_t) <= PWASM_ALIGNMENT,
               "allocations must be aligned for any type");

static inline size_t
pwasm__align(size_t size)
{
  return (size + (PWASM_ALIGNMENT - 1)) & ~(size_t)(PWASM_ALIGNMENT - 1);
}

#endif
