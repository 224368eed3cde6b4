#ifndef PWASM_TESTHOST_ENVOY_STATS_H
#define PWASM_TESTHOST_ENVOY_STATS_H

/** @file
 *  @brief Envoy's statistics, for plugins that are sinks of them.
 */

#include <pwasm/str.h>
#include <pwasm/testhost/plugin.h>

PWASM_BEGIN_DECLS

/** A counter or a gauge. */
typedef struct PwasmHostEnvoyStat {
  const char *name; /**< its name */
  uint64_t value;   /**< what it is now */
  uint64_t delta;   /**< of a counter, by how much it has grown */
} PwasmHostEnvoyStat;

/** All there are. */
typedef struct PwasmHostEnvoyStats {
  const PwasmHostEnvoyStat *counters; /**< `num_counters` of them */
  size_t num_counters;                /**< elements of `counters` */
  const PwasmHostEnvoyStat *gauges;   /**< `num_gauges` of them */
  size_t num_gauges;                  /**< elements of `gauges` */
  uint32_t
    num_unused; /**< how many more of each kind are counted, but left out since nobody used them */
} PwasmHostEnvoyStats;

/** Tells a plugin the statistics, in Envoy's format, sizes that are too large included.
 *
 *  @param plugin  the plugin
 *  @param stats   borrowed for the call
 */
void pwasm_host_envoy_stats_update(PwasmHostPlugin *plugin, const PwasmHostEnvoyStats *stats);

/** Tells a plugin bytes for statistics, as they are.
 *
 *  @param plugin  the plugin
 *  @param bytes   borrowed for the call
 *  @param size    how many the host says there are
 */
void pwasm_host_envoy_stats_update_bytes(PwasmHostPlugin *plugin, PwasmStr bytes, uint32_t size);

PWASM_END_DECLS

#endif
