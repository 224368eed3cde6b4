#ifndef PWASM_LOG_H
#define PWASM_LOG_H

/** @file
 *  @brief Messages to the host's log.
 *
 *  The guest has a level of its own, TRACE at first, so that a message which nobody wants is
 *  neither formatted nor handed over. The host filters once more.
 */

#include <pwasm/base.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** How important a message is. */
typedef enum PwasmLogLevel {
  PWASM_LOG_TRACE = 0,    /**< every step */
  PWASM_LOG_DEBUG = 1,    /**< for who looks for a fault */
  PWASM_LOG_INFO = 2,     /**< worth knowing */
  PWASM_LOG_WARN = 3,     /**< not as it should be */
  PWASM_LOG_ERROR = 4,    /**< something failed */
  PWASM_LOG_CRITICAL = 5, /**< the plugin can't do its work */
  PWASM_LOG_OFF = 6       /**< a level for pwasm_log_set_level() only: no message at all */
} PwasmLogLevel;

/** @cond private */
void pwasm__log(PwasmLogLevel level, const char *message, size_t len);
/** @endcond */

/** Logs a message as it is.
 *
 *  @param level    its level; below the guest's own, nothing happens
 *  @param message  borrowed for the call
 */
static inline void
pwasm_log(PwasmLogLevel level, PwasmStr message)
{
  pwasm__log(level, message.data, message.len);
}

/** Logs several views as one message: `PWASM_LOG_JOIN(PWASM_LOG_INFO, name, PWASM_STR(": "), value)`.
 *
 *  Much smaller in a module than pwasm_logf(), and as good where all there is to say are strings.
 */
#define PWASM_LOG_JOIN(level, ...)                                                                 \
  pwasm_log_join((level), (const PwasmStr[]){__VA_ARGS__},                                         \
                 sizeof((const PwasmStr[]){__VA_ARGS__}) / sizeof(PwasmStr))

/** Logs several views as one message; see @ref PWASM_LOG_JOIN.
 *
 *  @param level      its level; below the guest's own, nothing happens
 *  @param parts      borrowed for the call
 *  @param num_parts  elements of @p parts
 */
void pwasm_log_join(PwasmLogLevel level, const PwasmStr *parts, size_t num_parts);

/** Logs a formatted message, of any length.
 *
 *  The format is printf's: flags `-`, `0`, `+`, space and `#`, width and precision (also `*`), the
 *  sizes `hh h l ll j z t`, and the conversions `d i u x X o c s p f %`. `f` has at most 9 digits
 *  after the point, and of numbers beyond 64 bits the first digits only, with zeros behind them; `e`, `g` and
 *  `a` are written like `f`. Bytes with a length, such as a
 *  @ref PwasmStr, are `%.*s` with @ref PWASM_STR_ARG.
 *
 *  @param level   its level; below the guest's own, nothing is formatted
 *  @param format  a constant string, checked by the compiler against the arguments
 */
PWASM_PRINTF(2, 3) void pwasm_logf(PwasmLogLevel level, const char *format, ...);

/** Whether the guest's own level lets messages of @p level pass.
 *
 *  @param level  the level of a message
 *  @return whether pwasm_log() would hand it to the host
 */
bool pwasm_log_is_enabled(PwasmLogLevel level);

/** Like pwasm_logf(), but does not even evaluate its arguments when @p level is off. Only @p level is
 *  evaluated twice. */
#define PWASM_LOG(level, ...)                                                                      \
  (pwasm_log_is_enabled(level) ? pwasm_logf((level), __VA_ARGS__) : (void)0)

/** Sets the guest's own level for all plugins of the VM.
 *
 *  @param level  messages below it are dropped; @ref PWASM_LOG_OFF drops all
 */
void pwasm_log_set_level(PwasmLogLevel level);

/** Asks the host for its level. Some hosts lack this call: a module that uses it won't load there
 *  (ngx_wasm_module, wasm-nginx-module).
 *
 *  @param[out] ret_level  the level; untouched on failure
 *  @retval PWASM_STATUS_OK             found
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host can't say
 *  @hostcall{proxy_get_log_level}
 */
PWASM_NODISCARD PWASM_SINCE_0_2_1 PwasmStatus pwasm_log_get_host_level(PwasmLogLevel *ret_level);

PWASM_END_DECLS

#endif
