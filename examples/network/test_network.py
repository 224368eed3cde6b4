"""network in Envoy."""

from __future__ import annotations

from pwasm_e2e import Envoy


def test_sees_a_connection(envoy_example: Envoy) -> None:
    headers = {"This-Is-Key": "this-is-value", "Connection": "close"}
    response = envoy_example.request("GET", "/", headers=headers)

    assert response.status_code == 200
    assert response.text == "example body\n"
    for line in [
        "wasm log: new connection!",
        "wasm log: >>>>>> downstream data received >>>>>>",
        "This-Is-Key: this-is-value",
        "wasm log: remote address: 127.0.0.1:",
        "wasm log: upstream cluster metadata location[region]=ap-northeast-1",
        "wasm log: upstream cluster metadata location[cloud_provider]=aws",
        "wasm log: upstream cluster metadata location[az]=ap-northeast-1a",
        "wasm log: <<<<<< upstream data received <<<<<<",
        "wasm log: downstream connection close!",
        "wasm log: connection complete!",
    ]:
        envoy_example.wait_for_log(line)
    counters = envoy_example.stats("connection_counter")
    assert list(counters.values()) == [1]
