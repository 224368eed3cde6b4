# Toolchain file: compiles for wasm32-wasi with either
#   - the wasi-sdk in WASI_SDK_PATH (a CMake variable or an environment variable), or
#   - the distribution's newest clang (15 or later) that has wasm-ld and the wasm32 builtins, and wasi-libc.
#
#   cmake -S . -B build --toolchain <prefix>/lib/cmake/pwasm/wasm32-wasi.cmake
#
# CMAKE_C_COMPILER and CMAKE_SYSROOT, when given, are taken instead of searching for them.

set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}") # Platform/WASI.cmake

# Size is what counts in a module that is loaded into each worker of a proxy. Strength reduction in loops and -Oz's idea
# of what is too large to be inlined make modules larger instead of smaller. -g costs nothing: pwasm_add_plugin() moves
# DWARF to NAME.debug.wasm.
set(_pwasm_release "-Oz -mllvm -disable-lsr -mllvm -inline-threshold=25 -g -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "${_pwasm_release}" CACHE STRING "Flags of C in Release builds")
set(CMAKE_CXX_FLAGS_RELEASE "${_pwasm_release}" CACHE STRING "Flags of C++ in Release builds")
set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel")

# Remembered, so that a later reconfiguration doesn't depend on the environment; CMake reads this file again, in
# a project of its own, for each try_compile().
if(NOT DEFINED WASI_SDK_PATH)
  set(WASI_SDK_PATH "$ENV{WASI_SDK_PATH}")
endif()
set(WASI_SDK_PATH "${WASI_SDK_PATH}" CACHE PATH "A wasi-sdk; empty: the distribution's clang and wasi-libc")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WASI_SDK_PATH)

# Sets ${ret_path} to a tool of this clang: the one beside it, else one in PATH; empty: there is none.
function(_pwasm_clang_tool clang tool ret_path)
  execute_process(COMMAND "${clang}" -print-prog-name=${tool}
    OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT IS_ABSOLUTE "${path}")
    set(path "")
  endif()
  set(${ret_path} "${path}" PARENT_SCOPE)
endfunction()

# Sets ${ret_missing} to what keeps this clang from building modules; empty: nothing.
function(_pwasm_clang_missing clang triple ret_missing)
  set(missing "")
  execute_process(COMMAND "${clang}" -dumpversion
    OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT version VERSION_GREATER_EQUAL 15)
    list(APPEND missing "version 15 or later")
  endif()
  foreach(tool IN ITEMS llvm-ar llvm-ranlib llvm-objcopy)
    _pwasm_clang_tool("${clang}" ${tool} path)
    if(NOT path)
      list(APPEND missing ${tool})
    endif()
  endforeach()
  # Debian's clang-19 insists on wasm-ld-19. -### tells what it would run to link some file, here itself.
  execute_process(COMMAND "${clang}" --target=${triple} "-###" "${clang}" ERROR_VARIABLE commands OUTPUT_QUIET)
  string(REGEX MATCH "\"[^\"]*wasm-ld[^\"]*\"" linker "${commands}")
  string(REPLACE "\"" "" linker "${linker}")
  if(NOT IS_ABSOLUTE "${linker}")
    list(APPEND missing wasm-ld)
  endif()
  execute_process(COMMAND "${clang}" --target=${triple} -print-libgcc-file-name
    OUTPUT_VARIABLE builtins OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT EXISTS "${builtins}")
    list(APPEND missing "the wasm32 builtins (libclang_rt.builtins)")
  endif()
  list(JOIN missing ", " missing)
  set(${ret_missing} "${missing}" PARENT_SCOPE)
endfunction()

# Ends the configuration with what is missing and where to get it.
function(_pwasm_no_toolchain reason)
  message(FATAL_ERROR "No toolchain for wasm32-wasi:\n${reason}"
    "On Debian and Ubuntu (19: any version from 15 on):\n"
    "  apt-get install clang-19 lld-19 llvm-19 libclang-rt-19-dev-wasm32 wasi-libc\n"
    "Or set WASI_SDK_PATH to an unpacked wasi-sdk.")
endfunction()

# wasi-libc: Debian's lies in /usr, Fedora's in /usr/wasm32-wasi, Arch's in /usr/share/wasi-sysroot.
if(CMAKE_SYSROOT)
  set(_pwasm_sysroots "${CMAKE_SYSROOT}")
elseif(WASI_SDK_PATH)
  set(_pwasm_sysroots "${WASI_SDK_PATH}/share/wasi-sysroot")
else()
  set(_pwasm_sysroots /usr /usr/wasm32-wasi /usr/share/wasi-sysroot)
endif()

# A recent wasi-libc says wasm32-wasip1, an older one wasm32-wasi: the folder tells.
set(CMAKE_SYSROOT "")
foreach(_pwasm_sysroot IN LISTS _pwasm_sysroots)
  foreach(_pwasm_triple IN ITEMS wasm32-wasip1 wasm32-wasi)
    if(NOT CMAKE_SYSROOT AND EXISTS "${_pwasm_sysroot}/lib/${_pwasm_triple}/libc.a")
      set(CMAKE_SYSROOT "${_pwasm_sysroot}")
      set(CMAKE_C_COMPILER_TARGET ${_pwasm_triple})
    endif()
  endforeach()
endforeach()
if(NOT CMAKE_SYSROOT)
  list(JOIN _pwasm_sysroots ", " _pwasm_sysroots)
  _pwasm_no_toolchain("  wasi-libc: no lib/wasm32-wasip1/libc.a or lib/wasm32-wasi/libc.a in ${_pwasm_sysroots}\n")
endif()
set(CMAKE_CXX_COMPILER_TARGET ${CMAKE_C_COMPILER_TARGET})
if(CMAKE_C_COMPILER_TARGET STREQUAL "wasm32-wasi") # clang 22 warns of this name
  set(CMAKE_C_FLAGS_INIT "-Wno-deprecated -Wdeprecated-declarations")
  set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT}")
endif()

# The first of these compilers that has all it needs.
if(CMAKE_C_COMPILER)
  set(_pwasm_clangs "${CMAKE_C_COMPILER}")
elseif(WASI_SDK_PATH)
  set(_pwasm_clangs "${WASI_SDK_PATH}/bin/clang")
else()
  set(_pwasm_clangs clang-22 clang-21 clang-20 clang-19 clang-18 clang-17 clang-16 clang-15 clang)
endif()

set(CMAKE_C_COMPILER "")
set(_pwasm_reason "")
foreach(_pwasm_name IN LISTS _pwasm_clangs)
  find_program(_pwasm_clang "${_pwasm_name}" NO_CACHE)
  if(_pwasm_clang AND NOT CMAKE_C_COMPILER)
    _pwasm_clang_missing("${_pwasm_clang}" ${CMAKE_C_COMPILER_TARGET} _pwasm_missing)
    if(_pwasm_missing)
      string(APPEND _pwasm_reason "  ${_pwasm_clang} lacks: ${_pwasm_missing}\n")
    else()
      set(CMAKE_C_COMPILER "${_pwasm_clang}")
    endif()
  endif()
  unset(_pwasm_clang)
endforeach()
if(NOT CMAKE_C_COMPILER)
  if(NOT _pwasm_reason)
    list(JOIN _pwasm_clangs ", " _pwasm_clangs)
    set(_pwasm_reason "  none of ${_pwasm_clangs} found\n")
  endif()
  _pwasm_no_toolchain("${_pwasm_reason}")
endif()

# clang-19 -> clang++-19. The C++ library for wasm32 is a package of its own, which CMake would insist on as soon as
# a project does not say that it is in C only.
set(CMAKE_CXX_COMPILER_WORKS TRUE)
string(REGEX REPLACE "clang([-0-9]*)$" "clang++\\1" CMAKE_CXX_COMPILER "${CMAKE_C_COMPILER}")

# GNU ar writes no symbol index for wasm objects, so the linker would find nothing in the archive.
_pwasm_clang_tool("${CMAKE_C_COMPILER}" llvm-ar CMAKE_AR)
_pwasm_clang_tool("${CMAKE_C_COMPILER}" llvm-ranlib CMAKE_RANLIB)
_pwasm_clang_tool("${CMAKE_C_COMPILER}" llvm-objcopy CMAKE_OBJCOPY)

# Programs are the build machine's; headers and libraries only the sysroot's. Packages may lie anywhere (a prefix
# that the user names), and the pwasm that this file was installed with needs no naming.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)
if(NOT DEFINED pwasm_DIR AND EXISTS "${CMAKE_CURRENT_LIST_DIR}/pwasmConfig.cmake")
  set(pwasm_DIR "${CMAKE_CURRENT_LIST_DIR}")
endif()
