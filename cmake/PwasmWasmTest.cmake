# The second half of pwasm_add_plugin_test(): the same test against NAME.wasm, translated to C by wabt's wasm2c.

option(PWASM_WASM_TESTS "Run the tests of plugins against their modules, too" ON)
set(PWASM_MODULES_DIR "" CACHE PATH
  "Where the modules for tests are, a build directory for WASI; empty: they are built in pwasm_modules/")
set(PWASM_MODULES_OPTIONS "" CACHE STRING "Further options of cmake for building the modules, a list")

# Makes the program NAME_wasm from the sources of the test NAME and the module of PLUGIN.
function(_pwasm_add_wasm_test NAME PLUGIN SOURCES LIBRARIES)
  _pwasm_add_wasm_guest("${PLUGIN}")
  add_executable(${NAME}_wasm ${SOURCES})
  # What is set for the native test is set for this one.
  foreach(property IN ITEMS INCLUDE_DIRECTORIES COMPILE_DEFINITIONS COMPILE_OPTIONS)
    set_property(TARGET ${NAME}_wasm PROPERTY ${property} "$<TARGET_PROPERTY:${NAME},${property}>")
  endforeach()
  target_link_libraries(${NAME}_wasm PRIVATE
    ${PLUGIN}_wasm_guest pwasm::testhost PkgConfig::cmocka ${LIBRARIES})
endfunction()

# Makes PLUGIN_wasm_guest, once: the module as an object library.
function(_pwasm_add_wasm_guest PLUGIN)
  if(TARGET ${PLUGIN}_wasm_guest)
    return()
  endif()
  _pwasm_find_wasm2c()
  _pwasm_module_file("${PLUGIN}" module)

  # Beside this file in an installed package; in pwasm's own tree it is a part of the test host.
  set(private_dir "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/wasm2c")
  if(NOT EXISTS "${private_dir}")
    cmake_path(SET private_dir NORMALIZE "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../src/testhost/wasm")
  endif()
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/PwasmWasm2c.cmake")
  set(output_dir "${CMAKE_CURRENT_BINARY_DIR}")
  set(outputs "${output_dir}/${PLUGIN}.wasm2c.c" "${output_dir}/${PLUGIN}.guest.c")
  add_custom_command(
    OUTPUT ${outputs} "${output_dir}/${PLUGIN}.wasm2c.h"
    COMMAND "${CMAKE_COMMAND}" "-DMODULE=${module}" "-DWASM2C=${PWASM_WASM2C}" "-DPRIVATE_DIR=${private_dir}"
      "-DOUTPUT_DIR=${output_dir}" -P "${script}"
    DEPENDS "${module}" "${script}" "${private_dir}/env_private.h" "${private_dir}/wasi_private.h"
    COMMENT "Translating ${PLUGIN}.wasm to C"
    VERBATIM)

  add_library(${PLUGIN}_wasm_guest OBJECT ${outputs})
  # Neither warnings nor sanitizers: it is the module that is tested, not wasm2c. The module checks its accesses to
  # memory itself, so that no handler of signals stands between a real mistake and a debugger.
  set_target_properties(${PLUGIN}_wasm_guest PROPERTIES
    COMPILE_OPTIONS "-O1;-w;-fno-sanitize=all"
    C_STANDARD 17 C_EXTENSIONS ON)
  # Frames that a module may have on its stack; Envoy's engine has about as many.
  set(max_call_depth 10000)
  target_compile_definitions(${PLUGIN}_wasm_guest PRIVATE
    NDEBUG WASM_RT_MEMCHECK_SIGNAL_HANDLER=0 WASM_RT_MAX_CALL_STACK_DEPTH=${max_call_depth})
  target_include_directories(${PLUGIN}_wasm_guest PRIVATE
    "${private_dir}" "${output_dir}" "${PWASM_WASM2C_INCLUDE_DIR}")
  target_link_libraries(${PLUGIN}_wasm_guest PUBLIC "${PWASM_WASM2C_LIBRARY}" m)
  if(NOT PWASM_MODULES_DIR)
    add_dependencies(${PLUGIN}_wasm_guest pwasm_modules)
  endif()
endfunction()

function(_pwasm_find_wasm2c)
  find_program(PWASM_WASM2C wasm2c DOC "wabt's wasm2c")
  find_path(PWASM_WASM2C_INCLUDE_DIR wasm-rt.h DOC "Where the header of wasm2c's runtime is")
  find_library(PWASM_WASM2C_LIBRARY wasm-rt-impl DOC "The library of wasm2c's runtime")
  set(missing "")
  foreach(part IN ITEMS PWASM_WASM2C PWASM_WASM2C_INCLUDE_DIR PWASM_WASM2C_LIBRARY)
    if(NOT ${part})
      string(APPEND missing " ${part}")
    endif()
  endforeach()
  if(missing)
    message(FATAL_ERROR "The tests of plugins are run against their modules, too, which takes wabt's wasm2c with its "
      "runtime. Not found:${missing}\n"
      "On Debian: apt-get install wabt\n"
      "To do without these tests: -DPWASM_WASM_TESTS=OFF")
  endif()
endfunction()

# Sets ${ret_module} to where the module of a plugin is, and sees to it that it is built.
function(_pwasm_module_file PLUGIN ret_module)
  if(PWASM_MODULES_DIR)
    set(${ret_module} "${PWASM_MODULES_DIR}/${PLUGIN}.wasm" PARENT_SCOPE)
    return()
  endif()
  set(${ret_module} "${CMAKE_BINARY_DIR}/pwasm_modules/${PLUGIN}.wasm" PARENT_SCOPE)
  get_property(modules GLOBAL PROPERTY _PWASM_MODULES)
  if(NOT modules)
    # When all are known.
    cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _pwasm_add_modules)
  endif()
  set_property(GLOBAL APPEND PROPERTY _PWASM_MODULES "${PLUGIN}")
endfunction()

# Makes the target pwasm_modules: the same project, built for WASI in a folder of its own. It is configured whenever
# the native build is, so that what is wrong is said then.
function(_pwasm_add_modules)
  set(dir "${CMAKE_BINARY_DIR}/pwasm_modules")
  set(command "${CMAKE_COMMAND}" -S "${CMAKE_SOURCE_DIR}" -B "${dir}" -G "${CMAKE_GENERATOR}"
    "-DCMAKE_TOOLCHAIN_FILE=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/wasm32-wasi.cmake"
    "-DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM}"
    "-D_PWASM_MODULE_DIR=${dir}")
  foreach(variable IN ITEMS CMAKE_C_COMPILER_LAUNCHER CMAKE_PREFIX_PATH WASI_SDK_PATH
      PWASM_BUILD_EXAMPLES PWASM_BUILD_TESTS PWASM_WERROR)
    if(DEFINED ${variable})
      string(REPLACE ";" "\\;" value "${${variable}}")
      list(APPEND command "-D${variable}=${value}")
    endif()
  endforeach()
  message(STATUS "Modules for tests: ${dir}")
  execute_process(COMMAND ${command} ${PWASM_MODULES_OPTIONS}
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "The tests of plugins are run against their modules, too; but this project can't be "
      "configured for WASI:\n${output}\n"
      "To do without these tests: -DPWASM_WASM_TESTS=OFF")
  endif()

  get_property(modules GLOBAL PROPERTY _PWASM_MODULES)
  list(TRANSFORM modules PREPEND "${dir}/" OUTPUT_VARIABLE files)
  list(TRANSFORM files APPEND ".wasm")
  # It knows itself what is out of date.
  add_custom_target(pwasm_modules
    COMMAND "${CMAKE_COMMAND}" --build "${dir}" --config Release --target ${modules}
    BYPRODUCTS ${files}
    COMMENT "Modules for tests"
    VERBATIM)
endfunction()
