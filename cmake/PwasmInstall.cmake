# What `cmake --install` does. The wasm and the native build are installed into the same prefix, in any order: the
# libraries lie side by side, all else is the same or has its variant in its name.

# Always lib, never lib64 or the like, unless asked for: both builds must agree.
set(CMAKE_INSTALL_LIBDIR lib CACHE PATH "Object code libraries (lib)")
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/pwasm")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(PWASM_VARIANT STREQUAL "native")
  set(targets pwasm pwasm_testhost)
  set(archive_dir "${CMAKE_INSTALL_LIBDIR}")
  set(pkgconfig_files pwasm pwasm-testhost)
else()
  set(targets pwasm)
  set(archive_dir "${CMAKE_INSTALL_LIBDIR}/wasm32-wasi")
  set(pkgconfig_files pwasm-wasm32)
endif()

install(TARGETS ${targets} EXPORT pwasm
  ARCHIVE DESTINATION "${archive_dir}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

# ---- CMake ----

install(EXPORT pwasm NAMESPACE pwasm::
  FILE pwasmTargets-${PWASM_VARIANT}.cmake DESTINATION "${config_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/pwasmConfigVersion.cmake"
  COMPATIBILITY SameMajorVersion
  ARCH_INDEPENDENT) # one file for both variants
install(FILES
    cmake/pwasmConfig.cmake
    cmake/PwasmPlugin.cmake
    cmake/PwasmWasm2c.cmake
    cmake/PwasmWasmTest.cmake
    cmake/wasm32-wasi.cmake
    "${PROJECT_BINARY_DIR}/pwasmConfigVersion.cmake"
  DESTINATION "${config_dir}")
install(FILES cmake/Platform/WASI.cmake DESTINATION "${config_dir}/Platform")
# What the generated half of a translated module is compiled with.
set(wasm2c_headers env module glue wasi)
list(TRANSFORM wasm2c_headers REPLACE "(.+)" "src/testhost/wasm/\\1_private.h")
install(FILES ${wasm2c_headers} DESTINATION "${config_dir}/wasm2c")

# ---- pkg-config ----

# Relative to the .pc file, so that the prefix can be moved.
file(RELATIVE_PATH pc_prefix "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${pc_prefix}")

set(pc_cflags ${PWASM_C_OPTIONS})
set(pc_all_callbacks "")
if(PWASM_VARIANT STREQUAL "wasm32-wasi")
  if(CMAKE_C_COMPILER_VERSION VERSION_GREATER_EQUAL 16)
    list(APPEND pc_cflags ${PWASM_CLANG_OPTIONS})
  endif()
  list(PREPEND pc_cflags "--target=${CMAKE_C_COMPILER_TARGET}" ${PWASM_WASM_OPTIONS})
  list(TRANSFORM callbacks PREPEND "-Wl,--undefined=" OUTPUT_VARIABLE pc_all_callbacks)
endif()
list(JOIN pc_cflags " " pc_cflags)
list(JOIN pc_all_callbacks " " pc_all_callbacks)
list(JOIN PWASM_WASM_LINK_OPTIONS " " pc_link_options)

foreach(name IN LISTS pkgconfig_files)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_dir}")
endforeach()
