#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_private.h"

/* cmocka's, if the test links it. Declared here, so that the library does not need its header. */
__attribute__((weak)) void _fail(const char *const file, const int line);
__attribute__((weak, format(printf, 1, 2))) void print_error(const char *const format, ...);

#define MAX_MESSAGE 16384

/* cmocka cuts what it prints at once. */
static void
print_lines(const char *message)
{
  while (*message != '\0') {
    int len = (int)strcspn(message, "\n");

    print_error("%.*s\n", len, message);
    message += len + (message[len] == '\n');
  }
}

/* cmocka has no way to fail without a place: it prints `:0` after this, whatever it is. */
static void
fail_in_cmocka(const char *file, int line)
{
  char place[200];

  if (line == 0) {
    snprintf(place, sizeof place, "test host: %s (no line is known)", file);
    file = place;
  }
  _fail(file, line);
}

static void
fail(PwasmHostFailFn *on_failure, const char *file, int line, const char *format, va_list arguments)
{
  char message[MAX_MESSAGE];

  vsnprintf(message, sizeof message, format, arguments);
  if (on_failure != NULL) {
    on_failure(file, line, message);
  } else if (_fail != NULL && print_error != NULL) {
    print_lines(message);
    fail_in_cmocka(file, line);
  } else {
    if (line > 0)
      fprintf(stderr, "%s:%d: %s\n", file, line, message);
    else
      fprintf(stderr, "%s: %s\n", file, message);
    abort();
  }
}

void
pwasm__failure(PwasmHostFailFn *on_failure, const char *file, int line, const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  fail(on_failure, file, line, format, arguments);
  va_end(arguments);
}

void
pwasm__host_failure(PwasmHost *host, const char *file, int line, const char *format, ...)
{
  va_list arguments;

  char message[4096];

  host->has_failed = true;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  pwasm__failure(host->on_failure, file, line, "%s%s%s", message, PWASM__FAULT_TEXT(&host->fault));
}
