# find_package(pwasm CONFIG REQUIRED [COMPONENTS testhost])
#
# Defines pwasm::pwasm, and natively pwasm::testhost; pwasm_add_plugin() and pwasm_add_plugin_test(). A build for
# WASI gets the library for wasm32, any other build the native one. The component testhost says that a native build
# needs the test host; a build for WASI, which has no tests, may ask for it all the same.

if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
  set(_pwasm_variant wasm32-wasi)
else()
  set(_pwasm_variant native)
endif()

set(_pwasm_targets "${CMAKE_CURRENT_LIST_DIR}/pwasmTargets-${_pwasm_variant}.cmake")
if(NOT EXISTS "${_pwasm_targets}")
  set(pwasm_FOUND FALSE)
  set(pwasm_NOT_FOUND_MESSAGE
    "This pwasm has no ${_pwasm_variant} library, which a build for '${CMAKE_SYSTEM_NAME}' needs: pwasm's "
    "${_pwasm_variant} build was not installed here. (A build for wasm32 takes --toolchain wasm32-wasi.cmake, "
    "which lies beside ${CMAKE_CURRENT_LIST_FILE}.)")
  list(JOIN pwasm_NOT_FOUND_MESSAGE "" pwasm_NOT_FOUND_MESSAGE)
  return()
endif()

foreach(_pwasm_component IN LISTS pwasm_FIND_COMPONENTS)
  if(_pwasm_component STREQUAL "testhost")
    set(pwasm_testhost_FOUND TRUE)
  elseif(pwasm_FIND_REQUIRED_${_pwasm_component})
    set(pwasm_FOUND FALSE)
    set(pwasm_NOT_FOUND_MESSAGE "pwasm has no component '${_pwasm_component}', only 'testhost'")
    return()
  endif()
endforeach()

include("${_pwasm_targets}")
include("${CMAKE_CURRENT_LIST_DIR}/PwasmPlugin.cmake")
