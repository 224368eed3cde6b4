"""foreign_call_on_tick in Envoy."""

from __future__ import annotations

import re
import zlib

from pwasm_e2e import Envoy


def test_compresses_at_every_tick(envoy_example: Envoy) -> None:
    envoy_example.wait_for_log("wasm log: set tick period milliseconds: 1")
    for count in range(1, 6):
        envoy_example.wait_for_log(f"wasm log: foreign function (compress) called: {count}, ")

    match = re.search(r"called: 5, result: ([0-9a-f]+)$", envoy_example.log, re.MULTILINE)
    assert match
    assert zlib.decompress(bytes.fromhex(match[1])) == b"hello world!"
    assert envoy_example.request("GET", "/").text == "example body\n"
