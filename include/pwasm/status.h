#ifndef PWASM_STATUS_H
#define PWASM_STATUS_H

/** @file
 *  @brief The one status type of all calls that can fail.
 */

#include <pwasm/base.h>

PWASM_BEGIN_DECLS

/** Every status: X(NAME, value, text). Values below 256 are the ABI's own, from 256 on the SDK's. */
#define PWASM_STATUS_LIST(X)                                                                       \
  X(OK, 0, "success")                                                                              \
  X(NOT_FOUND, 1, "not found")                                                                     \
  X(BAD_ARGUMENT, 2, "bad argument")                                                               \
  X(SERIALIZATION_FAILURE, 3, "the value has no wire form")                                        \
  X(PARSE_FAILURE, 4, "can't be parsed")                                                           \
  X(BAD_EXPRESSION, 5, "bad expression")                                                           \
  X(INVALID_MEMORY_ACCESS, 6, "invalid memory access")                                             \
  X(EMPTY, 7, "empty")                                                                             \
  X(CAS_MISMATCH, 8, "compare-and-swap mismatch")                                                  \
  X(RESULT_MISMATCH, 9, "result mismatch")                                                         \
  X(INTERNAL_FAILURE, 10, "internal failure of the host")                                          \
  X(BROKEN_CONNECTION, 11, "broken connection")                                                    \
  X(UNIMPLEMENTED, 12, "not implemented by the host")                                              \
  X(OUT_OF_MEMORY, 256, "out of memory")                                                           \
  X(CLOSED, 257, "the stream or plugin has ended")                                                 \
  X(ALREADY_REPLIED, 258, "the stream already has a local reply")                                  \
  X(TOO_LARGE, 259, "larger than hosts accept")                                                    \
  X(MALFORMED, 260, "the host's bytes do not follow the ABI")                                      \
  X(TYPE_MISMATCH, 261, "the value is of another type")

/** @cond private */
#define PWASM__STATUS_ENUMERATOR(name, value, text) PWASM_STATUS_##name = value,
/** @endcond */

/** What became of a call: `PWASM_STATUS_` and a name of @ref PWASM_STATUS_LIST.
 *
 *  | status | when |
 *  |---|---|
 *  | `OK` | success |
 *  | `NOT_FOUND` | no such header, property, key, id … |
 *  | `BAD_ARGUMENT` | refused: an argument is wrong, or the call is not possible at this time |
 *  | `SERIALIZATION_FAILURE` | a property that has no wire form |
 *  | `PARSE_FAILURE` | an argument could not be parsed |
 *  | `BAD_EXPRESSION`, `RESULT_MISMATCH`, `BROKEN_CONNECTION` | used by hosts internally |
 *  | `INVALID_MEMORY_ACCESS` | a pointer or length outside the module's memory |
 *  | `EMPTY` | the queue is empty |
 *  | `CAS_MISMATCH` | compare-and-swap lost the race |
 *  | `INTERNAL_FAILURE` | the host failed, or its configuration forbids the call |
 *  | `UNIMPLEMENTED` | this host does not have the call: an ordinary answer, hosts differ |
 *  | `OUT_OF_MEMORY` | the module's memory is at its limit |
 *  | `CLOSED` | the stream or plugin has ended: nothing can be done to it any more |
 *  | `ALREADY_REPLIED` | a stream gets at most one local reply |
 *  | `TOO_LARGE` | a header map of more than 1,024 pairs or 1 MiB; any value of 4 GiB or more |
 *  | `MALFORMED` | what the host returned does not follow the ABI |
 *  | `TYPE_MISMATCH` | a value that can't be read as the type asked for |
 *
 *  @anchor hostcall_statuses
 *  **Calls of the host.** The documentation of a function lists what it can return. Where it names a
 *  call of the host, the function passes on what the host answers, so it can return these as well,
 *  which are not listed each time:
 *
 *  | status | when |
 *  |---|---|
 *  | `INVALID_MEMORY_ACCESS` | a view that was passed does not lie in the module's memory |
 *  | `INTERNAL_FAILURE` | the host's configuration forbids the call (Envoy's `capability_restriction_config`) |
 *  | `UNIMPLEMENTED` | the host does not have the call |
 *  | any other number | the host is newer than this list: a `switch` needs a `default` |
 *
 *  Whatever a failure is, what the function would have returned through pointers is untouched.
 */
typedef enum PwasmStatus { PWASM_STATUS_LIST(PWASM__STATUS_ENUMERATOR) } PwasmStatus;

/** The name of a status, such as `NOT_FOUND`.
 *
 *  @param status  any value, listed or not
 *  @return a constant string; `UNKNOWN` for a value that is not listed
 */
const char *pwasm_status_name(PwasmStatus status);

/** A short description of a status for log messages.
 *
 *  @param status  any value, listed or not
 *  @return a constant string; `unknown status` for a value that is not listed
 */
const char *pwasm_status_text(PwasmStatus status);

/** Drops a status on purpose.
 *
 *  @param status  the result of a call whose failure does not matter
 */
static inline void
pwasm_ignore(PwasmStatus status)
{
  (void)status;
}

PWASM_END_DECLS

#endif
