#ifndef PWASM_TESTHOST_FAULT_H
#define PWASM_TESTHOST_FAULT_H

/** @file
 *  @brief Hostcalls that fail, or call back, on demand.
 */

#include <pwasm/status.h>
#include <pwasm/str.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** Makes a hostcall fail: it does nothing and returns a status.
 *
 *  There is one such order for each hostcall; a new one takes the place of the old one. It ends with
 *  the call that it was for.
 *
 *  @param host    the host
 *  @param name    such as `proxy_add_header_map_value`; an unknown one fails the test
 *  @param nth     which call from now on, counting from 1; 0 for every call
 *  @param status  what it returns, any number; @ref PWASM_STATUS_OK withdraws the order
 */
void pwasm_host_fail(PwasmHost *host, const char *name, size_t nth, uint32_t status);

/** Makes a hostcall that returns bytes answer with other bytes, whatever the time and its arguments: a
 *  value, pairs in the wire format, a buffer's contents.
 *
 *  Takes the place of an order of pwasm_host_fail(), and the other way round.
 *
 *  @param host   the host
 *  @param name   such as `proxy_get_header_map_pairs`; one that returns no bytes fails the test
 *  @param nth    which call from now on, counting from 1; 0 for every call
 *  @param bytes  copied; the missing value: success is reported and nothing returned, as some hosts
 *                do for what is empty
 */
void pwasm_host_answer(PwasmHost *host, const char *name, size_t nth, PwasmStr bytes);

/** A function that runs inside a hostcall. */
typedef void PwasmHostHookFn(PwasmHost *host, void *data);

/** Makes a function run inside each call of a hostcall, before the host does its part: hosts may call
 *  the plugin from inside a hostcall, and so may this.
 *
 *  The hook is off while it runs, and may put another one, or none, in its place. There is one for each
 *  hostcall.
 *
 *  @param host  the host
 *  @param name  such as `proxy_log`; an unknown one fails the test
 *  @param hook  the function; NULL for none
 *  @param data  what it gets; borrowed
 */
void pwasm_host_hook(PwasmHost *host, const char *name, PwasmHostHookFn *hook, void *data);

PWASM_END_DECLS

#endif
