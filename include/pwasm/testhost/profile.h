#ifndef PWASM_TESTHOST_PROFILE_H
#define PWASM_TESTHOST_PROFILE_H

/** @file
 *  @brief The hosts that a test host can be like.
 *
 *  What they differ in is in @ref testing_profiles. A test that holds in some of them only says so at its
 *  beginning, and is skipped in the others:
 *
 *  @snippet postpone_requests/test_postpone_requests.c needs
 */

#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** The name of a profile, as the environment variable has it.
 *
 *  @param profile  the profile
 *  @return a C string; of @ref PWASM_HOST_PROFILE_DEFAULT, that of the profile which it stands for
 *  @lifetime{the result, for ever}
 */
const char *pwasm_host_profile_name(PwasmHostProfile profile);

/** Which host a test host is like.
 *
 *  @param host  the host
 *  @return its profile, never @ref PWASM_HOST_PROFILE_DEFAULT
 */
PwasmHostProfile pwasm_host_profile(const PwasmHost *host);

/** Whether a plugin gets something from a hostcall, or ever hears a callback.
 *
 *  @param profile  the profile
 *  @param name     such as `proxy_set_tick_period_milliseconds` or `proxy_on_tick`; an unknown one ends the
 *                  program
 *  @return false for a hostcall that is absent, traps, does nothing or answers
 *          @ref PWASM_STATUS_UNIMPLEMENTED, and for a callback that is never called
 */
bool pwasm_host_profile_has(PwasmHostProfile profile, const char *name);

/** Skips the test unless the profile of the environment has a hostcall or callback:
 *  `PWASM_HOST_NEEDS("proxy_on_tick")`. To be used before anything is made that has to be freed. */
#define PWASM_HOST_NEEDS(name) pwasm__host_needs(__FILE__, __LINE__, (name))

/** Skips the test if the environment has this profile, and prints why. To be used before anything is made
 *  that has to be freed. */
#define PWASM_HOST_SKIP_IN(profile, why) pwasm__host_skip_in(__FILE__, __LINE__, (profile), (why))

/** @cond private */
void pwasm__host_needs(const char *file, int line, const char *name);
void pwasm__host_skip_in(const char *file, int line, PwasmHostProfile profile, const char *why);
/** @endcond */

PWASM_END_DECLS

#endif
