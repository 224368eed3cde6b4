#ifndef PWASM_TESTHOST_WASM_MODULE_PRIVATE_H
#define PWASM_TESTHOST_WASM_MODULE_PRIVATE_H

/* What the test host's library and the file that is generated for a module know of each other. Installed
 * beside the CMake package, which compiles that file; nobody else includes this. */

#include <stddef.h>
#include <stdint.h>

/* A function that the module exports, if all it takes and returns is i32. */
typedef struct PwasmWasmExport {
  const char *name;
  uint32_t num_arguments;
  uint32_t (*call)(void *instance, const uint32_t *arguments); /* 0 if it returns nothing */
} PwasmWasmExport;

typedef struct PwasmWasmMemory {
  char *data;
  uint32_t pages;
} PwasmWasmMemory;

/* An instance, as the host has it. */
typedef struct PwasmWasm PwasmWasm;

typedef struct PwasmWasmModule {
  const char *name;
  size_t instance_size;
  const PwasmWasmExport *exports; /* up to the one without a name */
  /* These three run code of the module, inside `protect`. */
  void (*start)(void *instance);
  void (*end)(void *instance);
  /* Ends what `protect` runs. */
  __attribute__((noreturn)) void (*trap)(void);
  /* Runs a function; NULL, or why it trapped. */
  const char *(*protect)(void (*function)(void *data), void *data);
  PwasmWasmMemory (*memory)(void *instance);
  /* Sets how many pages it may grow to; how many they were. */
  uint32_t (*limit)(void *instance, uint32_t max_pages);
} PwasmWasmModule;

/* The module of this program. */
extern const PwasmWasmModule pwasm__wasm_module;

/* The guest of a program that has one. */
struct PwasmGuest;
const struct PwasmGuest *pwasm__wasm_guest(void);
/* Defined by the generated file: that one. */
const struct PwasmGuest *pwasm__guest(void);

/* Begins a hostcall of the instance that runs, and says which that is; does not return when the host does
 * not allow it now. (The instance that wasm2c 1.0.32 passes to an import is another one, if the module
 * calls it through a pointer.) */
PwasmWasm *pwasm__wasm_hostcall(const char *name);

#endif
