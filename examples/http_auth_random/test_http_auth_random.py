"""http_auth_random in Envoy."""

from __future__ import annotations

import time
from pathlib import Path

from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy
from pwasm_e2e.upstream import running_upstream


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


def test_asks_without_the_requests_length(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    cluster = settings["static_resources"]["clusters"][0]
    address = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]

    # This service reads the whole request before it answers, and sends its body back: for the
    # call, which has none, an empty one.
    with running_upstream() as port:
        address["socket_address"]["port_value"] = port
        response = start_envoy(settings).request("POST", "/", content="body")

    assert response.status_code == 403
