#include "port_private.h"

#ifdef __wasm__

#include <pwasm/panic.h>

#include "vm_private.h"

#define PAGE_SIZE 65536u

/* What the pool of a small plugin lies in, within the module's second page (the first is the stack).
 * The heap base is left to the plugin's malloc, if it has one: the two never share a region. */
#define INITIAL_SIZE 32768u

char *
pwasm__port_grow_memory(size_t size, char **ret_end)
{
  static PwasmBlock initial_memory[INITIAL_SIZE / sizeof(PwasmBlock)];
  /* Powers of two with a header are no whole number of pages, so this rounds up. */
  size_t num_pages = size / PAGE_SIZE + 1;
  size_t first_page;

  /* Once it is in use a block begins there, for ever. Not to be told by where the pool ends: that is NULL at the
   * beginning, and also at 4 GiB. */
  if (size <= INITIAL_SIZE && initial_memory[0].end == NULL) {
    *ret_end = (char *)initial_memory + INITIAL_SIZE;
    return (char *)initial_memory;
  }
  first_page = __builtin_wasm_memory_grow(0, num_pages);
  if (first_page == SIZE_MAX)
    return NULL;
  *ret_end = (char *)((first_page + num_pages) * PAGE_SIZE);
  return (char *)(first_page * PAGE_SIZE);
}

void
pwasm__port_trap(void)
{
  __builtin_trap();
}

#ifndef NDEBUG

/* The stack comes first and grows down, so nobody writes to its far end, of zeros: only who takes NULL
 * for a struct, and who is about to overflow the stack anyway. */
#define NULL_SIZE 256u

void
pwasm__port_check_null(void)
{
  uintptr_t null = 0;

  /* Hides what it is from a compiler that may take it for unreachable. */
  __asm__("" : "+r"(null));
  for (const char *byte = (const char *)null; byte < (const char *)null + NULL_SIZE; byte++) {
    if (*byte != 0)
      pwasm_panic(PWASM_STR("pwasm: this callback wrote to NULL (or the stack is nearly full)"));
  }
}

#endif

#endif
