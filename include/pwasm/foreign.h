#ifndef PWASM_FOREIGN_H
#define PWASM_FOREIGN_H

/** @file
 *  @brief Foreign functions: what a host has beyond the ABI, called by name.
 *
 *  What a function takes and returns is between the plugin and the host. When the host calls the
 *  plugin, `on_foreign_function` runs, and the arguments are in
 *  @ref PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS.
 */

#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** @cond private: out of line, with scalars, because wasm32 passes structs through memory */
PwasmStatus pwasm__foreign_call(const char *name, size_t name_len, const char *arguments,
                                size_t arguments_len, PwasmStr *ret_result);
/** @endcond */

/** Calls a function of the host.
 *
 *  Functions that act on a stream act on the one whose callback runs.
 *
 *  @param      name        which function
 *  @param      arguments   borrowed for the call; may be empty
 *  @param[out] ret_result  what it returns, empty if that is nothing; NULL if not wanted; untouched on
 *                          failure
 *  @lifetime{ret_result, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             called
 *  @retval PWASM_STATUS_NOT_FOUND      the host has no such function (ngx_wasm_module traps)
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit; Envoy 1.40 crashes of it
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no foreign functions
 *  @retval PWASM_STATUS_TOO_LARGE      @p name or @p arguments has 4 GiB or more
 *  @return or whatever the function has answered
 *  @hostcall{proxy_call_foreign_function}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_foreign_call(PwasmStr name, PwasmStr arguments, PwasmStr *ret_result)
{
  return pwasm__foreign_call(name.data, name.len, arguments.data, arguments.len, ret_result);
}

PWASM_END_DECLS

#endif
