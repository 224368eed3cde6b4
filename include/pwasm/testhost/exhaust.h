#ifndef PWASM_TESTHOST_EXHAUST_H
#define PWASM_TESTHOST_EXHAUST_H

/** @file
 *  @brief Everything that can fail, failing in turn: how a plugin bears it.
 */

#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** What is run again and again: starts plugins, sends requests, answers calls, lets time pass.
 *
 *  It must be the same each time, expect nothing that a fault may change, and answer whatever the
 *  plugin asked for, so that the plugin has every chance to let its streams go on. A plugin that
 *  refuses to start because of the fault is no failure: return then.
 *
 *  @param host  a new host, which is freed afterwards
 *  @param data  what pwasm_host_exhaust() got
 */
typedef void PwasmHostScenarioFn(PwasmHost *host, void *data);

/** What was found to fail, and did. */
typedef struct PwasmHostExhaustion {
  size_t num_hostcalls;   /**< hostcalls of a run without faults */
  size_t num_allocations; /**< allocations of a run without faults */
  size_t num_runs;        /**< runs with a fault */
} PwasmHostExhaustion;

/** Runs a scenario without faults and counts what the plugin asks of the host, and its allocations.
 *  Then runs it again for each of these:
 *
 *  - each hostcall fails, with each of several statuses, known and unknown ones; one that returns bytes
 *    also returns none, and some that mean nothing;
 *  - all calls of a hostcall fail, as in a host that does not have it (but not
 *    `proxy_set_effective_context`, without which a stream can't be let go from outside of it);
 *  - each allocation fails, and all that follow.
 *
 *  The test fails if the plugin traps, if contexts are still referenced in the end, or if a stream is
 *  left paused: it must have been resumed, replied to or closed. What is printed then names the fault.
 *
 *  @param      options   how the hosts are to be; NULL for none
 *  @param      scenario  what to run
 *  @param      data      what it gets; borrowed
 *  @param[out] ret_done  what was found and done; NULL if nobody wants to know
 */
void pwasm_host_exhaust(const PwasmHostOptions *options, PwasmHostScenarioFn *scenario, void *data,
                        PwasmHostExhaustion *ret_done);

PWASM_END_DECLS

#endif
