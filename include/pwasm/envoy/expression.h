#ifndef PWASM_ENVOY_EXPRESSION_H
#define PWASM_ENVOY_EXPRESSION_H

/** @file
 *  @brief Expressions in CEL, the Common Expression Language, in Envoy.
 *
 *  An expression speaks of Envoy's attributes: `request.path.startsWith('/api')`. Make it once, in
 *  `on_configure`, and evaluate it in each stream. Envoy must be built with a parser of CEL.
 */

#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** An expression that Envoy has compiled for the plugin. */
typedef struct PwasmEnvoyExpression {
  uint32_t token; /**< Envoy's, opaque */
} PwasmEnvoyExpression;

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__envoy_expression_create(const char *text, size_t text_len,
                                           PwasmEnvoyExpression *ret_expression);
PwasmStatus pwasm__envoy_expression_evaluate(uint32_t token, PwasmStr *ret_value);
PwasmStatus pwasm__envoy_expression_delete(uint32_t token);
/** @endcond */

/** Compiles an expression.
 *
 *  @param      text            the expression
 *  @param[out] ret_expression  the plugin's until pwasm_envoy_expression_delete(); untouched on
 *                              failure
 *  @retval PWASM_STATUS_OK             compiled
 *  @retval PWASM_STATUS_BAD_ARGUMENT   it is not CEL; Envoy logs why
 *  @retval PWASM_STATUS_NOT_FOUND      this host does not have the function
 *  @retval PWASM_STATUS_MALFORMED      the host's answer is no token
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE      @p text has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_expression_create(PwasmStr text, PwasmEnvoyExpression *ret_expression)
{
  return pwasm__envoy_expression_create(text.data, text.len, ret_expression);
}

/** Evaluates an expression for the current stream.
 *
 *  For a stream's own callbacks.
 *
 *  @param      expression  the expression
 *  @param[out] ret_value   a value, such as pwasm_value_to_bool() reads; untouched on failure
 *  @lifetime{ret_value, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     evaluated
 *  @retval PWASM_STATUS_INTERNAL_FAILURE       it could not be: an attribute is not there, or of
 *                                              another type
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  the result has no wire form
 *  @retval PWASM_STATUS_NOT_FOUND              there is no such expression, or this host does not
 *                                              have the function
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_expression_evaluate(PwasmEnvoyExpression expression, PwasmStr *ret_value)
{
  return pwasm__envoy_expression_evaluate(expression.token, ret_value);
}

/** Deletes an expression.
 *
 *  @param expression  the expression
 *  @retval PWASM_STATUS_OK         there is no such expression any more
 *  @retval PWASM_STATUS_NOT_FOUND  this host does not have the function
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_expression_delete(PwasmEnvoyExpression expression)
{
  return pwasm__envoy_expression_delete(expression.token);
}

PWASM_END_DECLS

#endif
