"""dispatch_call_on_tick in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_both_plugins_call(envoy_example: Envoy) -> None:
    envoy_example.wait_for_log("wasm log: set tick period milliseconds: 100")
    for count in range(1, 6):
        for context_id in (1, 2):
            envoy_example.wait_for_log(f"wasm log: called {count} for contextID={context_id}")
    prefix = "wasm log: response header for the dispatched call: :status: "
    envoy_example.wait_for_log(prefix + "200")
    envoy_example.wait_for_log(prefix + "503")


def test_lets_requests_pass(envoy_example: Envoy) -> None:
    assert envoy_example.request("GET", "/ok").status_code == 200
    assert "wasm log: pwasm:" not in envoy_example.log
