"""http_auth_random in Envoy."""

from __future__ import annotations

import time

from pwasm_e2e import Envoy


def test_grants_and_forbids(envoy_example: Envoy) -> None:
    seen = set()
    deadline = time.monotonic() + 30
    while seen != {200, 403}:
        assert time.monotonic() < deadline
        response = envoy_example.request("GET", "/uuid", headers={"this-is-key": "this-is-value"})
        seen.add(response.status_code)
        if response.status_code == 403:
            assert response.text == "access forbidden"
            assert response.headers["powered-by"] == "proxy-wasm-go-sdk!!"
        else:
            assert response.json()["uuid"] in {"0", "1"}

    for line in [
        "wasm log: request header: this-is-key: this-is-value",
        "wasm log: http call dispatched to httpbin",
        "wasm log: response header from httpbin: :status: 200",
        "wasm log: access granted",
        "wasm log: access forbidden",
    ]:
        envoy_example.wait_for_log(line)
