#include <pwasm/http_call.h>

#include <pwasm/abi.h>
#include <pwasm/header_map.h>

#include "../core/callback_private.h"
#include "http_call_private.h"
#include "log_private.h"
#include "pairs_private.h"

/* Those that have fields of their own. */
#define NUM_PSEUDO_HEADERS 3

/* What the host would refuse without a word of why; missing if nothing. */
static PwasmStr
complaint_about(const PwasmHttpCallOptions *options)
{
  if (options->upstream.len == 0)
    return PWASM_STR("pwasm: http call without upstream");
  if (options->method.len == 0)
    return PWASM_STR("pwasm: http call without :method");
  if (options->path.len == 0)
    return PWASM_STR("pwasm: http call without :path");
  if (options->authority.len == 0)
    return PWASM_STR("pwasm: http call without :authority");
  if (options->timeout_ms > INT32_MAX)
    return PWASM_STR("pwasm: http call with timeout_ms over INT32_MAX");
  return pwasm_str(NULL, 0);
}

static bool
is_among(const PwasmPair *pairs, size_t num_pairs, PwasmStr name)
{
  for (size_t i = 0; i < num_pairs; i++) {
    if (pwasm_str_equal_ignore_case(pairs[i].name, name))
      return true;
  }
  return false;
}

static PwasmStatus
serialize_headers(PwasmArena *scratch, const PwasmHttpCallOptions *options, PwasmStr *ret_bytes)
{
  size_t num_pairs = NUM_PSEUDO_HEADERS;
  PwasmPair *pairs;

  if (options->num_headers > PWASM_PAIRS_MAX_COUNT)
    return PWASM_STATUS_TOO_LARGE;
  pairs = PWASM_ARENA_NEW_ARRAY(scratch, PwasmPair, NUM_PSEUDO_HEADERS + options->num_headers);
  if (pairs == NULL)
    return PWASM_STATUS_OUT_OF_MEMORY;
  pairs[0] = (PwasmPair){PWASM_STR(":method"), options->method};
  pairs[1] = (PwasmPair){PWASM_STR(":path"), options->path};
  pairs[2] = (PwasmPair){PWASM_STR(":authority"), options->authority};
  for (size_t i = 0; i < options->num_headers; i++) {
    if (!is_among(pairs, NUM_PSEUDO_HEADERS, options->headers[i].name))
      pairs[num_pairs++] = options->headers[i];
  }
  return pwasm__pairs_serialize(scratch, pairs, num_pairs, ret_bytes);
}

static PwasmStatus
send(PwasmContext *owner, const PwasmHttpCallOptions *options, PwasmHttpCallFn *done, void *data)
{
  PwasmArena *scratch = pwasm_scratch();
  uint32_t previous_id = 0;
  uint32_t call_id = 0;
  PwasmHttpCall *call;
  PwasmStr headers;
  PwasmStr trailers;
  PwasmStatus status = serialize_headers(scratch, options, &headers);

  if (status == PWASM_STATUS_OK)
    status = pwasm__pairs_serialize(scratch, options->trailers, options->num_trailers, &trailers);
  if (status == PWASM_STATUS_OK)
    status = pwasm__call_effective_set(owner, &previous_id);
  if (status != PWASM_STATUS_OK)
    return status;
  call = (PwasmHttpCall *)pwasm__call_new(owner, PWASM_CALL_KIND_HTTP, sizeof *call,
                                          pwasm__http_call_cancel);
  if (call == NULL) {
    status = PWASM_STATUS_OUT_OF_MEMORY;
  } else {
    uint32_t host_status;

    call->done = done;
    call->data = data;
    host_status =
      proxy_http_call(options->upstream.data, (uint32_t)options->upstream.len, headers.data,
                      (uint32_t)headers.len, options->body.data, (uint32_t)options->body.len,
                      trailers.data, (uint32_t)trailers.len, options->timeout_ms, &call_id);
    status = pwasm__call_opened(&call->base, host_status, call_id);
  }
  pwasm__effective_restore(previous_id);
  return status;
}

PwasmStatus
pwasm_http_call(PwasmContext *owner, const PwasmHttpCallOptions *options, PwasmHttpCallFn *done,
                void *data)
{
  PwasmArena *scratch = pwasm_scratch();
  PwasmArenaMark mark = pwasm_arena_mark(scratch);
  PwasmStr complaint = complaint_about(options);
  PwasmStatus status;

  if (owner->closed)
    return PWASM_STATUS_CLOSED;
  if (pwasm_str_is_present(complaint)) {
    pwasm__log(PWASM_LOG_ERROR, complaint.data, complaint.len);
    return PWASM_STATUS_BAD_ARGUMENT;
  }
  if (!pwasm__fits(options->upstream.len, options->body.len))
    return PWASM_STATUS_TOO_LARGE;
  status = send(owner, options, done, data);
  pwasm_arena_rewind(scratch, mark);
  return status;
}
