#ifndef PWASM_PAIRS_H
#define PWASM_PAIRS_H

/** @file
 *  @brief Name and value pairs: header maps as the host sends them.
 */

#include <pwasm/base.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** A name and a value, such as a header. */
typedef struct PwasmPair {
  PwasmStr name;  /**< lower case in what hosts send */
  PwasmStr value; /**< may be empty */
} PwasmPair;

/** Pairs to be visited one by one, in the host's order. Copy the struct to visit them again.
 *
 *  It is a view: nothing is copied out of what the host sent. The members are private.
 */
typedef struct PwasmPairs {
  const char *sizes; /**< the sizes of the next pair */
  const char *bytes; /**< the bytes of the next pair */
  size_t num_left;   /**< pairs not yet visited */
} PwasmPairs;

/** How many pairs are left to visit.
 *
 *  @param pairs  the pairs
 *  @return how often pwasm_pairs_next() will yet answer true
 */
static inline size_t
pwasm_pairs_count(const PwasmPairs *pairs)
{
  return pairs->num_left;
}

/** Takes the next pair.
 *
 *  @param      pairs     the pairs; moves on
 *  @param[out] ret_pair  the pair; untouched when there is none left
 *  @lifetime{ret_pair, as long as what @p pairs was made from}
 *  @return false when all were visited
 */
bool pwasm_pairs_next(PwasmPairs *pairs, PwasmPair *ret_pair);

/** @cond private */
bool pwasm__pairs_next_named(PwasmPairs *pairs, const char *name, size_t name_len,
                             PwasmStr *ret_value);
PwasmStatus pwasm__pairs_parse(const char *bytes, size_t len, PwasmPairs *ret_pairs);
/** @endcond */

/** Takes the next pair of a name, passing over others: every value of a repeated header.
 *
 *  @param      pairs      the pairs; moves on
 *  @param      name       in any case
 *  @param[out] ret_value  its value; untouched when there is none left
 *  @lifetime{ret_value, as long as what @p pairs was made from}
 *  @return false when there is none left
 */
static inline bool
pwasm_pairs_next_named(PwasmPairs *pairs, PwasmStr name, PwasmStr *ret_value)
{
  return pwasm__pairs_next_named(pairs, name.data, name.len, ret_value);
}

/** Reads pairs in the ABI's wire format, as properties that are maps have it.
 *
 *  All is checked here: visiting the pairs can't fail.
 *
 *  @param      bytes      the wire format
 *  @param[out] ret_pairs  the pairs; untouched on failure
 *  @lifetime{ret_pairs, as long as @p bytes}
 *  @retval PWASM_STATUS_OK         all is well
 *  @retval PWASM_STATUS_MALFORMED  the sizes do not add up
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_pairs_parse(PwasmStr bytes, PwasmPairs *ret_pairs)
{
  return pwasm__pairs_parse(bytes.data, bytes.len, ret_pairs);
}

PWASM_END_DECLS

#endif
