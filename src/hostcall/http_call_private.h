#ifndef PWASM_HTTP_CALL_PRIVATE_H
#define PWASM_HTTP_CALL_PRIVATE_H

#include <pwasm/http_call.h>

#include "../core/call_private.h"

typedef struct PwasmHttpCall {
  PwasmCall base;
  PwasmHttpCallFn *done; /* may be NULL */
  void *data;
} PwasmHttpCall;

/* Tells the author that the call is cancelled. It is in the file of the host's callback, which so is
 * in every module that makes calls, and in no other. */
void pwasm__http_call_cancel(PwasmCall *call);

#endif
