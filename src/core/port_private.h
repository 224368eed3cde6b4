#ifndef PWASM_PORT_PRIVATE_H
#define PWASM_PORT_PRIVATE_H

/* All that differs between wasm and native builds. */

#include <pwasm/base.h>

/* More memory for the current VM, 16-aligned, at least `size` bytes; NULL when the limit is reached,
 * and then `ret_end` is untouched. It is never given back while the VM lives, and may adjoin what was
 * got before. */
char *pwasm__port_grow_memory(size_t size, char **ret_end);

/* Ends the VM. */
__attribute__((noreturn)) void pwasm__port_trap(void);

/* In wasm NULL is an address like any other: a write there goes unnoticed. Debug modules look, after
 * each outermost callback, whether there was one; natively the system sees to it. */
#if defined(__wasm__) && !defined(NDEBUG)
void pwasm__port_check_null(void);
#else
static inline void
pwasm__port_check_null(void)
{
}
#endif

#ifdef __wasm__

static inline bool
pwasm__port_allocation_fails(void)
{
  return false;
}

#else

/* Whether a test wants the next allocation to fail. */
bool pwasm__port_allocation_fails(void);

/* Gives all memory of the current VM back to the system. */
void pwasm__port_free_all(void);

#endif

#endif
