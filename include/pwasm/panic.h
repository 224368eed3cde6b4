#ifndef PWASM_PANIC_H
#define PWASM_PANIC_H

/** @file
 *  @brief The end of the VM, for plugins that can't go on.
 */

#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** @cond private */
__attribute__((noreturn)) void pwasm__panic(const char *message, size_t len);
/** @endcond */

/** Logs a message as CRITICAL and traps.
 *
 *  A trap takes down the whole VM with all its streams, and most hosts do not start it again: nothing
 *  in the SDK does this by itself. Natively it ends in `abort()`.
 *
 *  @param message  borrowed
 */
__attribute__((noreturn)) static inline void
pwasm_panic(PwasmStr message)
{
  pwasm__panic(message.data, message.len);
}

/** @cond private */
#define PWASM__STRING(token) #token
#define PWASM__EXPANDED_STRING(token) PWASM__STRING(token)
/** @endcond */

/** pwasm_panic() with the place in the source before the message, a string literal. */
#define PWASM_PANIC(message)                                                                       \
  pwasm_panic(PWASM_STR(__FILE__ ":" PWASM__EXPANDED_STRING(__LINE__) ": " message))

PWASM_END_DECLS

#endif
