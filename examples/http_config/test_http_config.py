"""http_config in Envoy."""

from __future__ import annotations

from pathlib import Path

from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy


def test_adds_its_configuration(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/hello")

    assert response.text == "Inspect the HTTP header: custom-header.\n"
    expected = "The secret to life is meaningless unless you discover it yourself"
    assert response.headers["custom-header"] == expected


def test_does_without(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    del config.wasm_filter(settings, listener="main")["configuration"]

    assert "custom-header" not in start_envoy(settings).request("GET", "/hello").headers
