#include "protobuf_private.h"

#include <string.h>

#define WIRE_TYPE_VARINT 0
#define WIRE_TYPE_FIXED64 1
#define WIRE_TYPE_BYTES 2
#define WIRE_TYPE_FIXED32 5
#define WIRE_TYPE_BITS 3

#define MAX_VARINT_SIZE 10

static size_t
varint_size(uint64_t value)
{
  size_t size = 1;

  for (; value > 0x7f; value >>= 7)
    size++;
  return size;
}

static char *
write_varint(char *to, uint64_t value)
{
  for (; value > 0x7f; value >>= 7)
    *to++ = (char)(value | 0x80);
  *to++ = (char)value;
  return to;
}

static size_t
field_size(const PwasmProtobufField *field)
{
  if (!pwasm_str_is_present(field->bytes))
    return field->varint == 0 ? 0 : 1 + varint_size(field->varint);
  return field->bytes.len == 0 ? 0 : 1 + varint_size(field->bytes.len) + field->bytes.len;
}

static char *
write_field(char *to, const PwasmProtobufField *field)
{
  uint32_t tag = field->number << WIRE_TYPE_BITS;

  if (field_size(field) == 0)
    return to;
  if (!pwasm_str_is_present(field->bytes))
    return write_varint(write_varint(to, tag | WIRE_TYPE_VARINT), field->varint);
  to = write_varint(write_varint(to, tag | WIRE_TYPE_BYTES), field->bytes.len);
  memcpy(to, field->bytes.data, field->bytes.len);
  return to + field->bytes.len;
}

PwasmStatus
pwasm__protobuf_serialize(PwasmArena *arena, const PwasmProtobufField *fields, size_t num_fields,
                          PwasmStr *ret_message)
{
  size_t size = 0;
  char *message;
  char *to;

  for (size_t i = 0; i < num_fields; i++) {
    if (fields[i].bytes.len > UINT32_MAX - MAX_VARINT_SIZE - 1 ||
        __builtin_add_overflow(size, field_size(&fields[i]), &size))
      return PWASM_STATUS_TOO_LARGE;
  }
  message = pwasm_arena_alloc(arena, size);
  if (message == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  to = message;
  for (size_t i = 0; i < num_fields; i++)
    to = write_field(to, &fields[i]);
  *ret_message = pwasm_str(message, size);
  return PWASM_STATUS_OK;
}

static bool
take_varint(PwasmStr *message, uint64_t *ret_value)
{
  uint64_t value = 0;

  for (size_t i = 0; i < MAX_VARINT_SIZE && i < message->len; i++) {
    unsigned char byte = (unsigned char)message->data[i];

    value |= (uint64_t)(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      *message = pwasm_str_slice(*message, i + 1, SIZE_MAX);
      *ret_value = value;
      return true;
    }
  }
  return false;
}

static bool
take_bytes(PwasmStr *message, uint64_t len, PwasmStr *ret_bytes)
{
  if (len > message->len)
    return false;
  *ret_bytes = pwasm_str_slice(*message, 0, (size_t)len);
  *message = pwasm_str_slice(*message, (size_t)len, SIZE_MAX);
  return true;
}

PwasmStatus
pwasm__protobuf_next(PwasmStr *message, PwasmProtobufField *ret_field)
{
  PwasmProtobufField field = {0};
  PwasmStr rest = *message;
  uint64_t tag;
  uint64_t len;
  bool is_read = false;

  if (rest.len == 0)
    return PWASM_STATUS_EMPTY;
  if (!take_varint(&rest, &tag) || tag >> WIRE_TYPE_BITS == 0 || tag >> WIRE_TYPE_BITS > UINT32_MAX)
    return PWASM_STATUS_MALFORMED;
  field.number = (uint32_t)(tag >> WIRE_TYPE_BITS);
  switch (tag & ((1 << WIRE_TYPE_BITS) - 1)) {
  case WIRE_TYPE_VARINT:
    is_read = take_varint(&rest, &field.varint);
    break;
  case WIRE_TYPE_FIXED64:
    is_read = take_bytes(&rest, sizeof(uint64_t), &field.bytes);
    break;
  case WIRE_TYPE_BYTES:
    is_read = take_varint(&rest, &len) && take_bytes(&rest, len, &field.bytes);
    break;
  case WIRE_TYPE_FIXED32:
    is_read = take_bytes(&rest, sizeof(uint32_t), &field.bytes);
    break;
  default:
    break;
  }
  if (!is_read)
    return PWASM_STATUS_MALFORMED;
  *message = rest;
  *ret_field = field;
  return PWASM_STATUS_OK;
}
