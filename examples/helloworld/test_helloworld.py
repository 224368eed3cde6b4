"""helloworld in Envoy."""

from __future__ import annotations

import re

from pwasm_e2e import Envoy


def test_logs_at_start_and_with_each_tick(envoy_example: Envoy) -> None:
    envoy_example.wait_for_log("wasm log: OnPluginStart from Go!")
    envoy_example.wait_for_log(
        re.compile(r"wasm log: It's \d{19}: random value: [1-9]\d*$", re.MULTILINE)
    )
    envoy_example.wait_for_log("wasm log: OnTick called")

    assert envoy_example.request("GET", "/").text == "example body\n"
