#ifndef PWASM_METRIC_H
#define PWASM_METRIC_H

/** @file
 *  @brief Metrics: counters, gauges and histograms that the host publishes.
 *
 *  A metric is defined once, best while the plugin is configured, and used by its handle from then on:
 *  keep the handle in the plugin's context. Defining it again is slow, and in Envoy each time
 *  takes memory until the VM ends; other hosts take definitions at no other time. A handle belongs to
 *  the VM that defined it, the values belong to the name: all VMs of the host add to the same.
 *
 *  The kinds have handles of different types, so what a kind can't do does not compile.
 *
 *  The ABI has no labels. They are made part of the name, and the host is told how to find them: in Envoy
 *  by `stats_config.stats_tags`. Envoy puts `wasmcustom.` before the name.
 */

#include <pwasm/abi.h>
#include <pwasm/status.h>
#include <pwasm/str.h>

PWASM_BEGIN_DECLS

/** A number that only grows. */
typedef struct PwasmCounter {
  uint32_t id; /**< the host's, opaque */
} PwasmCounter;

/** A number that goes up and down. */
typedef struct PwasmGauge {
  uint32_t id; /**< the host's, opaque */
} PwasmGauge;

/** A distribution of values. */
typedef struct PwasmHistogram {
  uint32_t id; /**< the host's, opaque */
} PwasmHistogram;

/** @cond private: of the ABI */
#define PWASM__METRIC_COUNTER 0u
#define PWASM__METRIC_GAUGE 1u
#define PWASM__METRIC_HISTOGRAM 2u

PwasmStatus pwasm__metric_define(uint32_t type, const char *name, size_t name_len,
                                 uint32_t *ret_id);
PwasmStatus pwasm__metric_get(uint32_t id, uint64_t *ret_value);
/** @endcond */

/** Defines a counter, or finds the one of this name.
 *
 *  @param      name         not empty
 *  @param[out] ret_counter  its handle; untouched on failure
 *  @retval PWASM_STATUS_OK             defined
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no metrics
 *  @retval PWASM_STATUS_TOO_LARGE      @p name has 4 GiB or more
 *  @hostcall{proxy_define_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_counter_define(PwasmStr name, PwasmCounter *ret_counter)
{
  return pwasm__metric_define(PWASM__METRIC_COUNTER, name.data, name.len, &ret_counter->id);
}

/** Adds to a counter.
 *
 *  @param counter  the counter
 *  @param n        how much; 0 does nothing, and does not call the host
 *  @retval PWASM_STATUS_OK            added
 *  @retval PWASM_STATUS_BAD_ARGUMENT  @p n is more than `INT64_MAX`
 *  @retval PWASM_STATUS_NOT_FOUND     there is no such counter in this VM (ngx_wasm_module traps)
 *  @hostcall{proxy_increment_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_counter_increment(PwasmCounter counter, uint64_t n)
{
  if (n == 0)
    return PWASM_STATUS_OK;
  if (n > (uint64_t)INT64_MAX)
    return PWASM_STATUS_BAD_ARGUMENT;
  return (PwasmStatus)proxy_increment_metric(counter.id, (int64_t)n);
}

/** Reads a counter.
 *
 *  @param      counter    the counter
 *  @param[out] ret_value  its value; untouched on failure
 *  @retval PWASM_STATUS_OK         read
 *  @retval PWASM_STATUS_NOT_FOUND  there is no such counter in this VM (ngx_wasm_module traps)
 *  @hostcall{proxy_get_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_counter_get(PwasmCounter counter, uint64_t *ret_value)
{
  return pwasm__metric_get(counter.id, ret_value);
}

/** Defines a gauge, or finds the one of this name.
 *
 *  @param      name       not empty
 *  @param[out] ret_gauge  its handle; untouched on failure
 *  @retval PWASM_STATUS_OK             defined
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no metrics
 *  @retval PWASM_STATUS_TOO_LARGE      @p name has 4 GiB or more
 *  @hostcall{proxy_define_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_gauge_define(PwasmStr name, PwasmGauge *ret_gauge)
{
  return pwasm__metric_define(PWASM__METRIC_GAUGE, name.data, name.len, &ret_gauge->id);
}

/** Sets a gauge.
 *
 *  @param gauge  the gauge
 *  @param value  its new value
 *  @retval PWASM_STATUS_OK         set
 *  @retval PWASM_STATUS_NOT_FOUND  there is no such gauge in this VM (ngx_wasm_module traps)
 *  @hostcall{proxy_record_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_gauge_set(PwasmGauge gauge, uint64_t value)
{
  return (PwasmStatus)proxy_record_metric(gauge.id, value);
}

/** Adds to a gauge, or takes away. ngx_wasm_module traps on this call.
 *
 *  @param gauge   the gauge
 *  @param offset  how much, negative to take away; hosts don't stop at 0 but wrap
 *  @retval PWASM_STATUS_OK         added
 *  @retval PWASM_STATUS_NOT_FOUND  there is no such gauge in this VM
 *  @hostcall{proxy_increment_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_gauge_add(PwasmGauge gauge, int64_t offset)
{
  return (PwasmStatus)proxy_increment_metric(gauge.id, offset);
}

/** Reads a gauge.
 *
 *  @param      gauge      the gauge
 *  @param[out] ret_value  its value; untouched on failure
 *  @retval PWASM_STATUS_OK         read
 *  @retval PWASM_STATUS_NOT_FOUND  there is no such gauge in this VM (ngx_wasm_module traps)
 *  @hostcall{proxy_get_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_gauge_get(PwasmGauge gauge, uint64_t *ret_value)
{
  return pwasm__metric_get(gauge.id, ret_value);
}

/** Defines a histogram, or finds the one of this name.
 *
 *  @param      name           not empty
 *  @param[out] ret_histogram  its handle; untouched on failure
 *  @retval PWASM_STATUS_OK             defined
 *  @retval PWASM_STATUS_UNIMPLEMENTED  the host has no metrics
 *  @retval PWASM_STATUS_TOO_LARGE      @p name has 4 GiB or more
 *  @hostcall{proxy_define_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_histogram_define(PwasmStr name, PwasmHistogram *ret_histogram)
{
  return pwasm__metric_define(PWASM__METRIC_HISTOGRAM, name.data, name.len, &ret_histogram->id);
}

/** Records a value in a histogram. No host lets a plugin read it back.
 *
 *  @param histogram  the histogram
 *  @param value      the value; put its unit into the histogram's name
 *  @retval PWASM_STATUS_OK         recorded
 *  @retval PWASM_STATUS_NOT_FOUND  there is no such histogram in this VM (ngx_wasm_module traps)
 *  @hostcall{proxy_record_metric}
 */
PWASM_NODISCARD static inline PwasmStatus
pwasm_histogram_record(PwasmHistogram histogram, uint64_t value)
{
  return (PwasmStatus)proxy_record_metric(histogram.id, value);
}

PWASM_END_DECLS

#endif
