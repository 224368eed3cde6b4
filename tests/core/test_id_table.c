#include "../unit.h"

#include <stdlib.h>

#include "core/id_table_private.h"

PWASM_PLUGIN();

static PwasmIdTable table;

static int
setup(void **state)
{
  (void)state;
  table = (PwasmIdTable){{0}};
  return 0;
}

static void
id_table__finds_what_is_in_it(void **state)
{
  static const uint32_t ids[] = {0,          1,          2,          4095,      4096,
                                 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
  PwasmContext contexts[sizeof ids / sizeof ids[0]];
  size_t count = sizeof ids / sizeof ids[0];

  (void)state;
  memset(contexts, 0, sizeof contexts);
  for (size_t i = 0; i < count; i++) {
    contexts[i].id = ids[i];
    assert_null(pwasm__id_table_find(&table, ids[i]));
    pwasm__id_table_insert(&table, &contexts[i]);
  }
  for (size_t i = 0; i < count; i++)
    assert_ptr_equal(pwasm__id_table_find(&table, ids[i]), &contexts[i]);
  assert_null(pwasm__id_table_find(&table, 3));
  for (size_t i = 0; i < count; i++) {
    pwasm__id_table_remove(&table, &contexts[i]);
    assert_null(pwasm__id_table_find(&table, ids[i]));
    for (size_t k = i + 1; k < count; k++)
      assert_ptr_equal(pwasm__id_table_find(&table, ids[k]), &contexts[k]);
  }
}

static void
id_table__looks_at_all_bits_of_an_id(void **state)
{
  PwasmContext context = {.id = 5};

  (void)state;
  pwasm__id_table_insert(&table, &context);
  for (uint32_t other = 1; other <= UINT16_MAX; other++) {
    assert_null(pwasm__id_table_find(&table, context.id + (other << 16)));
    assert_null(pwasm__id_table_find(&table, context.id + other));
  }
}

/* Ids that share a chain with `id`, found by looking where they end up. */
static void
colliding_ids(uint32_t *ids, size_t count)
{
  PwasmContext probe = {.id = ids[0]};
  PwasmIdTable empty = {{0}};
  size_t chain = 0;
  size_t num_found = 1;

  pwasm__id_table_insert(&empty, &probe);
  while (empty.chains[chain] == NULL)
    chain++;
  pwasm__id_table_remove(&empty, &probe);
  for (uint32_t id = ids[0] + 1; num_found < count; id++) {
    probe.id = id;
    pwasm__id_table_insert(&empty, &probe);
    if (empty.chains[chain] != NULL)
      ids[num_found++] = id;
    pwasm__id_table_remove(&empty, &probe);
  }
}

static void
id_table__bears_collisions(void **state)
{
  uint32_t ids[5] = {7};
  PwasmContext contexts[5];

  (void)state;
  colliding_ids(ids, 5);
  /* Removed from the front, the middle and the end of a chain. */
  for (size_t removed = 0; removed < 5; removed++) {
    setup(NULL);
    memset(contexts, 0, sizeof contexts);
    for (size_t i = 0; i < 5; i++) {
      contexts[i].id = ids[i];
      pwasm__id_table_insert(&table, &contexts[i]);
    }
    pwasm__id_table_remove(&table, &contexts[removed]);
    for (size_t i = 0; i < 5; i++)
      assert_ptr_equal(pwasm__id_table_find(&table, ids[i]), i == removed ? NULL : &contexts[i]);
    pwasm__id_table_insert(&table, &contexts[removed]);
    assert_ptr_equal(pwasm__id_table_find(&table, ids[removed]), &contexts[removed]);
  }
}

static void
id_table__agrees_with_a_plain_array(void **state)
{
  enum { NUM = 3000 };
  PwasmContext *contexts = calloc(NUM, sizeof *contexts);
  bool is_in[NUM] = {false};
  uint32_t random = 1;

  (void)state;
  for (uint32_t i = 0; i < NUM; i++)
    contexts[i].id = i * 2654435761u;
  for (int step = 0; step < 200000; step++) {
    size_t i;

    random = random * 1664525u + 1013904223u;
    i = (random >> 8) % NUM;
    assert_ptr_equal(pwasm__id_table_find(&table, contexts[i].id), is_in[i] ? &contexts[i] : NULL);
    if (is_in[i])
      pwasm__id_table_remove(&table, &contexts[i]);
    else
      pwasm__id_table_insert(&table, &contexts[i]);
    is_in[i] = !is_in[i];
  }
  free(contexts);
}

static void
id_table__spreads_consecutive_ids(void **state)
{
  enum { NUM = 10000 };
  PwasmContext *contexts = calloc(NUM, sizeof *contexts);
  size_t longest = 0;

  (void)state;
  for (uint32_t i = 0; i < NUM; i++) {
    contexts[i].id = i + 1;
    pwasm__id_table_insert(&table, &contexts[i]);
  }
  for (size_t chain = 0; chain < sizeof table.chains / sizeof table.chains[0]; chain++) {
    size_t length = 0;

    for (const PwasmContext *ctx = table.chains[chain]; ctx != NULL; ctx = ctx->next)
      length++;
    longest = length > longest ? length : longest;
  }
  assert_in_range(longest, 1, 8);
  free(contexts);
}

#define TABLE_TEST(function) cmocka_unit_test_setup(function, setup)

int
main(void)
{
  const struct CMUnitTest tests[] = {
    TABLE_TEST(id_table__finds_what_is_in_it),     TABLE_TEST(id_table__looks_at_all_bits_of_an_id),
    TABLE_TEST(id_table__bears_collisions),        TABLE_TEST(id_table__agrees_with_a_plain_array),
    TABLE_TEST(id_table__spreads_consecutive_ids),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
