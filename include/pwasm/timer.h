#ifndef PWASM_TIMER_H
#define PWASM_TIMER_H

/** @file
 *  @brief A plugin's timer. There is one for each plugin context; it calls `on_tick`.
 */

#include <pwasm/base.h>
#include <pwasm/status.h>

PWASM_BEGIN_DECLS

/** Starts a plugin's timer, changes its period, or stops it.
 *
 *  `on_tick` runs first after one period, then again and again, until the plugin ends. Hosts run plugins
 *  in each of their workers: so does the timer. A tick that is late is not made up for.
 *
 *  May be called in any callback, that of the timer and those of streams included.
 *  ngx_wasm_module traps when the call comes from a stream, or when the timer runs already: there,
 *  stop it first.
 *
 *  @param ctx        the plugin; any, not only the current one
 *  @param period_ms  milliseconds from now, and from tick to tick; 0 stops the timer
 *  @retval PWASM_STATUS_OK             set
 *  @retval PWASM_STATUS_CLOSED         the plugin is gone
 *  @retval PWASM_STATUS_BAD_ARGUMENT   the host has lost the plugin
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no timers
 *  @hostcall{proxy_set_tick_period_milliseconds}
 */
PWASM_NODISCARD PwasmStatus pwasm_timer_set_period(PwasmPluginContext *ctx, uint32_t period_ms);

PWASM_END_DECLS

#endif
