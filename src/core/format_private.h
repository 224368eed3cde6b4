#ifndef PWASM_FORMAT_PRIVATE_H
#define PWASM_FORMAT_PRIVATE_H

#include <stdarg.h>

#include <pwasm/base.h>

/* Formats as pwasm_logf() documents, without a NUL. Writes at most `size` bytes and answers how many
 * the whole text has. Of libc it needs nothing, and no WASI import. */
size_t pwasm__format(char *to, size_t size, const char *format, va_list arguments);

#endif
