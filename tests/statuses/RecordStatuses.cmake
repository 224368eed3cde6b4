# For PWASM_RECORD_STATUSES: the unit tests of this folder write down which function has returned which status. The test
# `statuses` comes after all of them: what is documented, and nothing else, was seen.
find_package(Python3 3.10 REQUIRED COMPONENTS Interpreter)

set(status_scripts "${CMAKE_CURRENT_LIST_DIR}")
set(status_records "${CMAKE_CURRENT_BINARY_DIR}/statuses")
set(doxyfile "${PROJECT_SOURCE_DIR}/docs/Doxyfile.in")
file(MAKE_DIRECTORY "${status_records}")

get_property(targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
# In these, hosts answer what no host does: that is neither to be documented nor does it count as reached.
list(REMOVE_ITEM targets test_exhaust)

add_custom_command(OUTPUT "${status_records}/wrappers.h" VERBATIM
  COMMAND "${Python3_EXECUTABLE}" "${status_scripts}/make_wrappers.py"
    "${PROJECT_SOURCE_DIR}/include" "${doxyfile}" "${status_records}/wrappers.h"
  DEPENDS "${status_scripts}/make_wrappers.py" "${status_scripts}/public_functions.py"
    "${doxyfile}" ${public_headers})
add_custom_target(status_wrappers DEPENDS "${status_records}/wrappers.h")

add_library(status_recorder OBJECT "${status_scripts}/recorder.c")
target_link_libraries(status_recorder PRIVATE pwasm)

set(records "")
foreach(target IN LISTS targets)
  if(NOT TEST ${target})
    continue()
  endif()
  list(APPEND records "${status_records}/${target}.txt")
  add_dependencies(${target} status_wrappers)
  target_include_directories(${target} PRIVATE "${status_scripts}")
  target_compile_options(${target} PRIVATE -include "${status_records}/wrappers.h")
  target_link_libraries(${target} PRIVATE status_recorder)
  set_tests_properties(${target} PROPERTIES
    ENVIRONMENT "PWASM_STATUSES=${status_records}/${target}.txt"
    FIXTURES_SETUP statuses)
endforeach()

add_test(NAME statuses
  COMMAND "${Python3_EXECUTABLE}" "${status_scripts}/check_statuses.py"
    "${PROJECT_SOURCE_DIR}/include" "${doxyfile}" "${status_scripts}/exceptions.txt" ${records})
set_tests_properties(statuses PROPERTIES FIXTURES_REQUIRED statuses LABELS statuses)
