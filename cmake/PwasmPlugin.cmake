# pwasm_add_plugin() and pwasm_add_plugin_test(): the same CMakeLists.txt makes the module in a build for WASI and
# its unit tests in a native one.

if(NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")
  include("${CMAKE_CURRENT_LIST_DIR}/PwasmWasmTest.cmake")
endif()

# pwasm_add_plugin(NAME
#   SOURCES file…            # one of them has the PWASM_PLUGIN
#   [LIBRARIES target…]      # what else it links
#   [ALL_CALLBACKS]          # export all callbacks, not only those that are overridden: ngx_wasm_module insists
#   [ABI 0.1.0|0.2.0|0.2.1]  # the version of Proxy-Wasm, default 0.2.1
#   [STACK_SIZE bytes]       # default 65536
#   [MAX_MEMORY bytes])      # the module's limit, a multiple of 65536; default: what the host allows
#
# For WASI: builds NAME.wasm at the top of the build directory (or in CMAKE_RUNTIME_OUTPUT_DIRECTORY). It keeps the
# names of its functions, for back traces; NAME.debug.wasm beside it is the same as it came from the linker, with the
# debug information.
# Natively: an object library NAME, for pwasm_add_plugin_test(); stack and memory are the process's.
function(pwasm_add_plugin NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ALL_CALLBACKS" "ABI;STACK_SIZE;MAX_MEMORY" "SOURCES;LIBRARIES")
  _pwasm_check_arguments(pwasm_add_plugin)
  if(NOT DEFINED arg_ABI)
    set(arg_ABI 0.2.1)
  endif()
  if(NOT arg_ABI MATCHES "^(0\\.1\\.0|0\\.2\\.0|0\\.2\\.1)$")
    message(FATAL_ERROR "pwasm_add_plugin(${NAME}): ABI is 0.1.0, 0.2.0 or 0.2.1, not '${arg_ABI}'")
  endif()
  string(REPLACE "." "0" abi_version "${arg_ABI}") # 0.2.1 -> 0x000201
  foreach(option IN ITEMS STACK_SIZE MAX_MEMORY)
    if(DEFINED arg_${option} AND NOT arg_${option} MATCHES "^[1-9][0-9]*$")
      message(FATAL_ERROR "pwasm_add_plugin(${NAME}): ${option} is a number of bytes, not '${arg_${option}}'")
    endif()
  endforeach()

  # To the linker these are wanted symbols, for which it takes their object files out of the SDK's archive.
  set(callback_options "")
  if(arg_ALL_CALLBACKS)
    get_target_property(callbacks pwasm::pwasm PWASM_CALLBACKS)
    if(arg_ABI STREQUAL "0.1.0" AND CMAKE_SYSTEM_NAME STREQUAL "WASI")
      list(REMOVE_ITEM callbacks proxy_on_foreign_function)
      list(TRANSFORM callbacks REPLACE "^proxy_(on_request_headers|on_response_headers)$" "pwasm__\\1_0_1_0")
    endif()
    list(TRANSFORM callbacks PREPEND "LINKER:--undefined=" OUTPUT_VARIABLE callback_options)
  endif()

  if(NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")
    add_library(${NAME} OBJECT ${arg_SOURCES})
    target_compile_definitions(${NAME} PRIVATE PWASM_ABI_VERSION=0x0${abi_version})
    target_link_libraries(${NAME} PUBLIC pwasm::pwasm ${arg_LIBRARIES})
    target_link_options(${NAME} INTERFACE ${callback_options})
    return()
  endif()

  add_executable(${NAME} ${arg_SOURCES})
  target_compile_definitions(${NAME} PRIVATE PWASM_ABI_VERSION=0x0${abi_version})
  target_link_libraries(${NAME} PRIVATE pwasm::pwasm ${arg_LIBRARIES})
  set_target_properties(${NAME} PROPERTIES SUFFIX ".wasm")
  if(_PWASM_MODULE_DIR) # for tests of a native build
    set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${_PWASM_MODULE_DIR}")
  elseif(NOT CMAKE_RUNTIME_OUTPUT_DIRECTORY)
    set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
  endif()

  if(NOT arg_STACK_SIZE)
    set(arg_STACK_SIZE 65536)
  endif()
  # When linking with -O, clang runs the wasm-opt that it finds in PATH, which drops the names: below it is run with
  # other options. (--no-wasm-opt makes clang 19 link nothing.) Flags of compilation mean nothing here.
  target_link_options(${NAME} PRIVATE
    -O0 -Qunused-arguments "LINKER:-z,stack-size=${arg_STACK_SIZE}" ${callback_options})
  if(arg_MAX_MEMORY)
    target_link_options(${NAME} PRIVATE "LINKER:--max-memory=${arg_MAX_MEMORY}")
  endif()

  # Hosts copy and compile the file for each worker: DWARF would be dead weight, often most of the file. Unless it is
  # there to be debugged, wasm-opt makes what is left a tenth smaller; the names of functions stay.
  find_program(PWASM_WASM_OPT wasm-opt DOC "binaryen's wasm-opt, which makes modules smaller; empty: do without")
  set(debug_file "$<TARGET_FILE_DIR:${NAME}>/$<TARGET_FILE_BASE_NAME:${NAME}>.debug.wasm")
  if(CMAKE_OBJCOPY MATCHES "llvm-objcopy")
    set(strip "${CMAKE_OBJCOPY};--strip-debug;${debug_file};$<TARGET_FILE:${NAME}>")
    if(PWASM_WASM_OPT)
      set(optimise "${PWASM_WASM_OPT};--strip-dwarf;--strip-producers;-Oz;-Oz;-g;${debug_file};-o;$<TARGET_FILE:${NAME}>")
      set(strip "$<IF:$<CONFIG:Debug>,${strip},${optimise}>")
    endif()
    add_custom_command(TARGET ${NAME} POST_BUILD VERBATIM COMMAND_EXPAND_LISTS
      COMMAND "${CMAKE_COMMAND}" -E copy $<TARGET_FILE:${NAME}> ${debug_file}
      COMMAND "${strip}")
  endif()
endfunction()

# pwasm_add_plugin_test(NAME
#   SOURCES file…            # cmocka tests with main(), which drive the test host
#   [PLUGIN name]            # the plugin under test; without it the sources have a PWASM_PLUGIN of their own
#   [NATIVE_ONLY]            # the test looks into the plugin's own functions, or into the SDK
#   [PROFILES name…]         # hosts that it is run like once more: envoy, envoy_stop_iteration, ngx_wasm_module, apisix
#   [STRICT]                 # in strict mode
#   [LIBRARIES target…])
#
# Natively: two test programs, known to CTest by their names if the project has called enable_testing(). NAME links the
# plugin, the test host and cmocka (found by pkg-config). NAME_wasm is the same with NAME.wasm in place of the native
# plugin: the module is built for it, and translated to C by wasm2c. There is none without PLUGIN, with NATIVE_ONLY,
# and if PWASM_WASM_TESTS is off. For WASI: nothing.
#
# With PROFILES, CTest runs each program once more for each of them, as NAME.PROFILE with the label `profile`.
function(pwasm_add_plugin_test NAME)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NATIVE_ONLY;STRICT" "PLUGIN" "SOURCES;LIBRARIES;PROFILES")
  _pwasm_check_arguments(pwasm_add_plugin_test)
  _pwasm_host_profiles(known)
  foreach(profile IN LISTS arg_PROFILES)
    if(NOT profile IN_LIST known)
      list(JOIN known ", " known)
      message(FATAL_ERROR "pwasm_add_plugin_test(${NAME}): there is no profile '${profile}'; there are ${known}")
    endif()
  endforeach()
  if(arg_PLUGIN AND NOT TARGET "${arg_PLUGIN}")
    message(FATAL_ERROR "pwasm_add_plugin_test(${NAME}): there is no plugin '${arg_PLUGIN}'; "
      "pwasm_add_plugin() has to come before its test")
  endif()
  if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
    return()
  endif()

  if(NOT TARGET PkgConfig::cmocka)
    find_package(PkgConfig)
    if(PKG_CONFIG_FOUND)
      pkg_check_modules(cmocka IMPORTED_TARGET GLOBAL cmocka)
    endif()
    if(NOT cmocka_FOUND)
      message(FATAL_ERROR "Tests of plugins take cmocka, which is found by pkg-config. On Debian: "
        "apt-get install libcmocka-dev pkg-config")
    endif()
  endif()
  add_executable(${NAME} ${arg_SOURCES})
  target_link_libraries(${NAME} PRIVATE
    ${arg_PLUGIN} pwasm::testhost PkgConfig::cmocka ${arg_LIBRARIES})
  set(programs ${NAME})
  if(arg_PLUGIN AND NOT arg_NATIVE_ONLY AND PWASM_WASM_TESTS)
    _pwasm_add_wasm_test(${NAME} ${arg_PLUGIN} "${arg_SOURCES}" "${arg_LIBRARIES}")
    list(APPEND programs ${NAME}_wasm)
  endif()
  foreach(program IN LISTS programs)
    add_test(NAME ${program} COMMAND ${program})
    if(arg_STRICT)
      set_tests_properties(${program} PROPERTIES ENVIRONMENT PWASM_HOST_STRICT=1)
    endif()
    _pwasm_add_profile_tests(${program} "${arg_STRICT}" ${arg_PROFILES})
  endforeach()
endfunction()

# What a test host can be like: src/testhost/profile.c.
function(_pwasm_host_profiles ret_profiles)
  set(${ret_profiles} envoy envoy_stop_iteration ngx_wasm_module apisix PARENT_SCOPE)
endfunction()

# Makes a test PROGRAM.PROFILE for each profile.
function(_pwasm_add_profile_tests PROGRAM IS_STRICT)
  foreach(profile IN LISTS ARGN)
    set(environment "PWASM_HOST_PROFILE=${profile}")
    if(IS_STRICT)
      list(PREPEND environment PWASM_HOST_STRICT=1)
    endif()
    add_test(NAME ${PROGRAM}.${profile} COMMAND ${PROGRAM})
    set_tests_properties(${PROGRAM}.${profile} PROPERTIES LABELS profile ENVIRONMENT "${environment}")
  endforeach()
endfunction()

# What both functions refuse. Looks at arg_* of the caller, that's why it is a macro.
macro(_pwasm_check_arguments function)
  if(arg_UNPARSED_ARGUMENTS)
    list(JOIN arg_UNPARSED_ARGUMENTS " " arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${function}(${NAME}): unknown argument '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${function}(${NAME}): nothing follows ${arg_KEYWORDS_MISSING_VALUES}")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "${function}(${NAME}): no SOURCES")
  endif()
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE path)
    get_source_file_property(generated "${source}" GENERATED)
    if(NOT source MATCHES "\\$<" AND NOT generated AND NOT EXISTS "${path}")
      message(FATAL_ERROR "${function}(${NAME}): there is no file ${path}")
    endif()
  endforeach()
endmacro()
