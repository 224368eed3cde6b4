#include "memory_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
check(void *memory)
{
  if (memory == NULL) {
    fputs("pwasm test host: out of memory\n", stderr);
    abort();
  }
  return memory;
}

void *
pwasm__host_alloc(size_t size)
{
  return check(calloc(1, size));
}

void *
pwasm__host_grow(void *array, size_t count, size_t size, size_t *capacity)
{
  if (count <= *capacity)
    return array;
  *capacity = count < *capacity * 2 ? *capacity * 2 : count;
  return check(realloc(array, *capacity * size));
}

void
pwasm__host_bytes_append(PwasmHostBytes *bytes, PwasmStr part)
{
  if (part.len == 0)
    return;
  bytes->data = pwasm__host_grow(bytes->data, bytes->len + part.len, 1, &bytes->capacity);
  memcpy(bytes->data + bytes->len, part.data, part.len);
  bytes->len += part.len;
}

void
pwasm__host_bytes_prepend(PwasmHostBytes *bytes, PwasmStr part)
{
  if (part.len == 0)
    return;
  bytes->data = pwasm__host_grow(bytes->data, bytes->len + part.len, 1, &bytes->capacity);
  memmove(bytes->data + part.len, bytes->data, bytes->len);
  memcpy(bytes->data, part.data, part.len);
  bytes->len += part.len;
}

void
pwasm__host_bytes_drain(PwasmHostBytes *bytes, size_t len)
{
  if (len > bytes->len)
    len = bytes->len;
  if (len == 0)
    return;
  bytes->len -= len;
  memmove(bytes->data, bytes->data + len, bytes->len);
}

void
pwasm__host_bytes_free(PwasmHostBytes *bytes)
{
  free(bytes->data);
  *bytes = (PwasmHostBytes){0};
}

PwasmStr
pwasm__host_str_dup(PwasmStr str)
{
  char *copy = pwasm__host_alloc(str.len + 1);

  if (str.len > 0)
    memcpy(copy, str.data, str.len);
  return pwasm_str(copy, str.len);
}
