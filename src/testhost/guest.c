#include "host_private.h"

#include <string.h>

static const char *const names[] = {
#define NAME(name, num_arguments, absent) "proxy_" #name,
  PWASM_HOST_CALLBACK_LIST(NAME)
#undef NAME
};

static const int nums_arguments[] = {
#define NUM_ARGUMENTS(name, num_arguments, absent) num_arguments,
  PWASM_HOST_CALLBACK_LIST(NUM_ARGUMENTS)
#undef NUM_ARGUMENTS
};

static const uint32_t absent_answers[] = {
#define ABSENT_ANSWER(name, num_arguments, absent) absent,
  PWASM_HOST_CALLBACK_LIST(ABSENT_ANSWER)
#undef ABSENT_ANSWER
};

uint32_t
pwasm__callback_absent_answer(PwasmHostCallback callback)
{
  return absent_answers[callback];
}

const char *
pwasm__callback_name(PwasmHostCallback callback)
{
  return names[callback];
}

int
pwasm__callback_num_arguments(PwasmHostCallback callback)
{
  return nums_arguments[callback];
}

PwasmHostCallback
pwasm__callback_from_name(const char *name)
{
  int callback = 0;

  while (callback < PWASM_HOST_NUM_CALLBACKS && strcmp(name, names[callback]) != 0)
    callback++;
  return (PwasmHostCallback)callback;
}

bool
pwasm__guest_has(const PwasmGuest *guest, PwasmHostCallback callback)
{
  switch (callback) {
#define HAS(name, num_arguments, absent)                                                           \
  case PWASM_HOST_CALLBACK_##name:                                                                 \
    return guest->name != NULL;
    PWASM_HOST_CALLBACK_LIST(HAS)
#undef HAS
  default:
    return false;
  }
}

/* Every type of function, by its number of arguments after the id and whether it answers. */
static uint32_t
call_void_0(void (*function)(uint32_t), uint32_t id, uint32_t a, uint32_t b)
{
  (void)a;
  (void)b;
  function(id);
  return 0;
}

static uint32_t
call_void_1(void (*function)(uint32_t, uint32_t), uint32_t id, uint32_t a, uint32_t b)
{
  (void)b;
  function(id, a);
  return 0;
}

static uint32_t
call_void_2(void (*function)(uint32_t, uint32_t, uint32_t), uint32_t id, uint32_t a, uint32_t b)
{
  function(id, a, b);
  return 0;
}

static uint32_t
call_void_4(void (*function)(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t), uint32_t id,
            uint32_t a, uint32_t b)
{
  const uint32_t *more = pwasm__host_current()->calls.more_arguments;

  function(id, a, b, more[0], more[1]);
  return 0;
}

static uint32_t
call_0(uint32_t (*function)(uint32_t), uint32_t id, uint32_t a, uint32_t b)
{
  (void)a;
  (void)b;
  return function(id);
}

static uint32_t
call_1(uint32_t (*function)(uint32_t, uint32_t), uint32_t id, uint32_t a, uint32_t b)
{
  (void)b;
  return function(id, a);
}

static uint32_t
call_2(uint32_t (*function)(uint32_t, uint32_t, uint32_t), uint32_t id, uint32_t a, uint32_t b)
{
  return function(id, a, b);
}

#define CALL(function)                                                                             \
  _Generic((function),                                                                             \
    void (*)(uint32_t): call_void_0,                                                               \
    void (*)(uint32_t, uint32_t, uint32_t, uint32_t, uint32_t): call_void_4,                       \
    void (*)(uint32_t, uint32_t): call_void_1,                                                     \
    void (*)(uint32_t, uint32_t, uint32_t): call_void_2,                                           \
    uint32_t (*)(uint32_t): call_0,                                                                \
    uint32_t (*)(uint32_t, uint32_t): call_1,                                                      \
    uint32_t (*)(uint32_t, uint32_t, uint32_t): call_2)

uint32_t
pwasm__guest_dispatch(const PwasmGuest *guest, PwasmHostCallback callback, uint32_t context_id,
                      uint32_t a, uint32_t b)
{
  switch (callback) {
#define DISPATCH(name, num_arguments, absent)                                                      \
  case PWASM_HOST_CALLBACK_##name:                                                                 \
    return guest->name == NULL ? (absent) : CALL(guest->name)(guest->name, context_id, a, b);
    PWASM_HOST_CALLBACK_LIST(DISPATCH)
#undef DISPATCH
  default:
    return 0;
  }
}
