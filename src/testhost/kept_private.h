#ifndef PWASM_TESTHOST_KEPT_PRIVATE_H
#define PWASM_TESTHOST_KEPT_PRIVATE_H

/* Which contexts of a native plugin have outlived what the host wanted of them. */

#include <pwasm/context.h>
#include <pwasm/native.h>

/* Contexts of a VM that are in no table any more, or were; some may be freed meanwhile. */
typedef struct PwasmHostKept {
  PwasmContext **contexts;
  size_t num_contexts;
  size_t capacity;
} PwasmHostKept;

/* What still has references when a VM ends. */
typedef struct PwasmHostLeaks {
  size_t num_contexts;   /* not freed: those, and what they keep */
  size_t num_referenced; /* those; 0: it could not be told which they are */
  char text[2000];       /* a line each */
} PwasmHostLeaks;

/* Notes a context that was deleted, or NULL, unless it is freed already. */
void pwasm__kept_note(PwasmHostKept *kept, PwasmContext *ctx);
/* Ends the VM, and `kept`. */
void pwasm__kept_vm_free(PwasmHostKept *kept, PwasmVm *vm, PwasmHostLeaks *ret_leaks);

#endif
