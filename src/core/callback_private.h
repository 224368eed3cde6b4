#ifndef PWASM_CALLBACK_PRIVATE_H
#define PWASM_CALLBACK_PRIVATE_H

/* What every callback does first and last. Callbacks nest: a host may call from inside a hostcall. */

#include <pwasm/context.h>

#include "vm_private.h"

/* Which kinds of context a callback is about: PwasmContextKind values, added. */
#define PWASM_WANT_ANY 0xffu
/* The callback is not about a context that must be there. */
#define PWASM_WANT_NONE 0u

/* What a callback does between. `ctx` may be NULL for PWASM_WANT_NONE only; `slot` is the offset of a
 * slot's function in the context's class; `a` and `b` are the callback's own arguments. */
typedef uint32_t PwasmCallbackBody(PwasmContext *ctx, size_t slot, uint32_t a, uint32_t b);

/* Runs a callback in which the host acts for context `id`: that becomes the current context, is held
 * until the callback returns, and scratch is rewound then. The result is the body's; 0 when there
 * is no such context, or not of a wanted kind, which is logged once. */
uint32_t pwasm__callback(uint32_t id, uint32_t wanted, PwasmCallbackBody *body, size_t slot,
                         uint32_t a, uint32_t b);

/* Logs, once in the life of a VM, that the host spoke of a context that does not exist. */
void pwasm__unknown_context(uint32_t id);

/* Makes the host take the following hostcalls on behalf of `ctx`; to be undone with
 * pwasm__effective_restore(). The only place that sets the effective context. */
PwasmStatus pwasm__effective_set(const PwasmContext *ctx, uint32_t *ret_previous_id);
void pwasm__effective_restore(uint32_t previous_id);

/* Makes a hostcall of one argument on behalf of `ctx`. */
PwasmStatus pwasm__effective_call(const PwasmContext *ctx, uint32_t (*hostcall)(uint32_t),
                                  uint32_t argument);

#endif
