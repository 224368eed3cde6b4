/* The table of unanswered calls against an array: which call an id names, and that each ends once. */

#include "fuzz.h"

#include <pwasm/context.h>
#include <pwasm/native.h>

#include "contexts/context_private.h"
#include "core/call_private.h"

enum { NUM_OWNERS = 4, MAX_CALLS = 128 };

typedef enum State { OPENING, NAMED, OVER } State;

typedef struct Model {
  PwasmCall *call;
  const PwasmContext *owner;
  PwasmCallKind kind;
  uint32_t id;
  State state;
  bool is_opening; /* its hostcall has not returned, whether or not it is over */
  bool has_id;
} Model;

typedef struct TestCall {
  PwasmCall base;
  size_t index; /* of its model */
} TestCall;

static Model models[MAX_CALLS];
static size_t num_models;

static void
on_cancel(PwasmCall *call)
{
  Model *model = &models[((TestCall *)call)->index];

  FUZZ_CHECK(model->call == call && model->state != OVER);
  model->state = OVER;
}

static Model *
named(PwasmCallKind kind, uint32_t id)
{
  for (size_t i = 0; i < num_models; i++) {
    if (models[i].state == NAMED && models[i].kind == kind && models[i].id == id)
      return &models[i];
  }
  return NULL;
}

/* The newest that has no name. */
static Model *
newest_opening(void)
{
  for (size_t i = num_models; i-- > 0;) {
    if (models[i].state == OPENING)
      return &models[i];
  }
  return NULL;
}

static void
give_name(Model *model, uint32_t id)
{
  Model *stale = named(model->kind, id);

  FUZZ_CHECK(stale == NULL || stale == model);
  model->state = NAMED;
  model->id = id;
}

static void
begin(FuzzInput *input, PwasmContext *owner)
{
  PwasmCallKind kind = (PwasmCallKind)fuzz_below(input, 2);
  TestCall *call = (TestCall *)pwasm__call_new(owner, kind, sizeof *call, on_cancel);

  FUZZ_CHECK(call != NULL);
  call->index = num_models;
  models[num_models++] = (Model){
    .call = &call->base, .owner = owner, .kind = kind, .state = OPENING, .is_opening = true};
}

/* The hostcall of any call that is being opened returns. */
static void
opened(FuzzInput *input)
{
  size_t back = fuzz_below(input, 8);
  uint32_t id = fuzz_below(input, 6);
  uint32_t status = fuzz_one_in(input, 4) ? 10 : 0;
  Model *model = NULL;
  State before;

  for (size_t i = num_models; i-- > 0;) {
    if (models[i].is_opening && back-- == 0)
      model = &models[i];
  }
  if (model == NULL)
    return;
  before = model->state;
  model->is_opening = false;
  FUZZ_CHECK(pwasm__call_opened(model->call, status, id) ==
             (before == OVER ? PWASM_STATUS_OK : (PwasmStatus)status));
  if (before == OVER)
    return;
  if (status != 0)
    model->state = OVER;
  else
    give_name(model, id);
}

static void
find(FuzzInput *input)
{
  PwasmCallKind kind = (PwasmCallKind)fuzz_below(input, 2);
  uint32_t id = fuzz_below(input, 6);
  Model *model = named(kind, id);
  PwasmCall *call;

  FUZZ_CHECK(pwasm__call_get(kind, id) == (model == NULL ? NULL : model->call));
  if (model == NULL)
    model = newest_opening();
  if (model != NULL && model->kind != kind)
    model = NULL;
  call = pwasm__call_find(kind, id);
  FUZZ_CHECK(call == (model == NULL ? NULL : model->call));
  if (call == NULL)
    return;
  if (model->state == OPENING)
    give_name(model, id);
  if (fuzz_below(input, 2) == 0) {
    pwasm__call_end(call);
    model->state = OVER;
    pwasm__call_release(call);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  FuzzInput input = {data, size};
  PwasmContext *owners[NUM_OWNERS];
  uint32_t next_id = 0;

  num_models = 0;
  /* What makes contexts is a callback, which would go back to none by itself. */
  for (; next_id < NUM_OWNERS; next_id++)
    owners[next_id] =
      pwasm__context_new(&pwasm_context_class, PWASM_CONTEXT_KIND_PLUGIN, next_id, NULL);
  pwasm__vm()->current = NULL;
  while (input.left > 0 && num_models < MAX_CALLS) {
    PwasmContext **owner = &owners[fuzz_below(&input, NUM_OWNERS)];

    switch (fuzz_below(&input, 8)) {
    case 0:
    case 1:
    case 2:
      begin(&input, *owner);
      break;
    case 3:
    case 4:
      opened(&input);
      break;
    case 5:
    case 6:
      find(&input);
      break;
    default:
      pwasm__context_delete(*owner);
      for (size_t i = 0; i < num_models; i++)
        FUZZ_CHECK(models[i].owner != *owner || models[i].state == OVER);
      /* The memory may be used again: the owner's calls are nobody's now. */
      for (size_t i = 0; i < num_models; i++) {
        if (models[i].owner == *owner)
          models[i].owner = NULL;
      }
      *owner = pwasm__context_new(&pwasm_context_class, PWASM_CONTEXT_KIND_PLUGIN, next_id++, NULL);
      break;
    }
  }
  for (size_t i = 0; i < num_models; i++) {
    if (models[i].is_opening) {
      pwasm__call_opened(models[i].call, 10, 0);
      models[i].state = OVER;
    }
  }
  FUZZ_CHECK(pwasm_vm_free(NULL) == 0);
  for (size_t i = 0; i < num_models; i++)
    FUZZ_CHECK(models[i].state == OVER);
  return 0;
}
