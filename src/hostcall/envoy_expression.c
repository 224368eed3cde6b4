#include <pwasm/envoy/expression.h>

#include <string.h>

#include "envoy_call_private.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tokens are little-endian");

PwasmStatus
pwasm__envoy_expression_create(const char *text, size_t text_len,
                               PwasmEnvoyExpression *ret_expression)
{
  PwasmStr result;
  PwasmStatus status = pwasm__foreign_call(PWASM__NAME("expr_create"), text, text_len, &result);

  if (status != PWASM_STATUS_OK)
    return status;
  if (result.len != sizeof ret_expression->token)
    return PWASM_STATUS_MALFORMED;
  memcpy(&ret_expression->token, result.data, sizeof ret_expression->token);
  return PWASM_STATUS_OK;
}

PwasmStatus
pwasm__envoy_expression_evaluate(uint32_t token, PwasmStr *ret_value)
{
  return pwasm__foreign_call(PWASM__NAME("expr_evaluate"), (const char *)&token, sizeof token,
                             ret_value);
}

PwasmStatus
pwasm__envoy_expression_delete(uint32_t token)
{
  return pwasm__foreign_call(PWASM__NAME("expr_delete"), (const char *)&token, sizeof token, NULL);
}
