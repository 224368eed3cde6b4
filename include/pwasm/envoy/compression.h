#ifndef PWASM_ENVOY_COMPRESSION_H
#define PWASM_ENVOY_COMPRESSION_H

/** @file
 *  @brief Compressing with zlib, in Envoy.
 *
 *  The format is that of RFC 1950, as zlib's `compress()` makes it.
 */

#include <pwasm/foreign.h>

PWASM_BEGIN_DECLS

/** Compresses.
 *
 *  @param      bytes           borrowed for the call
 *  @param[out] ret_compressed  the compressed bytes; untouched on failure
 *  @lifetime{ret_compressed, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     compressed
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  zlib failed
 *  @retval PWASM_STATUS_NOT_FOUND              this host does not have the function
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p bytes has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_compress(PwasmStr bytes, PwasmStr *ret_compressed)
{
  return pwasm_foreign_call(pwasm_str("compress", 8), bytes, ret_compressed);
}

/** Undoes pwasm_envoy_compress().
 *
 *  Envoy sets no limit to the size of the result: a few bytes that a peer sent may become a thousand
 *  times as many, in Envoy and in the plugin.
 *
 *  @param      bytes             borrowed for the call
 *  @param[out] ret_uncompressed  the original bytes; untouched on failure
 *  @lifetime{ret_uncompressed, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK                     uncompressed
 *  @retval PWASM_STATUS_SERIALIZATION_FAILURE  @p bytes is not what compressing makes
 *  @retval PWASM_STATUS_NOT_FOUND              this host does not have the function
 *  @retval PWASM_STATUS_OUT_OF_MEMORY          the memory is at its limit
 *  @retval PWASM_STATUS_TOO_LARGE              @p bytes has 4 GiB or more
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_envoy_uncompress(PwasmStr bytes, PwasmStr *ret_uncompressed)
{
  return pwasm_foreign_call(pwasm_str("uncompress", 10), bytes, ret_uncompressed);
}

PWASM_END_DECLS

#endif
