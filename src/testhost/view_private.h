#ifndef PWASM_TESTHOST_VIEW_PRIVATE_H
#define PWASM_TESTHOST_VIEW_PRIVATE_H

/* Memory of the guest that hostcalls have returned something in: what points there when the outermost
 * callback has returned is used after its life. Kept in strict mode only. */

#include "hostcall_private.h"

typedef struct PwasmHostView {
  const char *begin;
  size_t size;
  char *copy;             /* of what was there at the end of its life; NULL if the guest marks it */
  PwasmHostcall hostcall; /* what returned it */
  char callback[64];      /* where */
} PwasmHostView;

typedef struct PwasmHostViews {
  PwasmHostView *items; /* the dead ones first, oldest first */
  size_t num_items;
  size_t num_dead;
  size_t capacity;
} PwasmHostViews;

/* The guest has given this memory for a result. */
void pwasm__views_add(PwasmHost *host, const char *begin, size_t size);
/* The outermost callback has returned. `marks`: the guest fills what it takes back. */
void pwasm__views_end(PwasmHostViews *views, bool marks);
/* The view that such an input is of; NULL when it is of none, or the memory is in use again. */
const PwasmHostView *pwasm__views_find_dead(const PwasmHostViews *views, const char *bytes,
                                            size_t size);
void pwasm__views_free(PwasmHostViews *views);

#endif
