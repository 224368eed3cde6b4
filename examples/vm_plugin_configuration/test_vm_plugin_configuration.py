"""vm_plugin_configuration in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_logs_both_configurations(envoy_example: Envoy) -> None:
    envoy_example.wait_for_log('wasm log: vm config: {\n  "name": "vm configuration"\n}\n')
    envoy_example.wait_for_log('wasm log: plugin config: {\n  "name": "plugin configuration"\n}\n')

    assert envoy_example.request("GET", "/").text == "example body\n"
