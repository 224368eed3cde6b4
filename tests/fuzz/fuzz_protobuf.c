/* Protobuf messages: fields lie inside the message, and what is written is read again. */

#include "fuzz.h"

#include <pwasm/native.h>

#include "hostcall/protobuf_private.h"

#define MAX_FIELDS 8

static void
check_read(PwasmStr message)
{
  PwasmStr rest = message;
  PwasmProtobufField field;
  PwasmStatus status;

  for (;;) {
    PwasmStr before = rest;

    field = (PwasmProtobufField){.number = 77};
    status = pwasm__protobuf_next(&rest, &field);
    if (status != PWASM_STATUS_OK) {
      FUZZ_CHECK(status == (before.len == 0 ? PWASM_STATUS_EMPTY : PWASM_STATUS_MALFORMED));
      FUZZ_CHECK(rest.data == before.data && rest.len == before.len && field.number == 77);
      return;
    }
    FUZZ_CHECK(rest.len < before.len && rest.data + rest.len == message.data + message.len);
    FUZZ_CHECK(field.number != 0);
    if (pwasm_str_is_present(field.bytes)) {
      FUZZ_CHECK(field.bytes.data > before.data);
      FUZZ_CHECK(field.bytes.data + field.bytes.len == rest.data);
    }
  }
}

static void
check_write(FuzzInput input)
{
  PwasmProtobufField fields[MAX_FIELDS];
  size_t count = fuzz_below(&input, MAX_FIELDS + 1);
  PwasmStr message;
  PwasmProtobufField field;

  for (size_t i = 0; i < count; i++) {
    fields[i] = (PwasmProtobufField){.number = 1 + fuzz_below(&input, 15)};
    if (fuzz_below(&input, 2) == 0)
      fields[i].bytes = fuzz_str(&input);
    else
      fields[i].varint = fuzz_number(&input, 1 + fuzz_below(&input, 8));
  }
  FUZZ_CHECK(pwasm__protobuf_serialize(pwasm_scratch(), fields, count, &message) ==
             PWASM_STATUS_OK);
  for (size_t i = 0; i < count; i++) {
    bool has_bytes = pwasm_str_is_present(fields[i].bytes);

    if (has_bytes ? fields[i].bytes.len == 0 : fields[i].varint == 0)
      continue;
    FUZZ_CHECK(pwasm__protobuf_next(&message, &field) == PWASM_STATUS_OK);
    FUZZ_CHECK(field.number == fields[i].number);
    if (has_bytes)
      FUZZ_CHECK(pwasm_str_equal(field.bytes, fields[i].bytes));
    else
      FUZZ_CHECK(!pwasm_str_is_present(field.bytes) && field.varint == fields[i].varint);
  }
  FUZZ_CHECK(message.len == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size == 0)
    return 0;
  if (data[0] % 2 == 0)
    check_read(pwasm_str((const char *)data + 1, size - 1));
  else
    check_write((FuzzInput){data + 1, size - 1});
  pwasm_vm_free(NULL);
  return 0;
}
