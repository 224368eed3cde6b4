# cmake -DCOMPILER=… -DLANGUAGE=c|c++ -DINCLUDE_DIR=… -P check_headers.cmake
# Compiles each public header twice in one translation unit, without extensions. Leaves a file in the current folder.
file(GLOB_RECURSE headers RELATIVE "${INCLUDE_DIR}" "${INCLUDE_DIR}/*.h")
list(LENGTH headers num_headers)
if(num_headers EQUAL 0)
  message(FATAL_ERROR "no headers in ${INCLUDE_DIR}")
endif()

set(num_failed 0)
set(unit "${CMAKE_CURRENT_BINARY_DIR}/twice_${LANGUAGE}.txt")
foreach(header IN LISTS headers)
  # A header of macros only would make an empty unit, which C does not allow.
  file(WRITE "${unit}" "#include <${header}>\n#include <${header}>\nextern int not_empty;\n")
  execute_process(
    COMMAND "${COMPILER}" -x ${LANGUAGE} -std=${LANGUAGE}17 -fsyntax-only
      -Wall -Wextra -Wpedantic -Werror "-I${INCLUDE_DIR}" "${unit}"
    RESULT_VARIABLE result ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    math(EXPR num_failed "${num_failed} + 1")
    message("${header} as ${LANGUAGE}17:\n${output}")
  endif()
endforeach()

if(num_failed GREATER 0)
  message(FATAL_ERROR "${num_failed} of ${num_headers} headers do not stand alone")
endif()
message("${num_headers} headers")
