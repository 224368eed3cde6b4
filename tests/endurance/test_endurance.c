#include <stdlib.h>

#include "../unit.h"

/* Memory is flat however long it goes on. With PWASM_SOAK=1 in the environment each test goes on for
 * as long as a proxy would in days; otherwise for a moment. */

#define KIB 1024u
#define MIB (1024u * KIB)
#define PAGE (64u * KIB)
#define MS_NS UINT64_C(1000000)

static PwasmHostPlugin *plugin;
static PwasmHostVm *vm;

static bool
is_soak(void)
{
  const char *soak = getenv("PWASM_SOAK");

  return soak != NULL && strcmp(soak, "1") == 0;
}

/* A test as it goes on: how far, and how much memory the VM had once it was warm. */
typedef struct Course {
  const char *name;
  size_t num_steps;
  size_t num_warm_up;
  size_t step;
  size_t reserved;
} Course;

static size_t
reserved(void)
{
  PwasmVmMemory memory;

  pwasm_host_vm_memory(vm, &memory);
  return memory.reserved;
}

static Course
begin(const char *name, size_t num_short, size_t num_full, size_t num_warm_up)
{
  return (Course){
    .name = name, .num_steps = is_soak() ? num_full : num_short, .num_warm_up = num_warm_up};
}

/* Whether there is another step; tells of every tenth part of a soak. */
static bool
goes_on(Course *course)
{
  size_t tenth = course->num_steps / 10;

  if (course->step == course->num_warm_up)
    course->reserved = reserved();
  if (is_soak() && tenth > 0 && course->step > 0 && course->step % tenth == 0)
    fprintf(stderr, "%s: %zu of %zu, %zu KiB\n", course->name, course->step, course->num_steps,
            reserved() / KIB);
  /* The plugin says what it could not do. */
  if (pwasm_host_log_count(host) > 0)
    PWASM_EXPECT_NO_LOG(host, PWASM_LOG_ERROR, "");
  return course->step++ < course->num_steps;
}

static void
expect_flat(const Course *course, size_t max_reserved)
{
  assert_int_equal(reserved(), course->reserved);
  assert_in_range(reserved(), 1, max_reserved);
}

static PwasmHostPlugin *
start(size_t configuration_size)
{
  char *configuration = malloc(configuration_size);
  PwasmHostPlugin *started;

  memset(configuration, 'c', configuration_size);
  started = pwasm_host_plugin_start(
    host, &(PwasmHostPluginOptions){.vm = vm,
                                    .configuration = pwasm_str(configuration, configuration_size)});
  free(configuration);
  PWASM_EXPECT_PLUGIN_STATE(started, PWASM_HOST_PLUGIN_RUNNING);
  return started;
}

static int
setup(void **state)
{
  (void)state;
  host = pwasm_host_new(&(PwasmHostOptions){.forgets_bodies = true, .reuses_memory = true});
  vm = pwasm_host_vm_new(host, NULL);
  pwasm_host_shared_data_set(host, "", "known", PWASM_STR("by all"));
  plugin = start(10);
  return 0;
}

static void
endurance__short_streams(void **state)
{
  Course course = begin("streams", 50000, 1000000, 5000);

  (void)state;
  while (goes_on(&course))
    pwasm_host_http_free(pwasm_host_http_get(plugin, "/path"));
  expect_flat(&course, 4 * PAGE);
}

static void
endurance__overlapping_streams(void **state)
{
  enum { OPEN = 64 };
  PwasmHostHttp *open[OPEN] = {0};
  Course course = begin("overlapping streams", 20000, 1000000, 10000);

  (void)state;
  while (goes_on(&course)) {
    size_t slot = course.step * 31 % OPEN;

    pwasm_host_http_free(open[slot]);
    open[slot] = pwasm_host_http_get(plugin, "/path");
  }
  expect_flat(&course, 20 * PAGE);
}

/* All at once, again and again. */
static void
endurance__streams_open_at_once(void **state)
{
  size_t num_open = is_soak() ? 10000 : 2000;
  PwasmHostHttp **open = calloc(num_open, sizeof *open);
  Course course = begin("streams at once", 12, 40, 6);

  (void)state;
  while (goes_on(&course)) {
    for (size_t i = 0; i < num_open; i++)
      open[i] = pwasm_host_http_get(plugin, "/path");
    for (size_t i = 0; i < num_open; i++)
      pwasm_host_http_free(open[course.step % 2 == 0 ? i : num_open - 1 - i]);
  }
  expect_flat(&course, num_open * 16 * KIB);
  free(open);
}

/* Each tick reads a shared value. */
static void
endurance__ticks(void **state)
{
  Course course = begin("ticks", 50000, 1000000, 100);

  (void)state;
  while (goes_on(&course))
    pwasm_host_advance(host, MS_NS);
  expect_flat(&course, 4 * PAGE);
}

static void
endurance__large_shared_values(void **state)
{
  static char value[256 * KIB];
  Course course = begin("shared data", 5000, 100000, 100);

  (void)state;
  pwasm_host_shared_data_set(host, "", "known", pwasm_str(value, sizeof value));
  while (goes_on(&course))
    pwasm_host_tick(plugin);
  expect_flat(&course, 4 * sizeof value);
}

/* The same plugin is configured again. */
static void
endurance__configurations(void **state)
{
  char *configuration = malloc(MIB);
  Course course = begin("configurations", 500, 10000, 5);

  (void)state;
  memset(configuration, 'c', MIB);
  while (goes_on(&course)) {
    PwasmHostHttp *http = pwasm_host_http_get(plugin, "/path");

    assert_true(pwasm_host_plugin_configure(plugin, pwasm_str(configuration, MIB)));
    pwasm_host_http_free(http);
  }
  /* What is kept, what the host returned, and no more than as much again. */
  expect_flat(&course, 6 * MIB);
  free(configuration);
}

/* As Envoy does it: a new plugin takes over, and the old one stays until its last stream has ended. */
static void
endurance__plugins_that_take_turns(void **state)
{
  enum { OPEN = 4 };
  PwasmHostHttp *open[OPEN] = {0};
  Course course = begin("plugins", 500, 10000, 50);

  (void)state;
  while (goes_on(&course)) {
    size_t slot = course.step % OPEN;
    PwasmHostPlugin *old = plugin;

    plugin = start(MIB);
    pwasm_host_http_free(open[slot]);
    open[slot] = pwasm_host_http_get(plugin, "/path");
    pwasm_host_plugin_end(old);
  }
  expect_flat(&course, (2 * OPEN + 4) * 2 * MIB);
}

static char chunk[16 * KIB];

static void
endurance__a_long_response(void **state)
{
  PwasmHostHttp *http = pwasm_host_http_get(plugin, "/path");
  Course course = begin("response", 64 * MIB / sizeof chunk, 1024 * MIB / sizeof chunk, 2);

  (void)state;
  pwasm_host_http_send_response_headers(http, STATUS_200, false);
  while (goes_on(&course))
    pwasm_host_http_send_response_body(http, pwasm_str(chunk, sizeof chunk), false);
  expect_flat(&course, 4 * PAGE);
}

static void
endurance__a_long_connection(void **state)
{
  PwasmHostTcp *tcp = pwasm_host_tcp_open(plugin);
  Course course = begin("connection", 64 * MIB / sizeof chunk, 1024 * MIB / sizeof chunk, 2);

  (void)state;
  while (goes_on(&course))
    pwasm_host_tcp_send_downstream(tcp, pwasm_str(chunk, sizeof chunk), false);
  expect_flat(&course, 4 * PAGE);
}

#define ENDURANCE_TEST(function) cmocka_unit_test_setup_teardown(function, setup, unit_teardown)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    ENDURANCE_TEST(endurance__short_streams),
    ENDURANCE_TEST(endurance__overlapping_streams),
    ENDURANCE_TEST(endurance__streams_open_at_once),
    ENDURANCE_TEST(endurance__ticks),
    ENDURANCE_TEST(endurance__large_shared_values),
    ENDURANCE_TEST(endurance__configurations),
    ENDURANCE_TEST(endurance__plugins_that_take_turns),
    ENDURANCE_TEST(endurance__a_long_response),
    ENDURANCE_TEST(endurance__a_long_connection),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
