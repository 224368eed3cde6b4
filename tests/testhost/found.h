#ifndef PWASM_TESTS_FOUND_H
#define PWASM_TESTS_FOUND_H

#include "../script.h"

/* What each callback finds: by path, or the name of the status. */
static inline PwasmStr
found(PwasmStr path)
{
  PwasmStr value;
  PwasmStatus status = pwasm_property_get(path, &value);

  return status == PWASM_STATUS_OK ? value : pwasm_str_from_cstr(pwasm_status_name(status));
}

#define FOUND(expected, ...) assert_str(found(PWASM_PATH(__VA_ARGS__)), expected)

static inline int64_t
found_int64(PwasmStr path)
{
  int64_t value = -1;
  PwasmStr bytes = found(path);

  assert_int_equal(bytes.len, sizeof value);
  memcpy(&value, bytes.data, sizeof value);
  return value;
}

#define FOUND_INT64(expected, ...)                                                                 \
  assert_int_equal(found_int64(PWASM_PATH(__VA_ARGS__)), (expected))

#endif
