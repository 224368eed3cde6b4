#ifndef PWASM_POISON_PRIVATE_H
#define PWASM_POISON_PRIVATE_H

/* Makes a stale view fail early: under ASan with a report, in other debug builds as garbage. */

#include <string.h>

#include <pwasm/base.h>

#ifdef __wasm__
#define PWASM_RED_ZONE 0
#else
/* ASan's, if the program has it: an installed SDK was compiled without, and its users have sanitizers. */
__attribute__((weak)) void __asan_poison_memory_region(const volatile void *begin, size_t size);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void *begin, size_t size);

static inline bool
pwasm__has_asan(void)
{
  return __asan_poison_memory_region != NULL && __asan_unpoison_memory_region != NULL;
}

/* Bytes between two allocations, so that running over the end of one is seen. */
#define PWASM_RED_ZONE ((size_t)(pwasm__has_asan() ? 16 : 0))
#endif

/* What rewound memory is filled with in programs without ASan, unless they are release modules. */
#define PWASM_POISON_BYTE 0xdd

static inline void
pwasm__poison(void *begin, size_t size)
{
#ifndef __wasm__
  if (pwasm__has_asan()) {
    __asan_poison_memory_region(begin, size);
    return;
  }
#endif
#if !defined(NDEBUG) || !defined(__wasm__)
  memset(begin, PWASM_POISON_BYTE, size);
#else
  (void)begin;
  (void)size;
#endif
}

static inline void
pwasm__unpoison(void *begin, size_t size)
{
#ifndef __wasm__
  if (pwasm__has_asan())
    __asan_unpoison_memory_region(begin, size);
#else
  (void)begin;
  (void)size;
#endif
}

#endif
