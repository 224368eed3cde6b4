/* Arenas against a model: stacks of what was allocated, each with the bytes that were put there. */

#include "fuzz.h"

#include <pwasm/arena.h>
#include <pwasm/native.h>

#include "core/arena_private.h"

enum { NUM_ARENAS = 2, MAX_ENTRIES = 256, MAX_MARKS = 32 };

typedef struct Entry {
  unsigned char *bytes; /* NULL for a cleanup */
  size_t size;
  unsigned char fill;
  bool is_run; /* of a cleanup */
} Entry;

typedef struct Model {
  PwasmArena arena;
  Entry entries[MAX_ENTRIES];
  size_t num_entries;
  struct {
    PwasmArenaMark mark;
    size_t num_entries;
  } marks[MAX_MARKS];
  size_t num_marks;
} Model;

static Model models[NUM_ARENAS];
static unsigned char next_fill;
static Model *rewound; /* while cleanups run */

static void
check_entry(const Entry *entry)
{
  if (entry->bytes == NULL)
    return;
  for (size_t i = 0; i < entry->size; i++)
    FUZZ_CHECK(entry->bytes[i] == entry->fill);
}

/* Newest first, once each, while all that is older is still there. */
static void
clean_up(void *data)
{
  Entry *entry = data;

  FUZZ_CHECK(rewound != NULL && !entry->is_run);
  for (const Entry *newer = entry + 1; newer < rewound->entries + rewound->num_entries; newer++)
    FUZZ_CHECK(newer->bytes != NULL || newer->is_run);
  for (const Entry *older = rewound->entries; older < entry; older++)
    check_entry(older);
  entry->is_run = true;
}

static Entry *
push(Model *model)
{
  Entry *entry = &model->entries[model->num_entries];

  *entry = (Entry){.fill = ++next_fill};
  return entry;
}

static void
allocate(Model *model, size_t size, bool is_zeroed)
{
  Entry *entry = push(model);

  entry->bytes = is_zeroed ? pwasm_arena_alloc_zero(&model->arena, 1, size)
                           : pwasm_arena_alloc(&model->arena, size);
  if (entry->bytes == NULL)
    return;
  entry->size = size;
  FUZZ_CHECK((uintptr_t)entry->bytes % PWASM_ALIGNMENT == 0);
  for (size_t i = 0; is_zeroed && i < size; i++)
    FUZZ_CHECK(entry->bytes[i] == 0);
  memset(entry->bytes, entry->fill, size);
  model->num_entries++;
}

static void
copy(Model *model, PwasmStr bytes)
{
  Entry *entry = push(model);
  PwasmStr text;

  if (pwasm_str_dup(&model->arena, bytes, &text) != PWASM_STATUS_OK)
    return;
  FUZZ_CHECK(pwasm_str_equal(text, bytes) && text.data[text.len] == '\0');
  entry->bytes = (unsigned char *)(uintptr_t)text.data;
  entry->size = text.len + 1;
  memset(entry->bytes, entry->fill, entry->size);
  model->num_entries++;
}

/* Back to when there were so many. */
static void
rewind_to(Model *model, size_t num_entries, const PwasmArenaMark *mark)
{
  for (size_t i = 0; i < model->num_entries; i++)
    check_entry(&model->entries[i]);
  rewound = model;
  if (mark == NULL)
    pwasm_arena_reset(&model->arena);
  else
    pwasm_arena_rewind(&model->arena, *mark);
  rewound = NULL;
  for (size_t i = num_entries; i < model->num_entries; i++)
    FUZZ_CHECK(model->entries[i].bytes != NULL || model->entries[i].is_run);
  model->num_entries = num_entries;
}

static void
step(FuzzInput *input)
{
  Model *model = &models[fuzz_below(input, NUM_ARENAS)];
  bool is_full = model->num_entries == MAX_ENTRIES;

  switch (fuzz_below(input, 10)) {
  case 0:
  case 1:
    if (!is_full)
      allocate(model, fuzz_u8(input), fuzz_below(input, 2));
    break;
  case 2:
    if (!is_full)
      allocate(model, 16 * (size_t)fuzz_u8(input) * fuzz_u8(input) / 16, fuzz_below(input, 2));
    break;
  case 3:
    if (!is_full)
      copy(model, fuzz_str(input));
    break;
  case 4:
    if (!is_full &&
        pwasm_arena_add_cleanup(&model->arena, clean_up, push(model)) == PWASM_STATUS_OK)
      model->num_entries++;
    break;
  case 5:
  case 6:
    if (model->num_marks < MAX_MARKS) {
      model->marks[model->num_marks].mark = pwasm_arena_mark(&model->arena);
      model->marks[model->num_marks++].num_entries = model->num_entries;
    }
    break;
  case 7: /* to any of the marks: those after it mean nothing any more */
    if (model->num_marks > 0) {
      model->num_marks -= 1 + fuzz_u8(input) % model->num_marks;
      rewind_to(model, model->marks[model->num_marks].num_entries,
                &model->marks[model->num_marks].mark);
    }
    break;
  case 8:
    model->num_marks = 0;
    rewind_to(model, 0, NULL);
    break;
  default:
    pwasm_vm_fail_allocations_after(fuzz_below(input, 4) == 0 ? fuzz_below(input, 4) : SIZE_MAX);
    break;
  }
}

/* The bytes that the VM has reserved after the steps. */
static size_t
run(FuzzInput input)
{
  PwasmVmMemory memory;

  memset(models, 0, sizeof models);
  for (int i = 0; i < 400 && input.left > 0; i++)
    step(&input);
  pwasm_vm_fail_allocations_after(SIZE_MAX);
  for (size_t i = 0; i < NUM_ARENAS; i++)
    rewind_to(&models[i], 0, NULL);
  pwasm_vm_memory(&memory);
  FUZZ_CHECK(memory.in_use == 0);
  return memory.reserved;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  FuzzInput input = {data, size};
  size_t reserved;

  run(input);
  reserved = run(input);
  /* A load that repeats itself takes no more memory. */
  FUZZ_CHECK(run(input) == reserved);
  pwasm_vm_free(NULL);
  return 0;
}
