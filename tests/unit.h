#ifndef PWASM_TESTS_UNIT_H
#define PWASM_TESTS_UNIT_H

/* What every unit test includes: cmocka, the SDK, the test host, and a host for each test. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <pwasm/native.h>
#include <pwasm/pwasm.h>
#include <pwasm/testhost.h>

#define GET PWASM_HOST_HEADERS(":method", "GET", ":path", "/")
#define STATUS_200 PWASM_HOST_HEADERS(":status", "200")

static PwasmHost *host;

static inline int
unit_setup(void **state)
{
  (void)state;
  host = pwasm_host_new(&(PwasmHostOptions){.keep_trace = true});
  return 0;
}

static inline int
unit_teardown(void **state)
{
  (void)state;
  pwasm_host_free(host);
  host = NULL;
  return 0;
}

/* A test that has `host`, which is freed, and so checked for leaks, when it is over. */
#define UNIT_TEST(function) cmocka_unit_test_setup_teardown(function, unit_setup, unit_teardown)

#define assert_ok(expression) assert_int_equal((expression), PWASM_STATUS_OK)
#define assert_status(expression, name) assert_int_equal((expression), PWASM_STATUS_##name)

static inline void
assert_str(PwasmStr str, const char *expected)
{
  assert_int_equal(str.len, strlen(expected));
  assert_memory_equal(str.data, expected, str.len);
}

#endif
