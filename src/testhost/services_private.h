#ifndef PWASM_TESTHOST_SERVICES_PRIVATE_H
#define PWASM_TESTHOST_SERVICES_PRIVATE_H

/* What a host offers to all its VMs alike: metrics, shared data, shared queues, foreign functions. */

#include <pwasm/testhost/foreign.h>
#include <pwasm/testhost/metric.h>

#include "memory_private.h"

/* A metric by name; all VMs have the same one. */
typedef struct PwasmHostStat {
  struct PwasmHostStat *next;
  PwasmHostMetric metric;
  uint64_t *samples;
  size_t samples_capacity;
} PwasmHostStat;

/* A metric as a VM knows it: every definition makes another one. */
typedef struct PwasmHostMetricId {
  struct PwasmHostMetricId *next;
  PwasmHostVm *vm;
  uint32_t id;
  PwasmHostStat *stat;
} PwasmHostMetricId;

typedef struct PwasmHostSharedDatum {
  struct PwasmHostSharedDatum *next;
  PwasmStr vm_id;
  PwasmStr key;
  PwasmStr value;
  uint32_t cas;
} PwasmHostSharedDatum;

typedef struct PwasmHostQueueValue {
  struct PwasmHostQueueValue *next;
  PwasmStr value;
} PwasmHostQueueValue;

typedef struct PwasmHostQueue {
  struct PwasmHostQueue *next;
  PwasmStr vm_id;
  PwasmStr name;
  uint32_t id;
  PwasmHostPlugin *receiver; /* who registered it last */
  PwasmHostQueueValue *values;
} PwasmHostQueue;

/* A plugin is to be told of a queue. */
typedef struct PwasmHostNotification {
  struct PwasmHostNotification *next;
  PwasmHostPlugin *receiver;
  uint32_t queue_id;
} PwasmHostNotification;

typedef struct PwasmHostForeign {
  struct PwasmHostForeign *next;
  PwasmStr name;
  PwasmHostForeignFn *function;
  void *data;
} PwasmHostForeign;

typedef struct PwasmHostServices {
  PwasmHostStat *stats;
  PwasmHostMetricId *metric_ids;
  PwasmHostSharedDatum *shared_data;
  uint32_t last_cas;
  PwasmHostQueue *queues;
  uint32_t last_queue_id;
  PwasmHostNotification *notifications; /* oldest first */
  PwasmHostForeign *foreign_functions;
  PwasmStr foreign_arguments; /* of the call that the plugin is in; missing outside */
  /* Whom alone Envoy lets read them: to others they are empty. NULL: all. */
  const struct PwasmHostContext *foreign_arguments_reader;
} PwasmHostServices;

/* NULL when there is none. */
PwasmHostQueue *pwasm__host_queue_find(const PwasmHost *host, PwasmStr vm_id, PwasmStr name);

void pwasm__host_metrics_free(PwasmHostServices *services);
void pwasm__host_shared_data_free(PwasmHostServices *services);
void pwasm__host_shared_queues_free(PwasmHostServices *services);
void pwasm__host_foreign_free(PwasmHostServices *services);

#endif
