#ifndef PWASM_ENVOY_SIGNATURE_H
#define PWASM_ENVOY_SIGNATURE_H

/** @file
 *  @brief Signing and verifying signatures, in Envoy.
 *
 *  Keys are given as DER or as PEM, not both. Older versions of Envoy know DER only, or can't sign.
 */

#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** What is to be verified. */
typedef struct PwasmEnvoyVerification {
  PwasmStr hash_function;  /**< `sha256` … */
  PwasmStr public_key;     /**< in DER form, or missing */
  PwasmStr public_key_pem; /**< in PEM form, or missing */
  PwasmStr signature;      /**< the signature */
  PwasmStr text;           /**< what was signed */
} PwasmEnvoyVerification;

/** What is to be signed. */
typedef struct PwasmEnvoySigning {
  PwasmStr hash_function;   /**< `sha256` … */
  PwasmStr private_key;     /**< in DER form, or missing */
  PwasmStr private_key_pem; /**< in PEM form, or missing */
  PwasmStr text;            /**< what is to be signed */
} PwasmEnvoySigning;

/** Verifies a signature.
 *
 *  @param      verification  borrowed for the call
 *  @param[out] ret_is_valid  whether the signature is right; untouched on failure
 *  @param[out] ret_error     Envoy's reason why it is not, which may be empty; untouched on failure;
 *                            may be NULL
 *  @lifetime{ret_error, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             there is an answer; also of a key that can't be read, or a hash
 *                                      function that there is not, with which no signature is right
 *  @retval PWASM_STATUS_BAD_ARGUMENT   there is not exactly one key
 *  @retval PWASM_STATUS_NOT_FOUND      this host does not have the function
 *  @retval PWASM_STATUS_MALFORMED      the host's answer is no message
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE      all together has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD PwasmStatus pwasm_envoy_signature_verify(const PwasmEnvoyVerification *verification,
                                                         bool *ret_is_valid, PwasmStr *ret_error);

/** Makes a signature.
 *
 *  @param      signing        borrowed for the call
 *  @param[out] ret_signature  the signature; untouched on failure
 *  @lifetime{ret_signature, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                signed
 *  @retval PWASM_STATUS_BAD_ARGUMENT      there is not exactly one key
 *  @retval PWASM_STATUS_INTERNAL_FAILURE  signing failed: no such hash function, a key that can't be read
 *                                         or is of the wrong kind
 *  @retval PWASM_STATUS_NOT_FOUND         this host does not have the function
 *  @retval PWASM_STATUS_MALFORMED         the host's answer is no message
 *  @retval PWASM_STATUS_OUT_OF_MEMORY     the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE         all together has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD PwasmStatus pwasm_envoy_signature_create(const PwasmEnvoySigning *signing,
                                                         PwasmStr *ret_signature);

PWASM_END_DECLS

#endif
