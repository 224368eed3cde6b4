#include <pwasm/testhost/envoy_stats.h>

#include <string.h>

#include "host_private.h"

#define TYPE_COUNTER 1
#define TYPE_GAUGE 2

/* What follows the last gauge, where Envoy has room that it never writes to. */
#define GARBAGE "\3\0\0\0\1\2\3\4\5\6\7 and no gauge at all"

void
pwasm__host_enter_with_data(PwasmHostPlugin *plugin, PwasmHostCallback callback, uint32_t a,
                            uint32_t b, PwasmStr bytes)
{
  PwasmHostServices *services = &plugin->vm->host->services;
  PwasmStr previous = services->foreign_arguments;
  const PwasmHostContext *previous_reader = services->foreign_arguments_reader;

  services->foreign_arguments = pwasm_str_is_present(bytes) ? bytes : PWASM_STR("");
  services->foreign_arguments_reader = &plugin->context;
  pwasm__host_enter(plugin->vm, callback, plugin->context.id, a, b, NULL);
  services->foreign_arguments = previous;
  services->foreign_arguments_reader = previous_reader;
  pwasm__host_settle(plugin->vm->host);
}

static uint32_t
align(size_t size)
{
  return (uint32_t)((size + 7) & ~(size_t)7);
}

/* As Envoy counts it: a gauge takes what there is so far once more. */
static uint32_t
block_size(const PwasmHostEnvoyStat *stats, size_t num_stats, uint32_t type)
{
  uint32_t size = 3 * sizeof size;

  for (size_t i = 0; i < num_stats; i++) {
    size += (uint32_t)(sizeof size + strlen(stats[i].name));
    if (type == TYPE_COUNTER)
      size = align(size + 2 * sizeof stats->value);
    else
      size += align(size + sizeof stats->value);
  }
  return size;
}

static void
append(PwasmHostBytes *bytes, const void *from, size_t size)
{
  pwasm__host_bytes_append(bytes, pwasm_str(from, size));
}

static uint32_t
append_block(PwasmHostBytes *bytes, const PwasmHostEnvoyStat *stats, size_t num_stats,
             uint32_t type, uint32_t num_unused)
{
  const uint32_t header[] = {block_size(stats, num_stats, type), type,
                             (uint32_t)num_stats + num_unused};

  append(bytes, header, sizeof header);
  for (size_t i = 0; i < num_stats; i++) {
    uint32_t len = (uint32_t)strlen(stats[i].name);

    append(bytes, &len, sizeof len);
    append(bytes, stats[i].name, len);
    append(bytes, "padding", align(bytes->len) - bytes->len);
    append(bytes, &stats[i].value, sizeof stats[i].value);
    if (type == TYPE_COUNTER)
      append(bytes, &stats[i].delta, sizeof stats[i].delta);
  }
  return header[0];
}

void
pwasm_host_envoy_stats_update_bytes(PwasmHostPlugin *plugin, PwasmStr bytes, uint32_t size)
{
  pwasm__host_enter_with_data(plugin, PWASM_HOST_CALLBACK_on_stats_update, size, 0, bytes);
}

void
pwasm_host_envoy_stats_update(PwasmHostPlugin *plugin, const PwasmHostEnvoyStats *stats)
{
  PwasmHostBytes bytes = {0};
  uint32_t size =
    append_block(&bytes, stats->counters, stats->num_counters, TYPE_COUNTER, stats->num_unused);

  size += append_block(&bytes, stats->gauges, stats->num_gauges, TYPE_GAUGE, stats->num_unused);
  if (size > bytes.len)
    append(&bytes, GARBAGE,
           size - bytes.len < sizeof GARBAGE - 1 ? size - bytes.len : sizeof GARBAGE - 1);
  pwasm_host_envoy_stats_update_bytes(plugin, pwasm__host_bytes_str(&bytes), size);
  pwasm__host_bytes_free(&bytes);
}
