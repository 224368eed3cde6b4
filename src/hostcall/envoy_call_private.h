#ifndef PWASM_ENVOY_CALL_PRIVATE_H
#define PWASM_ENVOY_CALL_PRIVATE_H

#include <pwasm/foreign.h>

#include "protobuf_private.h"

/* Calls a foreign function with a message for arguments. `ret_result` may be NULL. */
PwasmStatus pwasm__envoy_call(const char *name, size_t name_len, const PwasmProtobufField *fields,
                              size_t num_fields, PwasmStr *ret_result);

/* A literal as two arguments. */
#define PWASM__NAME(literal) (literal), sizeof(literal) - 1

#endif
