/* The part of a module's generated file that is the same for all modules: what knows the runtime of
 * wasm2c. The file has included the module's header, and defines the module. */

#include <setjmp.h>
#include <string.h>
#include <sys/mman.h>

#include "module_private.h"

/* The module checks each access to memory itself, see the CMake package: no handler of signals is needed,
 * and a real segmentation fault stays one. Its runtime has been compiled the other way, in which a
 * module's stack is not counted; so the counter is here. */
uint32_t wasm_rt_call_stack_depth;

/* Of wasm2c's runtime: where a trap goes. */
extern jmp_buf wasm_rt_jmp_buf;

static __attribute__((noreturn)) void
glue_trap(void)
{
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

/* May be nested: a hostcall may call the module, or another instance of it. */
static const char *
glue_protect(void (*function)(void *data), void *data)
{
  const uint32_t depth = wasm_rt_call_stack_depth;
  jmp_buf outer;
  int trap;

  memcpy(&outer, &wasm_rt_jmp_buf, sizeof outer);
  trap = setjmp(wasm_rt_jmp_buf);
  if (trap == 0)
    function(data);
  memcpy(&wasm_rt_jmp_buf, &outer, sizeof outer);
  wasm_rt_call_stack_depth = depth;
  return trap == 0 ? NULL : wasm_rt_strerror((wasm_rt_trap_t)trap);
}

static PwasmWasmMemory
glue_memory(const wasm_rt_memory_t *memory)
{
  return (PwasmWasmMemory){(char *)memory->data, memory->pages};
}

static uint32_t
glue_limit(wasm_rt_memory_t *memory, uint32_t max_pages)
{
  uint32_t previous = memory->max_pages;

  memory->max_pages = max_pages;
  return previous;
}

/* The runtime of wabt 1.0.32 keeps the addresses that a memory was not grown to, and would run out of
 * addresses after some thousand VMs. */
static void
glue_free_reserved(const wasm_rt_memory_t *memory)
{
#define GLUE_RESERVED_SIZE 0x200000000u
  size_t size = memory->size;

  munmap(memory->data + size, GLUE_RESERVED_SIZE - size);
#undef GLUE_RESERVED_SIZE
}
