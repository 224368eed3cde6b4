"""http_routing in Envoy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy


def test_goes_to_both(envoy_example: Envoy) -> None:
    seen = set()
    deadline = time.monotonic() + 30
    while len(seen) < 2:
        assert time.monotonic() < deadline
        seen.add(envoy_example.request("GET", "/").text)
    assert seen == {"hello from primary!\n", "hello from canary!\n"}
    envoy_example.wait_for_log("wasm log: value: ")


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        pytest.param("1", "hello from primary!\n", id="odd"),
        pytest.param("2", "hello from canary!\n", id="even"),
    ],
)
def test_configuration_overrides_chance(
    start_envoy: StartEnvoy, configuration: str, expected: str
) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    config.wasm_filter(settings, listener="main")["configuration"] = {
        "@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": configuration,
    }
    envoy = start_envoy(settings)

    assert {envoy.request("GET", "/").text for _ in range(5)} == {expected}
