#include <pwasm/testhost/metric.h>

#include <inttypes.h>
#include <stdlib.h>

#include "host_private.h"

/* As in Envoy: the low bits of an id are the kind, and each definition gets the next id of its kind. */
#define ID_TYPE_MASK 3u
#define ID_STEP 4u
/* In ngx_wasm_module ids are hashes; here, large numbers. */
#define LARGE_ID 0xc0ffee00u

static PwasmHostStat *
find_stat(const PwasmHost *host, PwasmHostMetricType type, PwasmStr name)
{
  PwasmHostStat *stat = host->services.stats;

  while (stat != NULL && (stat->metric.type != type || !pwasm_str_equal(stat->metric.name, name)))
    stat = stat->next;
  return stat;
}

static PwasmHostStat *
define_stat(PwasmHost *host, PwasmHostMetricType type, PwasmStr name)
{
  PwasmHostStat *stat = find_stat(host, type, name);

  if (stat != NULL)
    return stat;
  stat = pwasm__host_alloc(sizeof *stat);
  stat->metric.type = type;
  stat->metric.name = pwasm__host_str_dup(name);
  stat->next = host->services.stats;
  host->services.stats = stat;
  return stat;
}

/* The newest come first. */
static uint32_t
next_id(PwasmHostVm *vm, uint32_t type)
{
  const PwasmHostMetricId *metric = vm->host->services.metric_ids;

  while (metric != NULL && (metric->vm != vm || (metric->id & ID_TYPE_MASK) != type))
    metric = metric->next;
  if (metric != NULL)
    return metric->id + ID_STEP;
  return type + ID_STEP + (pwasm__is_ngx(vm->host) ? LARGE_ID : 0);
}

static PwasmHostStat *
stat_of(const PwasmHostcallFrame *frame, uint32_t id)
{
  const PwasmHostMetricId *metric = frame->host->services.metric_ids;

  while (metric != NULL && (metric->vm != frame->context->vm || metric->id != id))
    metric = metric->next;
  return metric == NULL ? NULL : metric->stat;
}

/* The metric of that name that the VM has already; NULL when it has none. */
static const PwasmHostMetricId *
defined(const PwasmHostcallFrame *frame, uint32_t type, PwasmStr name)
{
  const PwasmHostMetricId *metric = frame->host->services.metric_ids;

  while (metric != NULL && (metric->vm != frame->context->vm || metric->stat->metric.type != type ||
                            !pwasm_str_equal(metric->stat->metric.name, name)))
    metric = metric->next;
  return metric;
}

static bool
is_streams(const PwasmHostContext *context)
{
  return context->http != NULL || context->tcp != NULL;
}

uint32_t
proxy_define_metric(uint32_t type, const char *name, uint32_t name_size, uint32_t *ret_metric_id)
{
  PwasmHostcallFrame frame;
  PwasmHostMetricId *metric;
  const PwasmHostMetricId *same;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_define_metric))
    return frame.status;
  if (!pwasm__hostcall_takes(&frame, name, name_size))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%s, %s", PWASM_METRIC_NAME(type), PWASM_QUOTE(name, name_size));
  if (frame.context == NULL || type > PWASM_HOST_METRIC_HISTOGRAM)
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_BAD_ARGUMENT, "there is no such kind");
  same = defined(&frame, type, pwasm_str(name, name_size));
  if (same != NULL && pwasm__is_ngx(frame.host)) {
    *ret_metric_id = same->id;
    PWASM_HOSTCALL_RESULTS(&frame, "%u", same->id);
    return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
  }
  metric = pwasm__host_alloc(sizeof *metric);
  metric->vm = frame.context->vm;
  metric->id = next_id(frame.context->vm, type);
  metric->stat = define_stat(frame.host, (PwasmHostMetricType)type, pwasm_str(name, name_size));
  metric->next = frame.host->services.metric_ids;
  frame.host->services.metric_ids = metric;
  *ret_metric_id = metric->id;
  PWASM_HOSTCALL_RESULTS(&frame, "%u", metric->id);
  if (same != NULL && is_streams(frame.host->current))
    return pwasm__hostcall_refuse(&frame, PWASM_STATUS_OK,
                                  "a metric is defined again for a stream, and each time takes "
                                  "memory of the host: keep the id");
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

static uint32_t
refuse_unknown(PwasmHostcallFrame *frame, uint32_t id)
{
  return pwasm__hostcall_refuse(frame, PWASM_STATUS_NOT_FOUND, "there is no metric %u", id);
}

/* Of kinds that can't do something none can, whether or not it is there: the status is the same. */
static uint32_t
refuse_kind(PwasmHostcallFrame *frame, uint32_t id, const char *done)
{
  if (frame->context != NULL && stat_of(frame, id) == NULL)
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_BAD_ARGUMENT, "there is no metric %u", id);
  return pwasm__hostcall_refuse(frame, PWASM_STATUS_BAD_ARGUMENT,
                                "only counters and gauges can be %s", done);
}

static uint32_t
increment(PwasmHostcallFrame *frame, uint32_t id, int64_t offset)
{
  PwasmHostStat *stat = stat_of(frame, id);

  if (stat == NULL)
    return refuse_unknown(frame, id);
  if (stat->metric.type == PWASM_HOST_METRIC_GAUGE && pwasm__is_ngx(frame->host))
    return pwasm__hostcall_trap(frame, "a gauge can only be set");
  if (stat->metric.type == PWASM_HOST_METRIC_COUNTER && offset <= 0 && !pwasm__is_ngx(frame->host))
    return pwasm__hostcall_refuse(frame, PWASM_STATUS_BAD_ARGUMENT, "a counter only grows");
  stat->metric.value += (uint64_t)offset;
  return pwasm__hostcall_end(frame, PWASM_STATUS_OK);
}

uint32_t
proxy_increment_metric(uint32_t metric_id, int64_t offset)
{
  PwasmHostcallFrame frame;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_increment_metric))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u, %" PRId64, metric_id, offset);
  if (frame.context == NULL || (metric_id & ID_TYPE_MASK) > PWASM_HOST_METRIC_GAUGE)
    return refuse_kind(&frame, metric_id, "incremented");
  return increment(&frame, metric_id, offset);
}

static void
record(PwasmHostStat *stat, uint64_t value)
{
  switch (stat->metric.type) {
  case PWASM_HOST_METRIC_COUNTER:
    stat->metric.value += value;
    break;
  case PWASM_HOST_METRIC_GAUGE:
    stat->metric.value = value;
    break;
  case PWASM_HOST_METRIC_HISTOGRAM:
    stat->samples = pwasm__host_grow(stat->samples, stat->metric.num_samples + 1, sizeof value,
                                     &stat->samples_capacity);
    stat->samples[stat->metric.num_samples++] = value;
    stat->metric.samples = stat->samples;
    break;
  }
}

uint32_t
proxy_record_metric(uint32_t metric_id, uint64_t value)
{
  PwasmHostcallFrame frame;
  PwasmHostStat *stat;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_record_metric))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u, %" PRIu64, metric_id, value);
  if (frame.context == NULL)
    return pwasm__hostcall_end(&frame, PWASM_STATUS_BAD_ARGUMENT);
  stat = stat_of(&frame, metric_id);
  if (stat == NULL)
    return refuse_unknown(&frame, metric_id);
  if (stat->metric.type == PWASM_HOST_METRIC_COUNTER && pwasm__is_ngx(frame.host))
    return pwasm__hostcall_trap(&frame, "a counter can only be incremented");
  record(stat, value);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

uint32_t
proxy_get_metric(uint32_t metric_id, uint64_t *ret_value)
{
  PwasmHostcallFrame frame;
  const PwasmHostStat *stat;

  if (!PWASM_HOSTCALL_BEGIN(&frame, proxy_get_metric))
    return frame.status;
  PWASM_HOSTCALL_ARGUMENTS(&frame, "%u", metric_id);
  if (frame.context == NULL || (metric_id & ID_TYPE_MASK) > PWASM_HOST_METRIC_GAUGE)
    return refuse_kind(&frame, metric_id, "read");
  stat = stat_of(&frame, metric_id);
  if (stat == NULL)
    return refuse_unknown(&frame, metric_id);
  *ret_value = stat->metric.value;
  PWASM_HOSTCALL_RESULTS(&frame, "%" PRIu64, *ret_value);
  return pwasm__hostcall_end(&frame, PWASM_STATUS_OK);
}

const PwasmHostMetric *
pwasm_host_metric_find(const PwasmHost *host, PwasmHostMetricType type, const char *name)
{
  const PwasmHostStat *stat = find_stat(host, type, pwasm_str_from_cstr(name));

  return stat == NULL ? NULL : &stat->metric;
}

void
pwasm__host_metrics_free(PwasmHostServices *services)
{
  while (services->metric_ids != NULL) {
    PwasmHostMetricId *metric = services->metric_ids;

    services->metric_ids = metric->next;
    free(metric);
  }
  while (services->stats != NULL) {
    PwasmHostStat *stat = services->stats;

    services->stats = stat->next;
    free((void *)(uintptr_t)stat->metric.name.data);
    free(stat->samples);
    free(stat);
  }
}
