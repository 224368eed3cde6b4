"""multiple_dispatches in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_waits_for_ten_answers(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/")

    assert response.status_code == 200
    assert response.headers["total-dispatched"] == "10"
    for pending in range(1, 10):
        envoy_example.wait_for_log(f"wasm log: pending dispatched requests: {pending}")
    envoy_example.wait_for_log(
        "wasm log: response resumed after processed 10 dispatched request"
    )
