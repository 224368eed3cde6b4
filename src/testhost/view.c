#include "view_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_private.h"

/* Older ones are forgotten: their memory is in use again as a rule. */
#define MAX_DEAD 256
/* What the SDK fills rewound memory with. */
#define POISON_BYTE ((char)0xdd)

/* AddressSanitizer's, if the program has it. */
__attribute__((weak)) void *__asan_region_is_poisoned(void *begin, size_t size);

static void
drop(PwasmHostViews *views, size_t index)
{
  free(views->items[index].copy);
  views->num_items--;
  if (index < views->num_dead)
    views->num_dead--;
  memmove(&views->items[index], &views->items[index + 1],
          (views->num_items - index) * sizeof views->items[0]);
}

static bool
overlaps(const PwasmHostView *view, const char *begin, size_t size)
{
  return (uintptr_t)begin < (uintptr_t)view->begin + view->size &&
         (uintptr_t)view->begin < (uintptr_t)begin + size;
}

static bool
contains(const PwasmHostView *view, const char *begin, size_t size)
{
  return (uintptr_t)begin >= (uintptr_t)view->begin &&
         (uintptr_t)begin + size <= (uintptr_t)view->begin + view->size;
}

void
pwasm__views_add(PwasmHost *host, const char *begin, size_t size)
{
  PwasmHostViews *views = &host->views;
  PwasmHostView *view;
  PwasmQuoted text;

  for (size_t i = views->num_dead; i-- > 0;) {
    if (overlaps(&views->items[i], begin, size))
      drop(views, i);
  }
  views->items =
    pwasm__host_grow(views->items, views->num_items + 1, sizeof *view, &views->capacity);
  view = &views->items[views->num_items++];
  *view = (PwasmHostView){.begin = begin, .size = size, .hostcall = host->hostcall};
  if (host->entry != NULL)
    snprintf(view->callback, sizeof view->callback, "%.63s",
             pwasm__host_entry_text(&text, host->entry));
  else
    snprintf(view->callback, sizeof view->callback, "no callback");
}

void
pwasm__views_end(PwasmHostViews *views, bool marks)
{
  for (size_t i = views->num_dead; i < views->num_items && !marks; i++) {
    PwasmHostView *view = &views->items[i];

    view->copy = pwasm__host_alloc(view->size + 1);
    memcpy(view->copy, view->begin, view->size);
  }
  views->num_dead = views->num_items;
  while (views->num_dead > MAX_DEAD)
    drop(views, 0);
}

/* Whether the memory is as it was left: if not, somebody has put something else there, and may. */
static bool
is_left_alone(const PwasmHostView *view, const char *bytes, size_t size)
{
  if (__asan_region_is_poisoned != NULL &&
      __asan_region_is_poisoned((void *)(uintptr_t)bytes, size) != NULL)
    return true;
  if (view->copy != NULL && memcmp(view->copy + (bytes - view->begin), bytes, size) == 0)
    return true;
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] != POISON_BYTE)
      return false;
  }
  return true;
}

const PwasmHostView *
pwasm__views_find_dead(const PwasmHostViews *views, const char *bytes, size_t size)
{
  for (size_t i = 0; i < views->num_dead && size > 0 && bytes != NULL; i++) {
    if (contains(&views->items[i], bytes, size))
      return is_left_alone(&views->items[i], bytes, size) ? &views->items[i] : NULL;
  }
  return NULL;
}

void
pwasm__views_free(PwasmHostViews *views)
{
  while (views->num_items > 0)
    drop(views, views->num_items - 1);
  free(views->items);
}
