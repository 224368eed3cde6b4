#ifndef PWASM_TESTHOST_METRIC_H
#define PWASM_TESTHOST_METRIC_H

/** @file
 *  @brief The metrics of a test host, which all its VMs share.
 */

#include <pwasm/str.h>
#include <pwasm/testhost/host.h>

PWASM_BEGIN_DECLS

/** The kinds of metrics, by the ABI's numbers. */
typedef enum PwasmHostMetricType {
  PWASM_HOST_METRIC_COUNTER = 0,  /**< only grows */
  PWASM_HOST_METRIC_GAUGE = 1,    /**< goes up and down */
  PWASM_HOST_METRIC_HISTOGRAM = 2 /**< a distribution */
} PwasmHostMetricType;

/** A metric. */
typedef struct PwasmHostMetric {
  PwasmHostMetricType type; /**< its kind */
  PwasmStr name;            /**< its name, without any prefix of the host's */
  uint64_t value;           /**< of a counter or gauge */
  const uint64_t *samples;  /**< what a histogram has recorded, in order; `num_samples` of them */
  size_t num_samples;       /**< elements of `samples` */
} PwasmHostMetric;

/** Finds a metric that a plugin has defined. Metrics of one name may be of several kinds.
 *
 *  @param host  the host
 *  @param type  its kind
 *  @param name  a C string
 *  @return the metric; NULL when nobody has defined it
 *  @lifetime{the result, as long as the host; its samples\, until the next is recorded}
 */
const PwasmHostMetric *pwasm_host_metric_find(const PwasmHost *host, PwasmHostMetricType type,
                                              const char *name);

/** A plugin has defined a counter of this name, and it has this value. */
#define PWASM_EXPECT_COUNTER(host, name, value)                                                    \
  pwasm__expect_metric(__FILE__, __LINE__, (host), PWASM_HOST_METRIC_COUNTER, (name), (value))

/** A plugin has defined a gauge of this name, and it has this value. */
#define PWASM_EXPECT_GAUGE(host, name, value)                                                      \
  pwasm__expect_metric(__FILE__, __LINE__, (host), PWASM_HOST_METRIC_GAUGE, (name), (value))

/** A plugin has defined a histogram of this name, and it has recorded exactly these samples so far, in this
 *  order: `PWASM_EXPECT_HISTOGRAM(host, "sizes", 3, 5)`. */
#define PWASM_EXPECT_HISTOGRAM(host, name, ...)                                                    \
  pwasm__expect_histogram(__FILE__, __LINE__, (host), (name), (const uint64_t[]){__VA_ARGS__},     \
                          sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

/** A plugin has defined a histogram of this name, and it has recorded nothing yet. */
#define PWASM_EXPECT_EMPTY_HISTOGRAM(host, name)                                                   \
  pwasm__expect_histogram(__FILE__, __LINE__, (host), (name), NULL, 0)

/** @cond private */
void pwasm__expect_metric(const char *file, int line, PwasmHost *host, PwasmHostMetricType type,
                          const char *name, uint64_t value);
void pwasm__expect_histogram(const char *file, int line, PwasmHost *host, const char *name,
                             const uint64_t *samples, size_t num_samples);
/** @endcond */

PWASM_END_DECLS

#endif
