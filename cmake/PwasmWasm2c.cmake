# Translates a module to C for the test host. Run at build time:
#   cmake -DMODULE=x.wasm -DWASM2C=program -DPRIVATE_DIR=… -DOUTPUT_DIR=… -P PwasmWasm2c.cmake
# writes x.wasm2c.c and x.wasm2c.h, which wasm2c makes, and x.guest.c, which connects their imports and exports with
# the test host.
cmake_minimum_required(VERSION 3.25)

cmake_path(GET MODULE FILENAME module_file)
cmake_path(GET MODULE STEM LAST_ONLY name)
set(translated "${OUTPUT_DIR}/${name}.wasm2c")

execute_process(COMMAND "${WASM2C}" -n guest "${MODULE}" -o "${translated}.c"
  RESULT_VARIABLE result ERROR_VARIABLE error)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "wasm2c does not translate ${MODULE}:\n${error}")
endif()
file(READ "${translated}.h" header)
string(REPLACE ";" "<end>" header "${header}") # no lists here

# Sets ${ret_signature} to the types of a declaration: `i32(i32, i64)`. The first parameter is the host's.
function(signature result parameters ret_signature)
  set(signature "${result}(${parameters})")
  string(REGEX REPLACE "\\([^,)]*(, )?" "(" signature "${signature}")
  string(REGEX REPLACE "u?int32_t( [a-z_0-9]+)?" "i32" signature "${signature}")
  string(REGEX REPLACE "u?int64_t( [a-z_0-9]+)?" "i64" signature "${signature}")
  string(REGEX REPLACE "u(32|64)" "i\\1" signature "${signature}")
  set(${ret_signature} "${signature}" PARENT_SCOPE)
endfunction()

# ---- What the host has: host_MODULE_NAME is the signature ----

foreach(module IN ITEMS env wasi)
  file(READ "${PRIVATE_DIR}/${module}_private.h" declarations)
  string(REGEX REPLACE "[ \n]+" " " declarations "${declarations}")
  string(REGEX MATCHALL "[a-z0-9_]+ pwasm__${module}_[a-z0-9_]+\\([^)]*\\);" declarations "${declarations}")
  foreach(declaration IN LISTS declarations)
    if(declaration MATCHES "^([a-z0-9_]+) pwasm__${module}_([a-z0-9_]+)\\((.*)\\)$")
      signature("${CMAKE_MATCH_1}" "${CMAKE_MATCH_3}" host_${module}_${CMAKE_MATCH_2})
    endif()
  endforeach()
endforeach()

# ---- Imports ----

set(code "")
set(problems "")
string(REGEX MATCHALL "/\\* import: '[^\n]*\n[^\n]*" imports "${header}")
foreach(import IN LISTS imports)
  string(REGEX MATCH "'([^']*)' '([^']*)'" match "${import}")
  set(module "${CMAKE_MATCH_1}")
  set(function "${CMAKE_MATCH_2}")
  set(host "${module}")
  if(module MATCHES "^wasi_(snapshot_preview1|unstable)$")
    set(host wasi)
  endif()
  if(NOT DEFINED host_${host}_${function})
    string(APPEND problems "  ${module_file} imports ${module}.${function}, which no host has.\n")
    continue()
  endif()
  if(NOT import MATCHES "\n([a-z0-9]+) ([A-Za-z0-9_]+)\\((struct [A-Za-z0-9_]+ ?\\*)(.*)\\)<end>")
    string(APPEND problems "  ${module_file} imports ${module}.${function} as something that is no function.\n")
    continue()
  endif()
  set(result "${CMAKE_MATCH_1}")
  set(symbol "${CMAKE_MATCH_2}")
  set(first "${CMAKE_MATCH_3}")
  set(parameters "${CMAKE_MATCH_4}")
  signature("${result}" "${first}${parameters}" signature)
  if(NOT signature STREQUAL host_${host}_${function})
    string(APPEND problems "  ${module_file} imports ${module}.${function} as ${signature}, "
      "but hosts have ${host_${host}_${function}}.\n")
    continue()
  endif()

  set(number 0)
  set(arguments "")
  set(declared "${first}host")
  string(REGEX MATCHALL "u32|u64|f32|f64" types "${parameters}")
  foreach(type IN LISTS types)
    string(APPEND declared ", ${type} a${number}")
    string(APPEND arguments ", a${number}")
    math(EXPR number "${number} + 1")
  endforeach()
  set(return "return ")
  if(result STREQUAL "void")
    set(return "")
  endif()
  string(APPEND code "
${result}
${symbol}(${declared})
{
  PwasmWasm *wasm = pwasm__wasm_hostcall(\"${function}\");

  (void)host;
  ${return}pwasm__${host}_${function}(wasm${arguments});
}
")
endforeach()

# ---- Exports ----

set(table "")
set(memory "")
string(REGEX MATCHALL "/\\* export: '[^\n]*\n[^\n]*" exports "${header}")
foreach(export IN LISTS exports)
  string(REGEX MATCH "'([^']*)'" match "${export}")
  set(name_of_export "${CMAKE_MATCH_1}")
  if(export MATCHES "\nwasm_rt_memory_t\\* ([A-Za-z0-9_]+)\\(" AND name_of_export STREQUAL "memory")
    set(memory "${CMAKE_MATCH_1}")
  elseif(export MATCHES "\n(void|u32) ([A-Za-z0-9_]+)\\([A-Za-z0-9_]+ ?\\*((, u32)*)\\)<end>")
    set(result "${CMAKE_MATCH_1}")
    set(symbol "${CMAKE_MATCH_2}")
    string(REGEX MATCHALL "u32" types "${CMAKE_MATCH_3}")
    list(LENGTH types number)
    set(arguments "")
    set(index 0)
    foreach(type IN LISTS types)
      string(APPEND arguments ", arguments[${index}]")
      math(EXPR index "${index} + 1")
    endforeach()
    if(result STREQUAL "void")
      set(body "  ${symbol}(instance${arguments});\n  return 0;")
    else()
      set(body "  return ${symbol}(instance${arguments});")
    endif()
    string(APPEND code "
static uint32_t
call_${symbol}(void *instance, const uint32_t *arguments)
{
  (void)arguments;
${body}
}
")
    string(APPEND table "  {\"${name_of_export}\", ${number}, call_${symbol}},\n")
  endif()
endforeach()
if(NOT memory)
  string(APPEND problems "  ${module_file} exports no memory.\n")
endif()
if(problems)
  file(REMOVE "${translated}.c")
  message(FATAL_ERROR "No host runs this module:\n${problems}")
endif()

# ---- The module ----

if(NOT header MATCHES "void ([A-Za-z0-9_]+)\\(([A-Za-z0-9_]+) ?\\*((, struct [A-Za-z0-9_]+ ?\\*)*)\\)<end>\nvoid ([A-Za-z0-9_]+)\\(")
  message(FATAL_ERROR "${WASM2C} writes what this version of pwasm does not understand: it knows wabt 1.0.32")
endif()
set(instantiate "${CMAKE_MATCH_1}")
set(instance_type "${CMAKE_MATCH_2}")
set(imported "${CMAKE_MATCH_3}")
set(free "${CMAKE_MATCH_5}")
string(REGEX REPLACE ", struct [A-Za-z0-9_]+ ?\\*" ", NULL" imported "${imported}")
string(REGEX MATCH "void ([A-Za-z0-9_]+)\\(void\\)<end>" match "${header}")
set(init "${CMAKE_MATCH_1}")

file(WRITE "${OUTPUT_DIR}/${name}.guest.c" "/* Connects ${module_file} with pwasm's test host. Generated. */
#include \"${name}.wasm2c.h\"

#include \"env_private.h\"
#include \"glue_private.h\"
#include \"wasi_private.h\"
${code}
static const PwasmWasmExport exports[] = {
${table}  {NULL, 0, NULL},
};

static void
start(void *instance)
{
  ${init}();
  ${instantiate}(instance${imported});
}

static void
end(void *instance)
{
  glue_free_reserved(${memory}(instance));
  ${free}(instance);
}

static PwasmWasmMemory
memory(void *instance)
{
  return glue_memory(${memory}(instance));
}

static uint32_t
limit(void *instance, uint32_t max_pages)
{
  return glue_limit(${memory}(instance), max_pages);
}

const PwasmWasmModule pwasm__wasm_module = {
  .name = \"${module_file}\",
  .instance_size = sizeof(${instance_type}),
  .exports = exports,
  .start = start,
  .end = end,
  .trap = glue_trap,
  .protect = glue_protect,
  .memory = memory,
  .limit = limit,
};

const struct PwasmGuest *
pwasm__guest(void)
{
  return pwasm__wasm_guest();
}
")
