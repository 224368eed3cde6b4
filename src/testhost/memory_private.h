#ifndef PWASM_TESTHOST_MEMORY_PRIVATE_H
#define PWASM_TESTHOST_MEMORY_PRIVATE_H

/* The host's own memory: malloc's, and the end of the program when there is none. A test has no use
 * for a host that runs out. */

#include <pwasm/str.h>

/* Zeroed memory, to be freed with free(). */
void *pwasm__host_alloc(size_t size);

/* Grows an array to at least `count` elements of `size` bytes, doubling; updates the capacity. */
void *pwasm__host_grow(void *array, size_t count, size_t size, size_t *capacity);

/* Bytes that grow at their end. `{0}` is empty. */
typedef struct PwasmHostBytes {
  char *data;
  size_t len;
  size_t capacity;
} PwasmHostBytes;

void pwasm__host_bytes_append(PwasmHostBytes *bytes, PwasmStr part);
void pwasm__host_bytes_prepend(PwasmHostBytes *bytes, PwasmStr part);
/* Removes the first `len` bytes, or as many as there are. */
void pwasm__host_bytes_drain(PwasmHostBytes *bytes, size_t len);
void pwasm__host_bytes_free(PwasmHostBytes *bytes);

static inline PwasmStr
pwasm__host_bytes_str(const PwasmHostBytes *bytes)
{
  return pwasm_str(bytes->data == NULL ? "" : bytes->data, bytes->len);
}

/* A copy with a NUL behind it, to be freed with free() of its data; of a missing value, an empty
 * one. */
PwasmStr pwasm__host_str_dup(PwasmStr str);

#endif
