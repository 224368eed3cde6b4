#ifndef PWASM_TESTHOST_FOREIGN_H
#define PWASM_TESTHOST_FOREIGN_H

/** @file
 *  @brief Foreign functions of a test host, in both directions.
 */

#include <pwasm/str.h>
#include <pwasm/testhost/host.h>
#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** A foreign function.
 *
 *  @param      host        the host
 *  @param      arguments   what the plugin sent
 *  @param[out] ret_result  what the plugin gets; empty if left alone. It is copied when the function has
 *                          returned
 *  @param      data        what was given to pwasm_host_foreign_define()
 *  @return a status; with any but @ref PWASM_STATUS_OK the plugin gets no result
 */
typedef uint32_t PwasmHostForeignFn(PwasmHost *host, PwasmStr arguments, PwasmStr *ret_result,
                                    void *data);

/** Gives the host a foreign function; one of the same name is replaced.
 *
 *  @param host      the host
 *  @param name      a C string
 *  @param function  the function
 *  @param data      what it gets; borrowed
 */
void pwasm_host_foreign_define(PwasmHost *host, const char *name, PwasmHostForeignFn *function,
                               void *data);

/** Calls a plugin's `on_foreign_function`.
 *
 *  @param plugin       the plugin
 *  @param function_id  which function of the host it is from
 *  @param arguments    borrowed for the call
 */
void pwasm_host_foreign_call(PwasmHostPlugin *plugin, uint32_t function_id, PwasmStr arguments);

PWASM_END_DECLS

#endif
