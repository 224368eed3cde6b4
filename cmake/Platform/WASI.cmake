# Read by CMake because CMAKE_SYSTEM_NAME is WASI, which CMake 3.25 doesn't know by itself.
set(WASI 1)
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS FALSE)
