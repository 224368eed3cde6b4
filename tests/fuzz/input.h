#ifndef PWASM_TESTS_FUZZ_INPUT_H
#define PWASM_TESTS_FUZZ_INPUT_H

/* Reads decisions from a fuzzer's bytes. When they are used up all is 0, which is to mean whatever is
 * the plainest. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pwasm/str.h>

typedef struct FuzzInput {
  const uint8_t *next;
  size_t left;
} FuzzInput;

static inline uint64_t
fuzz_number(FuzzInput *input, size_t num_bytes)
{
  uint64_t number = 0;

  if (num_bytes > input->left)
    num_bytes = input->left;
  for (size_t i = 0; i < num_bytes; i++)
    number |= (uint64_t)input->next[i] << (8 * i);
  input->next += num_bytes;
  input->left -= num_bytes;
  return number;
}

static inline uint8_t
fuzz_u8(FuzzInput *input)
{
  return (uint8_t)fuzz_number(input, 1);
}

static inline uint32_t
fuzz_u32(FuzzInput *input)
{
  return (uint32_t)fuzz_number(input, 4);
}

static inline uint64_t
fuzz_u64(FuzzInput *input)
{
  return fuzz_number(input, 8);
}

/* A number below `end`, which is at most 256. */
static inline uint32_t
fuzz_below(FuzzInput *input, uint32_t end)
{
  return fuzz_u8(input) % end;
}

/* True one time in `n`, and not when the bytes are used up. */
static inline bool
fuzz_one_in(FuzzInput *input, uint32_t n)
{
  return fuzz_u8(input) % n == n - 1;
}

/* The next bytes, at most so many. */
static inline PwasmStr
fuzz_take(FuzzInput *input, size_t len)
{
  PwasmStr bytes;

  if (len > input->left)
    len = input->left;
  bytes = pwasm_str((const char *)input->next, len);
  if (len > 0)
    input->next += len;
  input->left -= len;
  return len == 0 ? PWASM_STR("") : bytes;
}

/* Bytes that a byte before them counts. */
static inline PwasmStr
fuzz_str(FuzzInput *input)
{
  uint8_t len = fuzz_u8(input);

  return fuzz_take(input, len);
}

#endif
