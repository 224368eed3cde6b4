#ifndef PWASM_TESTHOST_PROPERTY_PRIVATE_H
#define PWASM_TESTHOST_PROPERTY_PRIVATE_H

/* Properties by path. */

#include "memory_private.h"

typedef struct PwasmHostProperty {
  PwasmStr path;
  PwasmStr value; /* missing: hides another of this path */
} PwasmHostProperty;

typedef struct PwasmHostProperties {
  PwasmHostProperty *items;
  size_t num_items;
  size_t capacity;
} PwasmHostProperties;

void pwasm__host_properties_set(PwasmHostProperties *properties, PwasmStr path, PwasmStr value);
/* NULL when there is none of this path. */
const PwasmHostProperty *pwasm__host_properties_find(const PwasmHostProperties *properties,
                                                     PwasmStr path);
void pwasm__host_properties_free(PwasmHostProperties *properties);

#endif
