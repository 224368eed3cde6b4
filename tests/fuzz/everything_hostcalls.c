/* Header maps, buffers, shared data, queues, metrics, time, logs. */

#include "everything.h"

#define NUM_MAPS 8

void
act_with_headers(PwasmContext *ctx)
{
  PwasmMap map = (PwasmMap)any_below(NUM_MAPS + 1);
  PwasmPair pairs[2] = {{PWASM_STR("a"), any_str()}, {PWASM_STR("b"), PWASM_STR("c")}};
  PwasmPairs all = UNTOUCHED_PAIRS;
  PwasmStr value = UNTOUCHED;
  PwasmStatus status;

  (void)ctx;
  switch (any_below(6)) {
  case 0:
    check_str(pwasm_header_get(map, PWASM_STR("a"), &value), value);
    break;
  case 1:
    status = pwasm_header_get_all(map, &all);
    check_pairs(status, all);
    if (status == PWASM_STATUS_OK && pwasm_pairs_next_named(&all, PWASM_STR(":STATUS"), &value))
      check_str(PWASM_STATUS_OK, value);
    break;
  case 2:
    pwasm_ignore(pwasm_header_add(map, any_str(), any_str()));
    break;
  case 3:
    pwasm_ignore(pwasm_header_replace(map, any_str(), any_str()));
    break;
  case 4:
    pwasm_ignore(pwasm_header_remove(map, any_str()));
    break;
  default:
    pwasm_ignore(pwasm_header_set_all(map, pairs, any_below(3)));
    break;
  }
}

void
act_with_buffers(PwasmContext *ctx)
{
  PwasmBuffer buffer = (PwasmBuffer)any_below(10);
  PwasmStr bytes = UNTOUCHED;

  (void)ctx;
  switch (any_below(5)) {
  case 0:
    check_str(pwasm_buffer_get(buffer, fuzz_u32(&chaos.input), fuzz_u64(&chaos.input), &bytes),
              bytes);
    break;
  case 1:
    pwasm_ignore(pwasm_buffer_prepend(buffer, any_str()));
    break;
  case 2:
    pwasm_ignore(pwasm_buffer_append(buffer, any_str()));
    break;
  case 3:
    pwasm_ignore(pwasm_buffer_replace(buffer, any_str()));
    break;
  default:
    pwasm_ignore(pwasm_buffer_clear(buffer));
    break;
  }
}

/* ---- services ---- */

static PwasmStatus
update(PwasmStr present, PwasmArena *scratch, PwasmStr *ret_value, void *data)
{
  (void)data;
  if (pwasm_str_is_present(present))
    chaos_read(present.data, (uint32_t)present.len);
  if (any_below(8) == 7)
    return PWASM_STATUS_PARSE_FAILURE;
  if (any_below(8) == 7)
    return PWASM_STATUS_OK;
  return pwasm_str_format(scratch, ret_value, "%.*s!", PWASM_STR_ARG(present));
}

static void
share(void)
{
  PwasmStr key = any_str();
  PwasmStr value = UNTOUCHED;
  uint32_t cas = 77;
  PwasmStatus status;

  switch (any_below(5)) {
  case 0:
    status = pwasm_shared_data_get(key, &value, &cas);
    check_str(status, value);
    CHECK_NUMBER(status, cas);
    break;
  case 1:
    check_str(pwasm_shared_data_get(key, &value, NULL), value);
    break;
  case 2:
    pwasm_ignore(pwasm_shared_data_set(key, any_below(4) == 3 ? pwasm_str(NULL, 0) : any_str()));
    break;
  case 3:
    pwasm_ignore(pwasm_shared_data_compare_and_set(key, any_str(), fuzz_u32(&chaos.input)));
    break;
  default:
    pwasm_ignore(pwasm_shared_data_update(key, update, NULL, any_below(6)));
    break;
  }
}

static void
queue(void)
{
  PwasmSharedQueue queue = {77};
  PwasmStr value = UNTOUCHED;
  PwasmStatus status;

  switch (any_below(4)) {
  case 0:
    status = pwasm_shared_queue_register(any_str(), &queue);
    CHECK_NUMBER(status, queue.id);
    break;
  case 1:
    status = pwasm_shared_queue_resolve(any_str(), any_str(), &queue);
    CHECK_NUMBER(status, queue.id);
    break;
  case 2:
    pwasm_ignore(pwasm_shared_queue_enqueue(queue, any_str()));
    break;
  default:
    check_str(pwasm_shared_queue_dequeue(queue, &value), value);
    break;
  }
}

static void
measure(void)
{
  PwasmCounter counter = {77};
  PwasmGauge gauge = {77};
  PwasmHistogram histogram = {77};
  uint64_t value = 77;
  PwasmStatus status;

  switch (any_below(4)) {
  case 0:
    status = pwasm_counter_define(any_str(), &counter);
    CHECK_NUMBER(status, counter.id);
    pwasm_ignore(pwasm_counter_increment(counter, fuzz_u64(&chaos.input)));
    status = pwasm_counter_get(counter, &value);
    CHECK_NUMBER(status, value);
    break;
  case 1:
    status = pwasm_gauge_define(any_str(), &gauge);
    CHECK_NUMBER(status, gauge.id);
    pwasm_ignore(pwasm_gauge_set(gauge, fuzz_u64(&chaos.input)));
    pwasm_ignore(pwasm_gauge_add(gauge, -1));
    status = pwasm_gauge_get(gauge, &value);
    CHECK_NUMBER(status, value);
    break;
  case 2:
    status = pwasm_histogram_define(any_str(), &histogram);
    CHECK_NUMBER(status, histogram.id);
    pwasm_ignore(pwasm_histogram_record(histogram, fuzz_u64(&chaos.input)));
    break;
  default:
    status = pwasm_time_get(&value);
    CHECK_NUMBER(status, value);
    break;
  }
}

void
act_with_services(PwasmContext *ctx)
{
  static void (*const acts[])(void) = {share, share, queue, measure};

  (void)ctx;
  acts[any_below(4)]();
}

void
act_with_log(PwasmContext *ctx)
{
  PwasmLogLevel level = (PwasmLogLevel)any_below(8);
  PwasmLogLevel host_level = (PwasmLogLevel)77;
  PwasmStr text = any_str();
  PwasmStatus status;

  switch (any_below(5)) {
  case 0:
    pwasm_log(level, text);
    break;
  case 1:
    PWASM_LOG_JOIN(level, PWASM_STR("a"), text, PWASM_STR("b"));
    break;
  case 2:
    PWASM_LOG(level, "%.*s %d %#llx %5.3s %c %% %zu", PWASM_STR_ARG(text), -1,
              (unsigned long long)fuzz_u64(&chaos.input), "abcd", 'c',
              (size_t)pwasm_context_id(ctx));
    break;
  case 3:
    pwasm_log_set_level(level);
    FUZZ_CHECK(!pwasm_log_is_enabled(PWASM_LOG_OFF));
    break;
  default:
    status = pwasm_log_get_host_level(&host_level);
    CHECK_NUMBER(status, host_level);
    break;
  }
}
