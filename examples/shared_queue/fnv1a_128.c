#include "fnv1a_128.h"

/* The prime is 2^88 + 0x13b. */
#define PRIME_LOW 0x13bu

/* Multiplies by the prime; the least significant word comes first. */
static void
multiply(uint32_t hash[4])
{
  uint64_t a = (uint64_t)hash[0] * PRIME_LOW;
  uint64_t b = (uint64_t)hash[1] * PRIME_LOW + (a >> 32);
  uint64_t c = (uint64_t)hash[2] * PRIME_LOW + (b >> 32) + ((uint64_t)hash[0] << 24);
  uint64_t d = (uint64_t)hash[3] * PRIME_LOW + (c >> 32) + ((uint64_t)hash[1] << 24);

  hash[0] = (uint32_t)a;
  hash[1] = (uint32_t)b;
  hash[2] = (uint32_t)c;
  hash[3] = (uint32_t)d;
}

void
fnv1a_128(PwasmStr bytes, Fnv1a128 *ret_hash)
{
  uint32_t hash[4] = {0x6295c58d, 0x62b82175, 0x07bb0142, 0x6c62272e};

  for (size_t i = 0; i < bytes.len; i++) {
    hash[0] ^= (unsigned char)bytes.data[i];
    multiply(hash);
  }
  for (int i = 0; i < 32; i++)
    ret_hash->digits[i] = "0123456789abcdef"[hash[3 - i / 8] >> (28 - i % 8 * 4) & 0xf];
}
