/* Mutates a sequence of records, each a byte that counts the bytes after it, as such: libFuzzer's own
 * mutations shift the borders of all that follows. For targets with such an input, under libFuzzer. */

#include <stdint.h>
#include <string.h>

#define MAX_RECORDS 512

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                                 uint8_t *result, size_t max_size, unsigned int seed);

static size_t
record_size(const uint8_t *data, size_t size)
{
  return (size_t)data[0] + 1 < size ? (size_t)data[0] + 1 : size;
}

/* The offsets of the records, and of the end. */
static size_t
split(const uint8_t *data, size_t size, size_t offsets[MAX_RECORDS + 1])
{
  size_t count = 0;

  for (size_t at = 0; at < size && count < MAX_RECORDS;) {
    offsets[count++] = at;
    at += record_size(data + at, size - at);
    offsets[count] = at;
  }
  return count;
}

static unsigned int
next_random(unsigned int *seed)
{
  *seed = *seed * 1103515245u + 12345u;
  return *seed >> 8;
}

/* Puts bytes in the place of others; the size, unchanged when there is no room. */
static size_t
splice(uint8_t *data, size_t size, size_t max_size, size_t at, size_t old_size,
       const uint8_t *bytes, size_t new_size)
{
  if (size - old_size + new_size > max_size)
    return size;
  memmove(data + at + new_size, data + at + old_size, size - at - old_size);
  memcpy(data + at, bytes, new_size);
  return size - old_size + new_size;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
  size_t offsets[MAX_RECORDS + 1];
  size_t count = split(data, size, offsets);
  uint8_t record[256];
  size_t at;
  size_t old_size;
  size_t to;

  if (count == 0)
    return LLVMFuzzerMutate(data, size, max_size);
  at = next_random(&seed) % count;
  old_size = offsets[at + 1] - offsets[at];
  memcpy(record, data + offsets[at], old_size);
  switch (next_random(&seed) % 8) {
  case 0: /* out with it */
    return count == 1 ? size : splice(data, size, max_size, offsets[at], old_size, record, 0);
  case 1: /* once more, somewhere */
    to = offsets[next_random(&seed) % (count + 1)];
    record[0] = (uint8_t)(old_size - 1);
    return splice(data, size, max_size, to, 0, record, old_size);
  case 2: /* a short one that is new */
    for (size_t i = 1; i < 6; i++)
      record[i] = (uint8_t)next_random(&seed);
    record[0] = (uint8_t)(2 + next_random(&seed) % 4);
    return splice(data, size, max_size, offsets[at], 0, record, (size_t)record[0] + 1);
  default:
    record[0] = (uint8_t)LLVMFuzzerMutate(record + 1, old_size - 1, sizeof record - 1);
    return splice(data, size, max_size, offsets[at], old_size, record, (size_t)record[0] + 1);
  }
}

/* The beginning of one sequence and the end of another. */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                          uint8_t *result, size_t max_size, unsigned int seed)
{
  size_t offsets[MAX_RECORDS + 1];
  size_t a_count = split(a, a_size, offsets);
  size_t head = a_count == 0 ? 0 : offsets[next_random(&seed) % a_count + 1];
  size_t b_count = split(b, b_size, offsets);
  size_t tail = b_count == 0 ? b_size : offsets[next_random(&seed) % b_count];

  if (head > max_size)
    head = 0;
  if (b_size - tail > max_size - head)
    tail = b_size;
  memcpy(result, a, head);
  memcpy(result + head, b + tail, b_size - tail);
  return head + b_size - tail;
}
