#ifndef PWASM_TESTHOST_PROPERTY_STREAM_PRIVATE_H
#define PWASM_TESTHOST_PROPERTY_STREAM_PRIVATE_H

/* Properties that follow from what the host knows anyway. */

#include "http_private.h"

/* Appends the value of a property of `context` to `ret_value`; false when there is none, or none
 * now. */
bool pwasm__host_property_derive(const PwasmHostContext *context, PwasmStr path,
                                 PwasmHostBytes *ret_value);

#endif
