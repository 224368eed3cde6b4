#include <pwasm/testhost/metric.h>

#include <inttypes.h>

#include "expect_private.h"

static const char *const kinds[] = {"counter", "gauge", "histogram"};

static void
say_metrics(PwasmHostReport *report, const PwasmHost *host)
{
  const PwasmHostStat *stat = host->services.stats;

  pwasm__say(report, "\n  metrics:%s", stat == NULL ? " none" : "");
  for (; stat != NULL; stat = stat->next) {
    const PwasmHostMetric *metric = &stat->metric;

    pwasm__say(report, "\n    %s %.*s: ", kinds[metric->type], PWASM_STR_ARG(metric->name));
    if (metric->type == PWASM_HOST_METRIC_HISTOGRAM)
      pwasm__say(report, "%zu samples", metric->num_samples);
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
