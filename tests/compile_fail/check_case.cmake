# cmake -DCOMPILER=… -DFLAGS=response_file -DCASE=file.c -P check_case.cmake
set(ENV{LC_ALL} C) # plain quotes in messages
file(STRINGS "${CASE}" first_line LIMIT_COUNT 1)
if(NOT first_line MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${CASE}: the first line must be `// expect: <regular expression>`")
endif()
set(expected "${CMAKE_MATCH_1}")

# Compiles the case and sets `result` and `output`. (To assembly: gcc's -fsyntax-only misses unused results.)
macro(compile)
  execute_process(COMMAND "${COMPILER}" "@${FLAGS}" -S -o - ${ARGN} "${CASE}"
    RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE output)
endmacro()

compile(-DCORRECT -Wall -Wextra -Werror)
if(NOT result EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "The correct variant does not compile.")
endif()

compile()
if(result EQUAL 0)
  message("${output}")
  message(FATAL_ERROR "It compiles, but must not.")
elseif(NOT output MATCHES "${expected}")
  message("${output}")
  message(FATAL_ERROR "No error matches '${expected}'.")
endif()
