#ifndef PWASM_PAIRS_PRIVATE_H
#define PWASM_PAIRS_PRIVATE_H

#include <pwasm/arena.h>
#include <pwasm/pairs.h>

/* Writes pairs in the ABI's wire format; no pairs are no bytes, as all hosts take them. What hosts
 * would silently drop is refused with TOO_LARGE. */
PwasmStatus pwasm__pairs_serialize(PwasmArena *arena, const PwasmPair *pairs, size_t num_pairs,
                                   PwasmStr *ret_bytes);

#endif
