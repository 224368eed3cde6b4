#ifndef PWASM_PROTOBUF_PRIVATE_H
#define PWASM_PROTOBUF_PRIVATE_H

/* As much of protobuf as Envoy's foreign functions speak: messages without nesting. */

#include <pwasm/arena.h>

/* A field. With `bytes` that are not missing it is a string or bytes, else a number. */
typedef struct PwasmProtobufField {
  uint32_t number; /* 1 to 15 when written */
  PwasmStr bytes;
  uint64_t varint;
} PwasmProtobufField;

/* Writes a message. Numbers that are 0 and bytes that are empty are left out: they are defaults. */
PwasmStatus pwasm__protobuf_serialize(PwasmArena *arena, const PwasmProtobufField *fields,
                                      size_t num_fields, PwasmStr *ret_message);

/* Takes the next field. EMPTY when there is none left, MALFORMED when what is left is no field: the
 * message and `ret_field` are untouched then. Fields of fixed size become their bytes. */
PwasmStatus pwasm__protobuf_next(PwasmStr *message, PwasmProtobufField *ret_field);

#endif
