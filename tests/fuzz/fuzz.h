#ifndef PWASM_TESTS_FUZZ_H
#define PWASM_TESTS_FUZZ_H

/* What every fuzz target includes. A target is one function of bytes that must end, whatever they
 * are: libFuzzer looks for bytes with which it does not, replay.c runs it on files. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold: a fuzzer saves the input that breaks it. */
#define FUZZ_CHECK(condition)                                                                      \
  ((condition) ? (void)0 : fuzz_failed(__FILE__, __LINE__, __func__, #condition))

__attribute__((noreturn)) static inline void
fuzz_failed(const char *file, int line, const char *function, const char *condition)
{
  fprintf(stderr, "%s:%d: %s: does not hold: %s\n", file, line, function, condition);
  abort();
}

#endif
