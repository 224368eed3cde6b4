#include "envoy_call_private.h"

PwasmStatus
pwasm__envoy_call(const char *name, size_t name_len, const PwasmProtobufField *fields,
                  size_t num_fields, PwasmStr *ret_result)
{
  PwasmStr message;
  PwasmStatus status = pwasm__protobuf_serialize(pwasm_scratch(), fields, num_fields, &message);

  if (status != PWASM_STATUS_OK)
    return status;
  return pwasm__foreign_call(name, name_len, message.data, message.len, ret_result);
}
