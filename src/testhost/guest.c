#include "host_private.h"

#include <string.h>

static const char *const names[] = {
#define NAME(name, num_arguments, absent) "proxy_" #name,
  PWASM_HOST_CALLBACK_LIST(NAME)
#undef NAME
#define ENVOY_NAME(name, num_arguments, absent) "envoy_" #name,
    PWASM_HOST_ENVOY_CALLBACK_LIST(ENVOY_NAME)
#undef ENVOY_NAME
};

static const int nums_arguments[] = {
#define NUM_ARGUMENTS(name, num_arguments, absent) num_arguments,
  PWASM_HOST_CALLBACK_LIST(NUM_ARGUMENTS) PWASM_HOST_ENVOY_CALLBACK_LIST(NUM_ARGUMENTS)
#undef NUM_ARGUMENTS
};

static const uint32_t absent_answers[] = {
#define ABSENT_ANSWER(name, num_arguments, absent) absent,
  PWASM_HOST_CALLBACK_LIST(ABSENT_ANSWER) PWASM_HOST_ENVOY_CALLBACK_LIST(ABSENT_ANSWER)
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
