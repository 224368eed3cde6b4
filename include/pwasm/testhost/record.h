#ifndef PWASM_TESTHOST_RECORD_H
#define PWASM_TESTHOST_RECORD_H

/** @file
 *  @brief What a test host has recorded: log lines, numbers of calls, the trace.
 */

#include <pwasm/log.h>
#include <pwasm/str.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** A line of the log. */
typedef struct PwasmHostLogLine {
  PwasmLogLevel level; /**< its level */
  PwasmStr message;    /**< what was logged; a NUL follows */
  uint32_t context_id; /**< on whose behalf; 0 for the VM's */
} PwasmHostLogLine;

/** How many lines were logged.
 *
 *  @param host  the host
 *  @return their number
 */
size_t pwasm_host_log_count(const PwasmHost *host);

/** A line of the log.
 *
 *  @param host   the host
 *  @param index  from 0, the oldest
 *  @return the line; NULL past the last
 *  @lifetime{the result, until the log is cleared}
 */
const PwasmHostLogLine *pwasm_host_log_line(const PwasmHost *host, size_t index);

/** Finds the first line of a level that contains a text.
 *
 *  @param host   the host
 *  @param level  its level, exactly
 *  @param text   a C string
 *  @return the line; NULL when there is none
 *  @lifetime{the result, until the log is cleared}
 */
const PwasmHostLogLine *pwasm_host_log_find(const PwasmHost *host, PwasmLogLevel level,
                                            const char *text);

/** Forgets all lines of the log.
 *
 *  @param host  the host
 */
void pwasm_host_log_clear(PwasmHost *host);

/** How often a hostcall was made, or a callback was called.
 *
 *  @param host  the host
 *  @param name  such as `proxy_log` or `proxy_on_request_headers`; an unknown one fails the test
 *  @return how often, failed ones included
 */
size_t pwasm_host_calls(const PwasmHost *host, const char *name);

/** Sets all numbers of calls back to 0.
 *
 *  @param host  the host
 */
void pwasm_host_calls_clear(PwasmHost *host);

/** All callbacks and hostcalls so far, with arguments and results, one a line. Nothing in it depends
 *  on the machine. The host must have been made with `keep_trace`.
 *
 *  A callback is `> name(arguments)` and later `< answer`; hostcalls between are indented:
 *  `name(arguments) = STATUS -> results`.
 *
 *  @param host  the host
 *  @return a C string
 *  @lifetime{the result, until the next call of or by the plugin}
 */
const char *pwasm_host_trace(const PwasmHost *host);

/** Forgets the trace so far.
 *
 *  @param host  the host
 */
void pwasm_host_trace_clear(PwasmHost *host);

PWASM_END_DECLS

#endif
