#ifndef PWASM_ENVOY_STATS_H
#define PWASM_ENVOY_STATS_H

/** @file
 *  @brief Plugins that are sinks of Envoy's statistics (`envoy.stat_sinks.wasm`).
 *
 *  Such a plugin has a class of its own, whose slot `on_stats_update` gets all counters and gauges at
 *  regular times.
 *
 *  @snippet stats_sink/stats_sink.c update
 */

#include <pwasm/plugin_context.h>

PWASM_BEGIN_DECLS

/** What a statistic is. */
typedef enum PwasmEnvoyStatType {
  PWASM_ENVOY_STAT_COUNTER = 1, /**< only grows */
  PWASM_ENVOY_STAT_GAUGE = 2    /**< grows and shrinks */
} PwasmEnvoyStatType;

/** A statistic of Envoy's. */
typedef struct PwasmEnvoyStat {
  PwasmEnvoyStatType type; /**< what it is */
  PwasmStr name;           /**< its name, tags included: `cluster.web.upstream_cx_total` */
  uint64_t value;          /**< what it is now */
  uint64_t delta; /**< of a counter, by how much it has grown since the last update; else 0 */
} PwasmEnvoyStat;

/** All statistics, to be visited one by one. Copy the struct to visit them again.
 *
 *  They are fetched in pieces as they are visited, for Envoy says of its gauges that they take more
 *  room than they do: twice as much with each of them, beyond all memory. The members are private.
 */
typedef struct PwasmEnvoyStats {
  uint32_t size;           /**< all bytes, as Envoy says */
  uint32_t offset;         /**< the next one's first byte */
  uint32_t block_end;      /**< where those of this type end at the latest */
  uint32_t block_size;     /**< how many bytes those of this type have, as Envoy says */
  uint32_t summed_size;    /**< of those visited, added up as Envoy does */
  uint32_t num_left;       /**< of this type, at most */
  bool may_have_ended;     /**< of this type there may be no more */
  PwasmEnvoyStatType type; /**< the next one's */
  PwasmStr piece;          /**< bytes that were fetched */
  uint32_t piece_offset;   /**< the offset of the first of them */
} PwasmEnvoyStats;

/** Takes the next statistic: all counters, then all gauges. Those that were never used are left out.
 *
 *  Between two of these calls read no other buffer, nor any configuration: in Envoy they take the place
 *  of what is not yet fetched.
 *
 *  @param      stats     the statistics; moves on
 *  @param[out] ret_stat  the statistic; untouched when there is none
 *  @lifetime{ret_stat's name, until the outermost callback returns}
 *  @retval PWASM_STATUS_OK             there is one
 *  @retval PWASM_STATUS_EMPTY          all were visited
 *  @retval PWASM_STATUS_MALFORMED      what follows is not in Envoy's format, so none follow
 *  @retval PWASM_STATUS_NOT_FOUND      the time is wrong: `on_stats_update` has returned
 *  @retval PWASM_STATUS_OUT_OF_MEMORY  the memory is at its limit
 *  @hostcall{proxy_get_buffer_bytes}
 */
PWASM_NODISCARD PwasmStatus pwasm_envoy_stats_next(PwasmEnvoyStats *stats,
                                                   PwasmEnvoyStat *ret_stat);

/** The class of a plugin's context that may be a sink of statistics. */
typedef struct PwasmEnvoyPluginContextClass {
  PwasmPluginContextClass base; /**< the base class */

  /** The statistics of now are here. Optional; the default does nothing.
   *
   *  Envoy calls it in each `stats_flush_interval`, on its main thread. `stats` is borrowed for the
   *  call. Chain up: may. Readable: @p stats, with pwasm_envoy_stats_next().
   */
  PWASM_SLOT(void, on_stats_update, (PwasmPluginContext * ctx, PwasmEnvoyStats *stats));
} PwasmEnvoyPluginContextClass;

/** The base class of plugin contexts that are sinks of statistics. */
extern const PwasmEnvoyPluginContextClass pwasm_envoy_plugin_context_class;
PWASM_DECLARE_CLASS(pwasm_envoy_plugin_context_class, PwasmPluginContext);

/** Begins the table of a subclass of @ref PwasmEnvoyPluginContextClass, with the names of the struct and
 *  of the base class.
 *
 *  The slots of @ref PwasmPluginContextClass are set with @ref PWASM_ENVOY_ON_PLUGIN, `on_done` and
 *  `on_log` with @ref PWASM_ENVOY_ON_BASE, `init` and `finalize` with `.base.base.init = f`. Where
 *  @ref PWASM_PLUGIN or `create_plugin_context` want a class, they get its `base`:
 *  `.plugin_class = &sink_class.base`.
 */
#define PWASM_ENVOY_PLUGIN_SUBCLASS(T, class_object)                                               \
  .base.base.name = PWASM__CLASS_NAME(#T),                                                         \
  .base.base.base_class = &_Generic(&(class_object),                                               \
                             const PwasmEnvoyPluginContextClass *: (class_object),                 \
                             PwasmEnvoyPluginContextClass *: (class_object))                       \
                             .base.base,                                                           \
  .base.base.instance_size = sizeof(T) + PWASM__PROVE_SUBCLASS(T, class_object)

/** Sets a slot that all plugins' contexts have: `PWASM_ENVOY_ON_PLUGIN(on_configure, f)`. */
#define PWASM_ENVOY_ON_PLUGIN(slot, function) .base.slot = {&pwasm_export_##slot, (function)}

/** Sets `on_done` or `on_log`, which all contexts have: `PWASM_ENVOY_ON_BASE(on_log, f)`. */
#define PWASM_ENVOY_ON_BASE(slot, function) .base.base.slot = {&pwasm_export_##slot, (function)}

/** @cond private */
extern const PwasmExport pwasm_export_on_stats_update;
/** @endcond */

PWASM_END_DECLS

#endif
