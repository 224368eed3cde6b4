#include <pwasm/testhost/metric.h>

#include <inttypes.h>

#include "expect_private.h"

static const char *const kinds[] = {"counter", "gauge", "histogram"};

/* The last samples say more than the first. */
#define MAX_SAMPLES 20

static void
say_samples(PwasmHostReport *report, const uint64_t *samples, size_t num_samples)
{
  size_t first = num_samples > MAX_SAMPLES ? num_samples - MAX_SAMPLES : 0;

  pwasm__say(report, "%zu samples%s", num_samples, num_samples > 0 ? ": " : "");
  if (first > 0)
    pwasm__say(report, "..., ");
  for (size_t i = first; i < num_samples; i++)
    pwasm__say(report, "%s%" PRIu64, i > first ? ", " : "", samples[i]);
}

static void
say_metrics(PwasmHostReport *report, const PwasmHost *host)
{
  const PwasmHostStat *stat = host->services.stats;

  pwasm__say(report, "\n  metrics:%s", stat == NULL ? " none" : "");
  for (; stat != NULL; stat = stat->next) {
    const PwasmHostMetric *metric = &stat->metric;

    pwasm__say(report, "\n    %s %.*s: ", kinds[metric->type], PWASM_STR_ARG(metric->name));
    if (metric->type == PWASM_HOST_METRIC_HISTOGRAM)
      say_samples(report, metric->samples, metric->num_samples);
    else
      pwasm__say(report, "%" PRIu64, metric->value);
  }
}

void
pwasm__expect_metric(const char *file, int line, PwasmHost *host, PwasmHostMetricType type,
                     const char *name, uint64_t value)
{
  const PwasmHostMetric *metric = pwasm_host_metric_find(host, type, name);
  PwasmHostReport report = {0};

  if (metric != NULL && metric->value == value)
    return;
  pwasm__say(&report, "expected the %s %s to be %" PRIu64 ", ", kinds[type], name, value);
  if (metric == NULL)
    pwasm__say(&report, "nobody has defined it");
  else
    pwasm__say(&report, "it is %" PRIu64, metric->value);
  say_metrics(&report, host);
  pwasm__report(&report, host, file, line);
}

static bool
has_samples(const PwasmHostMetric *metric, const uint64_t *samples, size_t num_samples)
{
  if (metric->num_samples != num_samples)
    return false;
  for (size_t i = 0; i < num_samples; i++) {
    if (metric->samples[i] != samples[i])
      return false;
  }
  return true;
}

void
pwasm__expect_histogram(const char *file, int line, PwasmHost *host, const char *name,
                        const uint64_t *samples, size_t num_samples)
{
  const PwasmHostMetric *metric = pwasm_host_metric_find(host, PWASM_HOST_METRIC_HISTOGRAM, name);
  PwasmHostReport report = {0};

  if (metric != NULL && has_samples(metric, samples, num_samples))
    return;
  pwasm__say(&report, "expected the histogram %s to have ", name);
  say_samples(&report, samples, num_samples);
  if (metric == NULL) {
    pwasm__say(&report, "; nobody has defined it");
  } else {
    pwasm__say(&report, "; it has ");
    say_samples(&report, metric->samples, metric->num_samples);
  }
  say_metrics(&report, host);
  pwasm__report(&report, host, file, line);
}
