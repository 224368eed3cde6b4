#ifndef PWASM_TESTHOST_FAULT_H
#define PWASM_TESTHOST_FAULT_H

/** @file
 *  @brief Hostcalls that fail, or call back, on demand.
 */

#include <pwasm/status.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** Makes a hostcall fail: it does nothing and returns a status.
 *
 *  There is one such order for each hostcall; a new one takes the place of the old one.
 *
 *  @param host    the host
 *  @param name    such as `proxy_add_header_map_value`; an unknown one fails the test
 *  @param nth     which call from now on, counting from 1; 0 for every call
 *  @param status  what it returns, any number; @ref PWASM_STATUS_OK withdraws the order
 */
void pwasm_host_fail(PwasmHost *host, const char *name, size_t nth, uint32_t status);

/** A function that runs inside a hostcall. */
typedef void PwasmHostHookFn(PwasmHost *host, void *data);

/** Makes a function run inside each call of a hostcall, before the host does its part: hosts may call
 *  the plugin from inside a hostcall, and so may this.
 *
 *  The hook is off while it runs. There is one for each hostcall.
 *
 *  @param host  the host
 *  @param name  such as `proxy_log`; an unknown one fails the test
 *  @param hook  the function; NULL for none
 *  @param data  what it gets; borrowed
 */
void pwasm_host_hook(PwasmHost *host, const char *name, PwasmHostHookFn *hook, void *data);

PWASM_END_DECLS

#endif
