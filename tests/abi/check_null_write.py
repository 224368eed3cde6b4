#!/usr/bin/env python3
"""Runs a module that writes to NULL in wabt's interpreter: debug modules report that, release modules don't look."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from wasm_module import read_module

REPORT = b"pwasm: this callback wrote to NULL"
CRITICAL = 5

# A host that has the one hostcall, answers OK and keeps what it was told.
HOST = """
(module $host
  (global $level (mut i32) (i32.const -1))
  (global $address (mut i32) (i32.const 0))
  (func (export "proxy_log") (param i32 i32 i32) (result i32)
    (global.set $level (local.get 0))
    (global.set $address (local.get 1))
    (i32.const 0))
  (func (export "level") (result i32) (global.get $level))
  (func (export "address") (result i32) (global.get $address)))
(register "env" $host)
"""

CALL = '(invoke $guest "proxy_on_context_create" (i32.const 1) (i32.const 0))'


def script(path, is_debug):
    """What has to be so, in the language of WebAssembly's own tests."""
    code = "".join(f"\\{byte:02x}" for byte in path.read_bytes())
    yield HOST
    yield f'(module $guest binary "{code}")'
    if not is_debug:
        yield f"(assert_return {CALL})"
        yield '(assert_return (invoke $host "level") (i32.const -1))'
        return
    addresses = [begin + data.find(REPORT) for begin, data in read_module(path).segments if REPORT in data]
    if len(addresses) != 1:
        sys.exit(f"{path.name} has the report {len(addresses)} times")
    yield f'(assert_trap {CALL} "unreachable")'
    yield f'(assert_return (invoke $host "level") (i32.const {CRITICAL}))'
    yield f'(assert_return (invoke $host "address") (i32.const {addresses[0]}))'


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wast2json", type=Path)
    parser.add_argument("interpreter", type=Path, help="spectest-interp")
    parser.add_argument("module", type=Path, help="one whose plugins write to NULL when they are made")
    parser.add_argument("--debug", action="store_true", help="it is a debug module")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        wast = Path(folder, "null_write.wast")
        wast.write_text("\n".join(script(args.module, args.debug)))
        json = wast.with_suffix(".json")
        subprocess.run([args.wast2json, wast, "-o", json], check=True)
        sys.exit(subprocess.run([args.interpreter, json]).returncode)


if __name__ == "__main__":
    main()
