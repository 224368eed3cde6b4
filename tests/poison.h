#ifndef TESTS_POISON_H
#define TESTS_POISON_H

/* What the SDK does to memory that it takes back. */

#include "core/poison_private.h"

__attribute__((weak)) int __asan_address_is_poisoned(const volatile void *byte);

/* Whether a read of that byte is seen as an error, or at least as garbage. */
static inline bool
is_poisoned(const void *byte)
{
  if (pwasm__has_asan())
    return __asan_address_is_poisoned(byte) != 0;
  return *(const unsigned char *)byte == PWASM_POISON_BYTE;
}

#endif
