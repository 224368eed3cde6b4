#include <pwasm/envoy/stats.h>

#include <string.h>

#include <pwasm/buffer.h>

/* What is fetched at once; more if a single statistic is larger. */
#define PIECE_SIZE 16384

/* The beginning of a block: its size, its type, how many statistics it has (or more: Envoy also counts
 * those that it leaves out). */
#define NUM_HEADER_FIELDS 3

static uint32_t
align(uint32_t size)
{
  return (size + 7) & ~UINT32_C(7);
}

/* The next `size` bytes, in one run. */
static PwasmStatus
peek(PwasmEnvoyStats *stats, uint32_t size, const char **ret_bytes)
{
  uint32_t begin = stats->offset - stats->piece_offset;

  if (begin > stats->piece.len || size > stats->piece.len - begin) {
    PwasmStatus status = pwasm_buffer_get(PWASM_BUFFER_FOREIGN_FUNCTION_ARGUMENTS, stats->offset,
                                          size > PIECE_SIZE ? size : PIECE_SIZE, &stats->piece);

    if (status != PWASM_STATUS_OK)
      return status;
    stats->piece_offset = stats->offset;
    begin = 0;
    if (size > stats->piece.len)
      return PWASM_STATUS_MALFORMED;
  }
  *ret_bytes = stats->piece.data + begin;
  return PWASM_STATUS_OK;
}

static PwasmStatus
begin_block(PwasmEnvoyStats *stats)
{
  uint32_t fields[NUM_HEADER_FIELDS];
  const char *bytes;
  PwasmStatus status;

  stats->offset = stats->block_end;
  if (stats->offset == stats->size)
    return PWASM_STATUS_EMPTY;
  status = peek(stats, sizeof fields, &bytes);
  if (status != PWASM_STATUS_OK)
    return status;
  memcpy(fields, bytes, sizeof fields);
  if (fields[0] < sizeof fields || fields[0] > stats->size - stats->offset)
    return PWASM_STATUS_MALFORMED;
  stats->block_size = fields[0];
  stats->block_end += fields[0];
  stats->type = (PwasmEnvoyStatType)fields[1];
  /* Of what there may be besides nothing is known. */
  stats->num_left =
    fields[1] == PWASM_ENVOY_STAT_COUNTER || fields[1] == PWASM_ENVOY_STAT_GAUGE ? fields[2] : 0;
  stats->summed_size = sizeof fields;
  stats->may_have_ended = false;
  stats->offset += sizeof fields;
  return PWASM_STATUS_OK;
}

/* Adds up the sizes of gauges as Envoy 1.40 does, which adds what it has so far once more each time.
 * Only this tells which one may be the last: more are counted than there are, and what follows it is
 * bytes of no meaning. */
static void
look_for_end(PwasmEnvoyStats *stats, uint32_t name_len)
{
  stats->summed_size += (uint32_t)sizeof name_len + name_len;
  stats->summed_size += align(stats->summed_size + (uint32_t)sizeof(uint64_t));
  if (stats->type == PWASM_ENVOY_STAT_GAUGE && stats->summed_size == stats->block_size)
    stats->may_have_ended = true;
}

/* The sum has but 32 bits, so it may be right before the end: after 30 names of the same length it is
 * the same with each one more. So what follows is looked at. */
static bool
is_name(const char *bytes, uint32_t len)
{
  for (uint32_t i = 0; i < len; i++) {
    if (bytes[i] < ' ' || bytes[i] > '~')
      return false;
  }
  return len > 0;
}

static PwasmStatus
take(PwasmEnvoyStats *stats, PwasmEnvoyStat *ret_stat)
{
  uint32_t values_size =
    stats->type == PWASM_ENVOY_STAT_COUNTER ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
  uint32_t room = stats->block_end - stats->offset;
  uint32_t name_len;
  uint32_t size; /* up to the values, which are aligned */
  const char *bytes;
  PwasmStatus status;

  if (room < sizeof name_len)
    return PWASM_STATUS_MALFORMED;
  status = peek(stats, sizeof name_len, &bytes);
  if (status != PWASM_STATUS_OK)
    return status;
  memcpy(&name_len, bytes, sizeof name_len);
  if (name_len > room - sizeof name_len)
    return PWASM_STATUS_MALFORMED;
  size = (uint32_t)sizeof name_len + name_len;
  size += -(stats->offset + size) & 7;
  if (size > room || values_size > room - size)
    return PWASM_STATUS_MALFORMED;
  status = peek(stats, size + values_size, &bytes);
  if (status != PWASM_STATUS_OK)
    return status;
  if (stats->may_have_ended && !is_name(bytes + sizeof name_len, name_len))
    return PWASM_STATUS_MALFORMED;
  ret_stat->type = stats->type;
  ret_stat->name = pwasm_str(bytes + sizeof name_len, name_len);
  memcpy(&ret_stat->value, bytes + size, sizeof ret_stat->value);
  ret_stat->delta = 0;
  if (stats->type == PWASM_ENVOY_STAT_COUNTER)
    memcpy(&ret_stat->delta, bytes + size + sizeof ret_stat->value, sizeof ret_stat->delta);
  stats->offset += size + values_size;
  stats->num_left--;
  look_for_end(stats, name_len);
  return PWASM_STATUS_OK;
}

/* A block that may have ended already ends where nothing follows. */
static PwasmStatus
take_or_end(PwasmEnvoyStats *stats, PwasmEnvoyStat *ret_stat)
{
  PwasmStatus status = take(stats, ret_stat);

  if (status != PWASM_STATUS_MALFORMED || !stats->may_have_ended)
    return status;
  stats->num_left = 0;
  return PWASM_STATUS_EMPTY;
}

PwasmStatus
pwasm_envoy_stats_next(PwasmEnvoyStats *stats, PwasmEnvoyStat *ret_stat)
{
  PwasmStatus status;

  do {
    status = PWASM_STATUS_OK;
    while (status == PWASM_STATUS_OK && (stats->num_left == 0 || stats->offset == stats->block_end))
      status = begin_block(stats);
    if (status != PWASM_STATUS_OK)
      break;
    status = take_or_end(stats, ret_stat);
  } while (status == PWASM_STATUS_EMPTY);
  /* What can't be read now can't be found again. */
  if (status == PWASM_STATUS_MALFORMED) {
    stats->num_left = 0;
    stats->block_end = stats->size;
  }
  return status;
}
