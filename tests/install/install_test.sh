#!/bin/bash
# Installs pwasm into a temporary prefix and builds the project in consumer/ against it: with CMake, with make and
# pkg-config, from the prefix and after moving it, with the distribution's clang and with a wasi-sdk.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset WASI_SDK_PATH CMAKE_PREFIX_PATH CMAKE_TOOLCHAIN_FILE PKG_CONFIG_PATH
export CMAKE_GENERATOR=Ninja

say() {
  printf '== %s\n' "$*"
}

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# quiet COMMAND…: shows what it says only if it fails.
quiet() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$*"; }
}

# must_fail REGEX COMMAND…: the command fails, and what it says matches once line breaks are taken out.
must_fail() {
  local regex=$1 output
  shift
  if output=$("$@" 2>&1); then
    fail "should have failed: $*"
  fi
  tr -s ' \n' ' ' <<<"$output" | grep -Eq "$regex" || fail "no '$regex' in: $output"
}

# install_sdk BUILD PREFIX OPTION…
install_sdk() {
  local build=$1 prefix=$2
  shift 2
  quiet cmake -S "$root" -B "$build" -DPWASM_BUILD_TESTS=OFF -DPWASM_BUILD_EXAMPLES=OFF "$@"
  quiet cmake --build "$build"
  quiet cmake --install "$build" --prefix "$prefix"
}

# compiler BUILD: the C compiler that CMake has chosen.
compiler() {
  sed -n 's/^set(CMAKE_C_COMPILER "\(.*\)")$/\1/p' "$1"/CMakeFiles/*/CMakeCCompiler.cmake
}

# check_module FILE [OPTION…]: it is a correct reactor that exports what it overrides and no more.
check_module() {
  python3 "$root/tests/abi/check_module.py" "$@" \
    --exports proxy_on_response_headers --no-exports 'proxy_on_(request|new|downstream|upstream)_?.*'
}

# consume_cmake PREFIX OPTION…: the options are those of the wasm build.
consume_cmake() {
  local prefix=$1
  shift
  local toolchain=$prefix/lib/cmake/pwasm/wasm32-wasi.cmake consumer=$work/consumer
  rm -rf "$consumer"
  cp -r "$here/consumer" "$consumer"

  quiet cmake -S "$consumer" -B "$consumer/wasm" --toolchain "$toolchain" "$@"
  grep -E 'Warning|System is unknown' "$work/log" && fail "CMake warns"
  quiet cmake --build "$consumer/wasm"
  check_module "$consumer/wasm/greet.wasm" --debug-copy

  quiet cmake -S "$consumer" -B "$consumer/native" "-DCMAKE_PREFIX_PATH=$prefix"
  quiet cmake --build "$consumer/native"
  quiet ctest --test-dir "$consumer/native" --no-tests=error --output-on-failure
  for test in test_greet{,_wasm}{,.envoy,.apisix}; do
    grep -q " $test \.* *Passed" "$work/log" || fail "$test did not run"
  done
  quiet ctest --test-dir "$consumer/native" -V -R '^test_greet(_wasm)?\.apisix$'
  [ "$(grep -c 'skipped in apisix: proxy_on_new_connection' "$work/log")" = 2 ] || fail "the profile was not set"
  quiet ctest --test-dir "$consumer/native" -V
  [ "$(grep -c 'PWASM_HOST_STRICT=1' "$work/log")" = 6 ] || fail "not all are strict"
}

# write_null BUILD OPTION…: builds the project in null_write/.
write_null() {
  quiet cmake -S "$here/null_write" -B "$@"
  quiet cmake --build "$1"
}

# consume_make PREFIX CLANG
consume_make() {
  rm -rf "$work/consumer"
  cp -r "$here/consumer" "$work/consumer"
  PKG_CONFIG_PATH=$1/lib/pkgconfig quiet make -C "$work/consumer" "CLANG=$2" check
  check_module "$work/consumer/greet.wasm"
}

# make_wasi_sdk FOLDER CLANG TRIPLE: lays the installed parts out as a wasi-sdk does.
make_wasi_sdk() {
  local sdk=$1 clang=$2 triple=$3 resources tool
  resources=$sdk/lib/clang/$("$clang" -dumpversion | cut -d. -f1)
  mkdir -p "$sdk/bin" "$resources/lib" "$sdk/share/wasi-sysroot/include" "$sdk/share/wasi-sysroot/lib"
  ln -s /usr/include/wasm32-wasi "$sdk/share/wasi-sysroot/include/$triple"
  ln -s /usr/lib/wasm32-wasi "$sdk/share/wasi-sysroot/lib/$triple"
  ln -s "$("$clang" -print-resource-dir)/include" "$resources/include"
  ln -s "$(dirname "$("$clang" --target=wasm32-wasi -print-libgcc-file-name)")" "$resources/lib/${triple#wasm32-}"
  # The real ones find these folders by their own place, which a link would not change.
  printf '#!/bin/sh\nexec "%s" -resource-dir "%s" --sysroot="%s" "$@"\n' \
    "$clang" "$resources" "$sdk/share/wasi-sysroot" >"$sdk/bin/clang"
  chmod +x "$sdk/bin/clang"
  for tool in wasm-ld llvm-ar llvm-ranlib llvm-objcopy; do
    ln -s "$("$clang" -print-prog-name=$tool)" "$sdk/bin/$tool"
  done
}

main() {
  local prefix=$work/prefix moved=$work/elsewhere/pwasm sdk=$work/wasi-sdk clang call debug_toolchain
  local toolchain=$root/cmake/wasm32-wasi.cmake

  say "native only: wasm is refused"
  install_sdk "$work/native" "$prefix" -DCMAKE_BUILD_TYPE=RelWithDebInfo
  must_fail 'has no wasm32-wasi library.*was not installed' \
    cmake -S "$here/consumer" -B "$work/refused" --toolchain "$prefix/lib/cmake/pwasm/wasm32-wasi.cmake"

  say "both in one prefix"
  install_sdk "$work/wasm" "$prefix" --toolchain "$toolchain"
  clang=$(compiler "$work/wasm")
  consume_cmake "$prefix"
  consume_make "$prefix" "$clang"

  say "versions"
  must_fail 'compatible with requested version "99.0"' \
    cmake -S "$here/consumer" -B "$work/newer" "-DCMAKE_PREFIX_PATH=$prefix" -DWANTED_VERSION=99.0

  say "from a moved prefix, without the builds it came from"
  mkdir -p "$(dirname "$moved")"
  mv "$prefix" "$moved"
  rm -rf "$work/native" "$work/wasm"
  consume_cmake "$moved"
  consume_make "$moved" "$clang"
  if grep -rIl -e "$root" -e "$prefix" "$moved"; then
    fail "these files name the source tree or the prefix that was installed into"
  fi

  say "with AddressSanitizer, without which the library was compiled"
  quiet cmake -S "$here/stale_view" -B "$work/stale_view" "-DCMAKE_PREFIX_PATH=$moved"
  quiet cmake --build "$work/stale_view"
  must_fail 'AddressSanitizer: use-after-poison' "$work/stale_view/test_stale_view"

  say "as a folder of another project, with modules in debug mode"
  write_null "$work/folder"
  quiet "$work/folder/test_null_write_wasm"
  write_null "$work/folder" -DPWASM_MODULES_OPTIONS=-DCMAKE_BUILD_TYPE=Debug
  must_fail 'this callback wrote to NULL' "$work/folder/test_null_write_wasm"

  say "with modules in debug mode, of another prefix"
  debug_toolchain=$work/debug_prefix/lib/cmake/pwasm/wasm32-wasi.cmake
  install_sdk "$work/debug" "$work/debug_prefix" --toolchain "$toolchain" -DCMAKE_BUILD_TYPE=Debug
  write_null "$work/installed" "-DCMAKE_PREFIX_PATH=$moved" \
    "-DPWASM_MODULES_OPTIONS=-DCMAKE_TOOLCHAIN_FILE=$debug_toolchain;-DCMAKE_BUILD_TYPE=Debug"
  must_fail 'this callback wrote to NULL' "$work/installed/test_null_write_wasm"

  say "wrong calls"
  for call in unknown_keyword no_sources missing_file no_number no_plugin unknown_profile no_profile; do
    must_fail "$(sed -n "s/.*\"$call\") # //p" "$here/bad_calls/CMakeLists.txt")" \
      cmake -S "$here/bad_calls" -B "$work/bad_calls" "-DCMAKE_PREFIX_PATH=$moved" -DCALL=$call
  done

  say "no cmocka"
  must_fail 'take cmocka.*apt-get install libcmocka-dev' \
    env PKG_CONFIG_LIBDIR=/nowhere cmake -S "$here/consumer" -B "$work/no_cmocka" "-DCMAKE_PREFIX_PATH=$moved"

  say "no wasi-sdk where WASI_SDK_PATH points"
  must_fail 'No toolchain for wasm32-wasi: wasi-libc: no .* in /nowhere/.*apt-get install clang-19' \
    cmake -S "$here/consumer" -B "$work/nowhere" --toolchain "$toolchain" -DWASI_SDK_PATH=/nowhere

  for triple in wasm32-wasi wasm32-wasip1; do
    say "with a wasi-sdk, $triple"
    rm -rf "$sdk" "$work/native" "$work/wasm" "$prefix"
    make_wasi_sdk "$sdk" "$clang" $triple
    install_sdk "$work/native" "$prefix" -DCMAKE_BUILD_TYPE=RelWithDebInfo
    WASI_SDK_PATH=$sdk install_sdk "$work/wasm" "$prefix" --toolchain "$toolchain"
    [ "$(compiler "$work/wasm")" = "$sdk/bin/clang" ] || fail "the wasi-sdk was not used"
    consume_cmake "$prefix" "-DWASI_SDK_PATH=$sdk"
    [ "$(compiler "$work/consumer/wasm")" = "$sdk/bin/clang" ] || fail "the wasi-sdk was not used"
    consume_make "$prefix" "$sdk/bin/clang"
  done
}

main
