#ifndef PWASM_TESTS_FUZZ_CHAOS_HOST_H
#define PWASM_TESTS_FUZZ_CHAOS_HOST_H

/* A host that does whatever the input says: each hostcall's status, bytes and ids come from it, and
 * any hostcall may call back first. Only what no host of a sandbox can do is left out: it returns
 * no memory but what it was given.
 *
 * It knows on whose behalf it takes hostcalls, and checks that the SDK thinks the same. */

#include <pwasm/abi.h>
#include <pwasm/native.h>

#include "fuzz.h"

enum {
  CHAOS_MAX_DEPTH = 4,       /* of callbacks within hostcalls */
  CHAOS_MAX_CALLBACKS = 400, /* of one VM, so that an input ends */
  CHAOS_MAX_HOSTCALLS = 3000
};

#define CHAOS_NOBODY UINT64_MAX

typedef struct Chaos {
  FuzzInput input;
  uint32_t depth;
  uint32_t num_callbacks;
  uint32_t num_hostcalls;
  bool is_ending; /* the VM is being freed: nothing may call into it */

  /* All that follows is the callback's, and put aside while another one runs inside. */
  uint32_t called;           /* for whom the callback is */
  uint32_t effective;        /* on whose behalf hostcalls are */
  uint64_t expected;         /* on whose behalf the plugin wants the next one; or CHAOS_NOBODY */
  uint32_t num_refusals;     /* of setting the effective context */
  bool has_refused_last;     /* the last time it was asked to */
  bool is_effective_unknown; /* the SDK could not go back to whom it wanted */
} Chaos;

extern Chaos chaos;

/* A new VM that does what the bytes say. */
void chaos_begin(FuzzInput input);

/* Calls one of the plugin's callbacks. */
void chaos_callback(void);

/* At the beginning of each hostcall: may call back. */
void chaos_call_back(void);

/* The same, of those during which the SDK knows on whose behalf they are. */
void chaos_hostcall(void);

/* The same, of those of which the plugin knows. */
void chaos_effective_hostcall(void);

/* Whether hostcalls are on behalf of a context. To a host 0 means whom it has called: of a context that it
 * names so itself nothing can be told. */
bool chaos_is_effective(uint32_t id);

uint32_t chaos_status(void);
uint32_t chaos_id(void);

/* A status, and a number if it is a good one. */
uint32_t chaos_return_u32(uint32_t *ret_number);
uint32_t chaos_return_u64(uint64_t *ret_number);

/* A status and bytes, which the plugin allocates. */
uint32_t chaos_return_bytes(char **ret_bytes, uint32_t *ret_size);

/* The host reads what it is passed. */
void chaos_read(const char *bytes, uint32_t size);

#endif
