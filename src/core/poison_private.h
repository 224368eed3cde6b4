#ifndef PWASM_POISON_PRIVATE_H
#define PWASM_POISON_PRIVATE_H

/* Makes a stale view fail early: under ASan with a report, in other debug builds as garbage. */

#include <string.h>

#include <pwasm/base.h>

#if defined(__SANITIZE_ADDRESS__)
#define PWASM_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PWASM_HAS_ASAN 1
#endif
#endif

#ifdef PWASM_HAS_ASAN
#include <sanitizer/asan_interface.h>
/* Bytes between two allocations, so that running over the end of one is seen. */
#define PWASM_RED_ZONE 16
#else
#define PWASM_RED_ZONE 0
#endif

/* What rewound memory is filled with in debug builds without ASan. */
#define PWASM_POISON_BYTE 0xdd

static inline void
pwasm__poison(void *begin, size_t size)
{
#ifdef PWASM_HAS_ASAN
  ASAN_POISON_MEMORY_REGION(begin, size);
#elif !defined(NDEBUG) || !defined(__wasm__)
  memset(begin, PWASM_POISON_BYTE, size);
#else
  (void)begin;
  (void)size;
#endif
}

static inline void
pwasm__unpoison(void *begin, size_t size)
{
#ifdef PWASM_HAS_ASAN
  ASAN_UNPOISON_MEMORY_REGION(begin, size);
#else
  (void)begin;
  (void)size;
#endif
}

#endif
