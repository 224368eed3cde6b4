# cmake -DSOURCE=file.wat -DWAT2WASM=… -DWASM2C=… -DROOT=… -DOUTPUT_DIR=… -P check_imports.cmake
file(READ "${SOURCE}" text)
if(NOT text MATCHES "^;; expect: ([^\n]+)\n")
  message(FATAL_ERROR "${SOURCE}: the first line must be `;; expect: <regular expression>`")
endif()
set(expected "${CMAKE_MATCH_1}")

cmake_path(GET SOURCE STEM name)
set(module "${OUTPUT_DIR}/${name}.wasm")
execute_process(COMMAND "${WAT2WASM}" "${SOURCE}" -o "${module}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(
  COMMAND "${CMAKE_COMMAND}" "-DMODULE=${module}" "-DWASM2C=${WASM2C}" "-DPRIVATE_DIR=${ROOT}/src/testhost/wasm"
    "-DOUTPUT_DIR=${OUTPUT_DIR}" -P "${ROOT}/cmake/PwasmWasm2c.cmake"
  RESULT_VARIABLE result ERROR_VARIABLE output)
if(expected STREQUAL "nothing")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "It is refused:\n${output}")
  endif()
elseif(result EQUAL 0)
  message(FATAL_ERROR "It is translated, but must not be.")
elseif(NOT output MATCHES "${expected}")
  message(FATAL_ERROR "No message matches '${expected}':\n${output}")
endif()
