#include <pwasm/envoy/signature.h>

#include "envoy_call_private.h"

/* Both functions' results: whether it went well, and bytes. */
typedef struct Result {
  bool is_good;
  PwasmStr bytes; /* the reason why not, or the signature */
} Result;

static PwasmStatus
parse(PwasmStr message, Result *ret_result)
{
  PwasmProtobufField field;
  PwasmStatus status;

  ret_result->is_good = false;
  ret_result->bytes = PWASM_STR("");
  while ((status = pwasm__protobuf_next(&message, &field)) == PWASM_STATUS_OK) {
    if (field.number == 1)
      ret_result->is_good = field.varint != 0;
    else if (field.number == 2 && pwasm_str_is_present(field.bytes))
      ret_result->bytes = field.bytes;
  }
  return status == PWASM_STATUS_EMPTY ? PWASM_STATUS_OK : status;
}

static PwasmStatus
call(const char *name, size_t name_len, const PwasmProtobufField *fields, size_t num_fields,
     Result *ret_result)
{
  PwasmStr message;
  PwasmStatus status = pwasm__envoy_call(name, name_len, fields, num_fields, &message);

  return status == PWASM_STATUS_OK ? parse(message, ret_result) : status;
}

PwasmStatus
pwasm_envoy_signature_verify(const PwasmEnvoyVerification *verification, bool *ret_is_valid,
                             PwasmStr *ret_error)
{
  const PwasmProtobufField fields[] = {
    {.number = 1, .bytes = verification->hash_function},
    {.number = 2, .bytes = verification->public_key},
    {.number = 3, .bytes = verification->signature},
    {.number = 4, .bytes = verification->text},
    {.number = 5, .bytes = verification->public_key_pem},
  };
  Result result;
  PwasmStatus status =
    call(PWASM__NAME("verify_signature"), fields, sizeof fields / sizeof fields[0], &result);

  if (status != PWASM_STATUS_OK)
    return status;
  *ret_is_valid = result.is_good;
  if (ret_error != NULL)
    *ret_error = result.bytes;
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm_envoy_signature_create(const PwasmEnvoySigning *signing, PwasmStr *ret_signature)
{
  const PwasmProtobufField fields[] = {
    {.number = 1, .bytes = signing->hash_function},
    {.number = 2, .bytes = signing->private_key},
    {.number = 3, .bytes = signing->text},
    {.number = 4, .bytes = signing->private_key_pem},
  };
  Result result;
  PwasmStatus status = call(PWASM__NAME("sign"), fields, sizeof fields / sizeof fields[0], &result);

  if (status != PWASM_STATUS_OK)
    return status;
  if (!result.is_good)
    return PWASM_STATUS_INTERNAL_FAILURE;
  *ret_signature = result.bytes;
  return PWASM_STATUS_OK;
}
