#ifndef PWASM_TESTS_FUZZ_EVERYTHING_H
#define PWASM_TESTS_FUZZ_EVERYTHING_H

/* A plugin that, in every callback, does what the input says with the whole of the SDK, and checks what
 * the documentation promises. */

#include <pwasm/envoy.h>
#include <pwasm/pwasm.h>

#include "chaos_host.h"

enum { MAX_LIVES = 1024, MAX_CALLS = 1024, MAX_KEPT = 8 };

/* What is known of a context. */
typedef struct Life {
  PwasmContext *ctx;
  uint8_t num_inits; /* of its classes */
  uint8_t num_levels;
  uint8_t num_finalized;
} Life;

typedef enum CallState {
  CALL_OPENING, /* the function that makes it has not returned */
  CALL_ACCEPTED,
  CALL_REFUSED
} CallState;

/* What is known of a call or a stream. */
typedef struct Call {
  const Life *owner;
  CallState state;
  bool is_stream;
  uint32_t num_ends;
  PwasmGrpcStream stream;
} Call;

/* All that the plugin knows; of one VM. */
typedef struct World {
  Life lives[MAX_LIVES];
  size_t num_lives;
  Call calls[MAX_CALLS];
  size_t num_calls;
  PwasmContext *kept[MAX_KEPT]; /* referenced */
  size_t cleanups_added;
  size_t cleanups_run;
  uint32_t act_depth;
} World;

extern World world;

/* Does something in a callback about `ctx`. */
void act(PwasmContext *ctx);

/* What lives, and is not being finalized; may be NULL. */
PwasmContext *any_context(void);
const Life *life_of(const PwasmContext *ctx);

/* The plugin's parts: one thing each. */
void act_with_calls(PwasmContext *ctx);
void act_with_streams(PwasmContext *ctx);
void act_with_context(PwasmContext *ctx);
void act_with_memory(PwasmContext *ctx);
void act_with_headers(PwasmContext *ctx);
void act_with_buffers(PwasmContext *ctx);
void act_with_properties(PwasmContext *ctx);
void act_with_envoy(PwasmContext *ctx);
void act_with_services(PwasmContext *ctx);
void act_with_log(PwasmContext *ctx);

static inline PwasmStr
any_str(void)
{
  return fuzz_str(&chaos.input);
}

static inline uint32_t
any_below(uint32_t end)
{
  return fuzz_below(&chaos.input, end);
}

/* What a function that returns a view is called with: it must stay so on failure. */
#define UNTOUCHED PWASM_STR("untouched")

static inline void
check_str(PwasmStatus status, PwasmStr str)
{
  if (status != PWASM_STATUS_OK) {
    FUZZ_CHECK(pwasm_str_equal(str, UNTOUCHED));
    return;
  }
  FUZZ_CHECK(pwasm_str_is_present(str));
  FUZZ_CHECK(str.len <= UINT32_MAX);
  chaos_read(str.data, (uint32_t)str.len);
}

static inline void
check_pairs(PwasmStatus status, PwasmPairs pairs)
{
  PwasmPair pair;
  size_t count = pwasm_pairs_count(&pairs);

  if (status != PWASM_STATUS_OK) {
    FUZZ_CHECK(count == 77);
    return;
  }
  for (; pwasm_pairs_next(&pairs, &pair); count--) {
    check_str(PWASM_STATUS_OK, pair.name);
    check_str(PWASM_STATUS_OK, pair.value);
  }
  FUZZ_CHECK(count == 0);
}

#define UNTOUCHED_PAIRS ((PwasmPairs){.num_left = 77})

/* The same for numbers. */
#define CHECK_NUMBER(status, number) FUZZ_CHECK((status) == PWASM_STATUS_OK || (number) == 77)

#endif
