#include "../unit.h"

#include <stdlib.h>

#include <pwasm/envoy.h>

typedef struct Sink {
  PwasmPluginContext base;
  size_t num_updates;
} Sink;

static void sink_on_stats_update(PwasmPluginContext *ctx, PwasmEnvoyStats *stats);

static const PwasmEnvoyPluginContextClass sink_class = {
  PWASM_ENVOY_PLUGIN_SUBCLASS(Sink, pwasm_envoy_plugin_context_class),
  PWASM_ON(on_stats_update, sink_on_stats_update),
};

/* Two levels down, it overrides nothing. */
PWASM_DECLARE_CLASS(sink_class, Sink);

typedef struct SubSink {
  Sink base;
} SubSink;

static bool
sub_sink_on_done(PwasmContext *ctx)
{
  (void)ctx;
  return true;
}

static const PwasmEnvoyPluginContextClass sub_sink_class = {
  PWASM_ENVOY_PLUGIN_SUBCLASS(SubSink, sink_class),
  PWASM_ENVOY_ON_BASE(on_done, sub_sink_on_done),
};

static const PwasmPluginContextClass *plugin_class;

static const PwasmPluginContextClass *
create_plugin_context(PwasmVmContext *ctx)
{
  (void)ctx;
  return plugin_class;
}

typedef struct ChooserVm {
  PwasmVmContext base;
} ChooserVm;

static const PwasmVmContextClass chooser_class = {
  PWASM_VM_SUBCLASS(ChooserVm, pwasm_vm_context_class),
  PWASM_ON(create_plugin_context, create_plugin_context),
};

PWASM_PLUGIN(.vm_class = &chooser_class);

/* What updates have told: type, name, value, delta. */
static char told[4096];
static PwasmStatus last_status;
static size_t num_told;
static void (*between)(void);
static PwasmEnvoyStats kept;

static void
sink_on_stats_update(PwasmPluginContext *ctx, PwasmEnvoyStats *stats)
{
  PwasmEnvoyStat stat;
  size_t len = 0;

  PWASM_SELF(Sink, ctx)->num_updates++;
  PWASM_CHAIN_UP(pwasm_envoy_plugin_context_class, on_stats_update, ctx, stats);
  kept = *stats;
  num_told = 0;
  told[0] = '\0';
  while ((last_status = pwasm_envoy_stats_next(stats, &stat)) == PWASM_STATUS_OK) {
    num_told++;
    if (between != NULL)
      between();
    if (len < sizeof told)
      len += (size_t)snprintf(told + len, sizeof told - len, "%c%.*s=%llu+%llu ",
                              stat.type == PWASM_ENVOY_STAT_COUNTER ? 'c' : 'g',
                              stat.name.len > 40 ? 1 : PWASM_STR_ARG(stat.name),
                              (unsigned long long)stat.value, (unsigned long long)stat.delta);
  }
  if (last_status == PWASM_STATUS_MALFORMED)
    assert_status(pwasm_envoy_stats_next(stats, &stat), EMPTY);
}

static int
setup(void **state)
{
  plugin_class = &sink_class.base;
  between = NULL;
  told[0] = '\0';
  num_told = 0;
  last_status = PWASM_STATUS_INTERNAL_FAILURE;
  return unit_setup(state);
}

static PwasmHostPlugin *
start(void)
{
  return pwasm_host_plugin_start(host, NULL);
}

static const PwasmHostEnvoyStat counters[] = {
  {"a", 1, 1}, {"ab", UINT64_MAX, UINT64_MAX - 1}, {"abcd", 3, 0}, {"", 4, 2}, {"abcdefgh", 5, 3}};
static const PwasmHostEnvoyStat gauges[] = {{"x", 6, 99}, {"xyz", 0, 99}, {"wxyz", UINT64_MAX, 99}};

#define COUNTERS                                                                                   \
  "ca=1+1 cab=18446744073709551615+18446744073709551614 cabcd=3+0 c=4+2 cabcdefgh=5+3 "
#define GAUGES "gx=6+0 gxyz=0+0 gwxyz=18446744073709551615+0 "

static void
envoy_stats__all_are_told(void **state)
{
  (void)state;
  pwasm_host_envoy_stats_update(start(), &(PwasmHostEnvoyStats){counters, 5, gauges, 3, 0});
  assert_string_equal(told, COUNTERS GAUGES);
  assert_status(last_status, EMPTY);
}

static void
envoy_stats__unused_ones_are_counted_but_not_there(void **state)
{
  PwasmHostPlugin *plugin = start();

  (void)state;
  pwasm_host_envoy_stats_update(plugin, &(PwasmHostEnvoyStats){counters, 5, gauges, 3, 7});
  assert_string_equal(told, COUNTERS GAUGES);
  assert_status(last_status, EMPTY);
  pwasm_host_envoy_stats_update(plugin, &(PwasmHostEnvoyStats){NULL, 0, gauges, 3, 7});
  assert_string_equal(told, GAUGES);
  assert_status(last_status, EMPTY);
  pwasm_host_envoy_stats_update(plugin, &(PwasmHostEnvoyStats){counters, 5, NULL, 0, 7});
  assert_string_equal(told, COUNTERS);
  assert_status(last_status, EMPTY);
  pwasm_host_envoy_stats_update(plugin, &(PwasmHostEnvoyStats){NULL, 0, NULL, 0, 7});
  assert_string_equal(told, "");
  assert_status(last_status, EMPTY);
}

/* With so many the host says that there are gigabytes, more or less. */
static void
envoy_stats__many(void **state)
{
  static PwasmHostEnvoyStat many[2000];
  static char long_name[40000];
  PwasmHostPlugin *plugin = start();
  PwasmVmMemory memory;

  (void)state;
  memset(long_name, 'n', sizeof long_name - 1);
  for (size_t i = 0; i < 2000; i++)
    many[i] = (PwasmHostEnvoyStat){i == 1000 ? long_name : "cluster.web.upstream_cx_total", i, i};
  for (size_t num_gauges = 20; num_gauges < 60; num_gauges++) {
    pwasm_host_envoy_stats_update(plugin, &(PwasmHostEnvoyStats){many, 2000, many, num_gauges, 5});
    assert_status(last_status, EMPTY);
    assert_int_equal(num_told, 2000 + num_gauges);
  }
  pwasm_host_vm_memory(pwasm_host_plugin_vm(plugin), &memory);
  assert_true(memory.reserved < 4000000);
}

static void
envoy_stats__a_copy_begins_anew(void **state)
{
  PwasmEnvoyStat stat = {.name = PWASM_STR("before")};

  (void)state;
  pwasm_host_envoy_stats_update(start(), &(PwasmHostEnvoyStats){counters, 5, gauges, 3, 0});
  assert_int_equal(kept.offset, 0);
  /* But the time is over. */
  assert_status(pwasm_envoy_stats_next(&kept, &stat), NOT_FOUND);
  assert_str(stat.name, "before");
}

static void
fail_allocations(void)
{
  pwasm_vm_fail_allocations_after(0);
}

static void
envoy_stats__without_memory(void **state)
{
  PwasmHostEnvoyStat large[] = {{"a", 1, 1}, {NULL, 2, 2}};
  char *name = calloc(1, 300000);
  PwasmHostPlugin *plugin = start();

  (void)state;
  memset(name, 'n', 299999);
  large[1].name = name;
  between = fail_allocations;
  pwasm_host_envoy_stats_update(plugin, &(PwasmHostEnvoyStats){large, 2, NULL, 0, 0});
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  assert_string_equal(told, "ca=1+1 ");
  assert_status(last_status, OUT_OF_MEMORY);
  free(name);
}

typedef struct Block {
  uint32_t size, type, count;
} Block;

static void
update_with(PwasmHostPlugin *plugin, const void *bytes, size_t len, uint32_t size)
{
  pwasm_host_envoy_stats_update_bytes(plugin, pwasm_str(bytes, len), size);
}

static void
envoy_stats__malformed(void **state)
{
  static const struct {
    Block block;
    uint32_t name_len;
    char name[4];
    uint64_t values[2];
  } cases[] = {
    {{11, 1, 1}, 1, "a", {1, 2}},          {{0, 1, 1}, 1, "a", {1, 2}},
    {{41, 1, 1}, 1, "a", {1, 2}},          {{UINT32_MAX, 1, 1}, 1, "a", {1, 2}},
    {{15, 1, 1}, 1, "a", {1, 2}},          {{17, 1, 1}, 1, "a", {1, 2}},
    {{39, 1, 1}, 1, "a", {1, 2}},          {{40, 1, 1}, 21, "a", {1, 2}},
    {{40, 1, 1}, UINT32_MAX, "a", {1, 2}}, {{40, 1, 1}, UINT32_MAX - 3, "a", {1, 2}},
    {{40, 2, 1}, 17, "a", {1, 2}},         {{23, 1, 1}, 4, "abcd", {1, 2}},
  };
  static const struct {
    Block block;
    uint32_t name_len;
  } wraps = {{UINT32_MAX, 1, 1}, UINT32_MAX - 16};
  PwasmHostPlugin *plugin = start();

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    update_with(plugin, &cases[i], 40, 40);
    assert_string_equal(told, "");
    assert_status(last_status, MALFORMED);
  }
  /* What would fit if numbers began anew after the last. */
  update_with(plugin, &wraps, sizeof wraps, UINT32_MAX);
  assert_string_equal(told, "");
  assert_status(last_status, MALFORMED);
  for (uint32_t size = 1; size < 12; size++) {
    update_with(plugin, &cases[0], size, size);
    assert_status(last_status, MALFORMED);
  }
  /* The host says that there is more than it has. */
  update_with(plugin, &(const Block){40, 1, 1}, 12, 40);
  assert_status(last_status, MALFORMED);
  update_with(plugin, &(const Block){40, 1, 1}, 7, 40);
  assert_status(last_status, MALFORMED);
}

/* What follows might be anything. */
static void
envoy_stats__after_what_is_malformed_is_nothing(void **state)
{
  static const struct {
    Block bad;
    uint32_t bad_name_len;
    char bad_content[16];
    Block good;
    uint32_t name_len;
    char name[8];
    uint64_t value;
  } bytes = {{32, 1, 1}, 99, "", {32, 2, 1}, 5, "abcde", 7};

  (void)state;
  update_with(start(), &bytes, sizeof bytes, sizeof bytes);
  assert_string_equal(told, "");
  /* After which there is no more: see sink_on_stats_update(). */
  assert_status(last_status, MALFORMED);
}

/* What is left of a block is not told. */
static void
envoy_stats__no_more_than_are_counted(void **state)
{
  static const struct {
    Block block;
    uint32_t name_len;
    char name[8];
    uint64_t value;
    uint32_t next_name_len;
    char next_name[4];
    uint64_t next_value;
  } bytes = {{48, 2, 1}, 5, "abcde", 7, 4, "next", 8};

  (void)state;
  update_with(start(), &bytes, sizeof bytes, sizeof bytes);
  assert_string_equal(told, "gabcde=7+0 ");
  assert_status(last_status, EMPTY);
}

static void
envoy_stats__what_is_whole_is_told(void **state)
{
  static const struct {
    Block block;
    uint32_t name_len;
    char name[4];
    uint32_t padding;
    uint64_t values[2];
  } whole = {{40, 1, 2}, 1, "a", 0, {1, 2}};
  static const struct {
    Block unknown;
    char content[4];
    Block block;
    uint32_t name_len;
    char name[8];
    uint64_t value;
  } with_unknown = {{16, 3, 1}, "what", {24 + 8, 2, 1}, 5, "abcde", 7};
  PwasmHostPlugin *plugin = start();

  (void)state;
  update_with(plugin, &whole, 40, 40);
  assert_string_equal(told, "ca=1+2 ");
  assert_status(last_status, EMPTY);
  update_with(plugin, "", 0, 0);
  assert_string_equal(told, "");
  assert_status(last_status, EMPTY);
  /* Sizes that add up, as no Envoy has them yet; and a type that no Envoy has yet. */
  update_with(plugin, &with_unknown, 48, 48);
  assert_string_equal(told, "gabcde=7+0 ");
  assert_status(last_status, EMPTY);
}

/* A block of an unknown type is passed over, however large it is. */
static void
envoy_stats__after_a_large_block(void **state)
{
  static struct {
    Block unknown;
    char content[100000 - sizeof(Block)];
    Block block;
    uint32_t name_len;
    char name[8];
    uint64_t value;
  } bytes = {{100000, 3, 1}, {0}, {24 + 8, 2, 1}, 5, "abcde", 7};

  (void)state;
  update_with(start(), &bytes, 100032, 100032);
  assert_string_equal(told, "gabcde=7+0 ");
  assert_status(last_status, EMPTY);
}

/* Only of gauges the sizes add up so that the last one may be any: to 53 bytes, for one name of 5. */
static void
envoy_stats__only_a_block_of_gauges_ends_early(void **state)
{
  static const struct {
    Block block;
    uint32_t name_len;
    char name[8];
    uint64_t value;
  } gauge = {{53, 2, 2}, 5, "abcde", 7};
  static const struct {
    uint32_t name_len;
    char name[4];
    uint64_t value;
  } another = {2, " ~", 9};
  static const uint32_t malformed[] = {32, 2, 1, 99};
  const uint32_t counter = 1;
  char bytes[85] = {0};
  PwasmHostPlugin *plugin = start();

  (void)state;
  memcpy(bytes, &gauge, sizeof gauge);
  memcpy(bytes + 53, malformed, sizeof malformed);
  update_with(plugin, bytes, 85, 85);
  assert_string_equal(told, "gabcde=7+0 ");
  assert_status(last_status, MALFORMED);
  update_with(plugin, bytes, 53, 53);
  assert_status(last_status, EMPTY);
  /* One more gauge follows, or what can't be its name. */
  memcpy(bytes + 32, &another, sizeof another);
  update_with(plugin, bytes, 53, 53);
  assert_string_equal(told, "gabcde=7+0 g ~=9+0 ");
  bytes[32 + sizeof(uint32_t)] = '\x7f';
  update_with(plugin, bytes, 53, 53);
  assert_string_equal(told, "gabcde=7+0 ");
  assert_status(last_status, EMPTY);
  memset(bytes + 32, 0, 53 - 32);
  memcpy(bytes + sizeof(uint32_t), &counter, sizeof counter);
  update_with(plugin, bytes, 53, 53);
  assert_string_equal(told, "cabcde=7+0 ");
  assert_status(last_status, MALFORMED);
}

static void
envoy_stats__of_subclasses(void **state)
{
  (void)state;
  plugin_class = &sub_sink_class.base;
  pwasm_host_envoy_stats_update(start(), &(PwasmHostEnvoyStats){counters, 5, gauges, 3, 0});
  assert_string_equal(told, COUNTERS GAUGES);
  plugin_class = &pwasm_envoy_plugin_context_class.base;
  told[0] = '\0';
  pwasm_host_envoy_stats_update(start(), &(PwasmHostEnvoyStats){counters, 5, gauges, 3, 0});
  assert_string_equal(told, "");
}

/* Its class has no such slot: what follows it in memory is none. */
static void
envoy_stats__of_another_class(void **state)
{
  static const struct {
    PwasmPluginContextClass klass;
    uintptr_t after[2];
  } other = {{.base.name = "Other",
              .base.base_class = &pwasm_plugin_context_class.base,
              .base.instance_size = sizeof(PwasmPluginContext)},
             {1, 1}};

  (void)state;
  plugin_class = &other.klass;
  pwasm_host_envoy_stats_update(start(), &(PwasmHostEnvoyStats){counters, 5, gauges, 3, 0});
  assert_string_equal(told, "");
  PWASM_EXPECT_CALLS(host, "envoy_on_stats_update", 1);
}

#define STATS_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    STATS_TEST(envoy_stats__all_are_told),
    STATS_TEST(envoy_stats__unused_ones_are_counted_but_not_there),
    STATS_TEST(envoy_stats__many),
    STATS_TEST(envoy_stats__a_copy_begins_anew),
    STATS_TEST(envoy_stats__without_memory),
    STATS_TEST(envoy_stats__malformed),
    STATS_TEST(envoy_stats__after_what_is_malformed_is_nothing),
    STATS_TEST(envoy_stats__no_more_than_are_counted),
    STATS_TEST(envoy_stats__what_is_whole_is_told),
    STATS_TEST(envoy_stats__after_a_large_block),
    STATS_TEST(envoy_stats__only_a_block_of_gauges_ends_early),
    STATS_TEST(envoy_stats__of_subclasses),
    STATS_TEST(envoy_stats__of_another_class),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
