#!/usr/bin/env python3
"""Checks a plugin's module: what it imports and exports, its size, its memory layout.

Some things hold for every module; what a certain one imports and exports stands in files, one entry a line.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from wasm_module import read_module

# What the SDK is compiled with. Newer compilers count a part of bulk-memory separately.
FEATURES = {"bulk-memory", "bulk-memory-opt", "mutable-globals", "sign-ext"}


def check_imports(module):
    for entry in module.imports:
        if entry.module != "env" or not re.match("proxy_|envoy_resolve_dns$", entry.name) or entry.kind != "func":
            yield f"imports {entry}: hosts of Proxy-Wasm may not have it; see the link map for who pulled it in"


def check_exports(module):
    names = [entry.name for entry in module.exports]
    for name in ("memory", "_initialize", "proxy_on_memory_allocate"):
        if name not in names:
            yield f"does not export {name}"
    versions = [name for name in names if name.startswith("proxy_abi_version_")]
    if len(versions) != 1:
        yield f"exports {len(versions)} ABI versions, not one: {', '.join(versions)}"
    for name in names:
        if name in ("malloc", "free"):
            yield f"exports {name}, which hosts would call instead of proxy_on_memory_allocate"
        elif name == "_start":
            yield "exports _start: it is a command, which hosts run once and end, not a reactor"
        elif not re.fullmatch(r"memory|_initialize|proxy_abi_version_\w+|(proxy|envoy)_on_\w+", name):
            yield f"exports {name}, which no host calls"


def check_initialize(args, module):
    """What runs in _initialize: hosts let it log and no more, and some never call it."""
    text = subprocess.run([args.objdump, "-d", args.module], check=True, capture_output=True, text=True).stdout
    calls = {}
    for line in text.splitlines():
        if found := re.match(r"[0-9a-f]+ func\[(\d+)\]", line):
            calls[function := int(found[1])] = set()
        elif found := re.search(r"\| +(?:call (\d+)|(call_indirect))", line):
            calls[function].add(int(found[1]) if found[1] else None)

    imported = [entry for entry in module.imports if entry.kind == "func"]
    reached, new = set(), {entry.index for entry in module.exports if entry.name == "_initialize"}
    while new:
        reached |= new
        new = {callee for function in new for callee in calls.get(function, ())} - reached
    for function in reached:
        if function is None:
            yield "_initialize calls a function by its pointer: nobody knows whether that is a hostcall"
        elif function < len(imported):
            yield f"_initialize calls {imported[function].name}: no hostcall is allowed there"


def check_layout(module, stack_size, max_memory):
    if module.has_start:
        yield "has a start section, which runs before the host is ready; a reactor has _initialize instead"
    # The linker's first global is the stack pointer. A module that needs no stack has none.
    if module.globals and module.globals[0] != ("i32", True, stack_size):
        yield f"its first global is {module.globals[0]}, not a stack pointer that begins at {stack_size}"
    for address, data in module.segments:
        if address is None or address < stack_size:
            yield f"{len(data)} bytes of data lie at {address}, not above the stack, so an overflow overwrites data"
    if module.memory_max != max_memory:
        yield f"limits its memory to {module.memory_max} bytes, not {max_memory}"


def check_features(module):
    for feature in sorted(module.features - FEATURES):
        yield (
            f"needs the feature {feature}, which not all hosts have: an object was compiled without the SDK's flags, "
            "as compiler-rt's are (-Wl,--trace and -Wl,--why-extract=- tell who pulls it in)"
        )


def check_debug_copy(module, copy):
    if "name" not in module.custom_sections:
        yield "has no name section: back traces would show no names"
    if any(name.startswith(".debug") for name in module.custom_sections):
        yield "has debug sections"
    if [str(entry) for entry in copy.exports] != [str(entry) for entry in module.exports]:
        yield "its .debug.wasm has other exports"
    if ".debug_info" not in copy.custom_sections:
        yield "its .debug.wasm has no debug information"


def expected_files(args, module):
    """The files with the expected imports and exports, and the lines that would be right."""
    for what in ("imports", "exports"):
        path = args.expected / f"{args.module.stem}.{what}.txt"
        yield what, path, sorted(str(entry) for entry in getattr(module, what))


def check_expected(args, module):
    for what, path, found in expected_files(args, module):
        expected = path.read_text().splitlines() if path.exists() else []
        new = [line for line in found if line not in expected]
        missing = [line for line in expected if line not in found]
        if new or missing or not path.exists():
            yield "\n".join(
                [f"its {what} are not those in {path}:"]
                + [f"    + {line}   (new)" for line in new]
                + [f"    - {line}   (missing)" for line in missing]
                + ["  If that is meant: cmake --build --preset wasm --target update-abi"]
            )


def check(args, module):
    if args.expected:
        yield from check_expected(args, module)
    yield from check_imports(module)
    yield from check_exports(module)
    yield from check_layout(module, args.stack_size, args.max_memory)
    yield from check_features(module)
    if args.objdump:
        yield from check_initialize(args, module)
    if args.debug_copy:
        yield from check_debug_copy(module, read_module(args.module.with_suffix(".debug.wasm")))
    if args.max_size is not None and module.stripped_size > args.max_size:
        yield f"{module.stripped_size} bytes without names, {args.max_size} are allowed"
    names = [entry.name for entry in module.exports]
    for name in args.exports:
        if name not in names:
            yield f"does not export {name}"
    for name in names:
        if args.no_exports and re.fullmatch(args.no_exports, name):
            yield f"exports {name}, which this plugin does not override"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("module", type=Path)
    parser.add_argument("--expected", type=Path, metavar="DIR", help="has NAME.imports.txt and NAME.exports.txt")
    parser.add_argument("--update", action="store_true", help="write them instead of comparing")
    parser.add_argument("--max-size", type=int, metavar="BYTES", help="of the module without custom sections")
    parser.add_argument("--stack-size", type=int, default=65536, metavar="BYTES")
    parser.add_argument("--max-memory", type=int, metavar="BYTES", help="the limit that the module must declare")
    parser.add_argument("--debug-copy", action="store_true", help="look at NAME.debug.wasm beside the module too")
    parser.add_argument("--objdump", type=Path, metavar="FILE", help="wasm-objdump: look at _initialize too")
    parser.add_argument("--exports", nargs="+", default=[], metavar="NAME", help="must be among the exports")
    parser.add_argument("--no-exports", metavar="REGEX", help="must match no export")
    args = parser.parse_args()

    module = read_module(args.module)
    if args.update:
        for _, path, lines in expected_files(args, module):
            path.write_text("".join(line + "\n" for line in lines))
        return

    errors = list(check(args, module))
    for error in errors:
        print(f"{args.module.name}: {error}", file=sys.stderr)
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
