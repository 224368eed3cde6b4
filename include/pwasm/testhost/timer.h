#ifndef PWASM_TESTHOST_TIMER_H
#define PWASM_TESTHOST_TIMER_H

/** @file
 *  @brief Plugins' timers in a test host, which run when the test says so.
 */

#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** Lets time pass, and everything happen that is due in it: ticks and timeouts of calls in the order of
 *  their times, each at its time, and notifications of queues as soon as they are there.
 *
 *  A tick that is overdue, because the clock was set, comes once.
 *
 *  @param host         the host, which is not inside a callback
 *  @param duration_ns  how much, in nanoseconds; 0 for what is due now
 */
void pwasm_host_advance(PwasmHost *host, uint64_t duration_ns);

/** Calls a plugin's `on_tick`, whether or not it is due. The next one is a period away from now.
 *
 *  @param plugin  the plugin
 */
void pwasm_host_tick(PwasmHostPlugin *plugin);

/** Tells the period of a plugin's timer.
 *
 *  @param plugin  the plugin
 *  @return milliseconds; 0 when it has not set any
 */
uint32_t pwasm_host_tick_period(const PwasmHostPlugin *plugin);

PWASM_END_DECLS

#endif
