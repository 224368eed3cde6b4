#ifndef FNV1A_128_H
#define FNV1A_128_H

#include <pwasm/str.h>

/* The FNV-1a hash of 128 bits, as 32 lower-case hexadecimal digits. */
typedef struct Fnv1a128 {
  char digits[32];
} Fnv1a128;

void fnv1a_128(PwasmStr bytes, Fnv1a128 *ret_hash);

#endif
