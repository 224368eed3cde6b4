"""postpone_requests in Envoy."""

from __future__ import annotations

import httpx
import pytest
from pwasm_e2e import Envoy


def test_resumes_with_the_next_tick(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/")

    assert response.text == "example body\n"
    envoy_example.wait_for_log("wasm log: postpone request with contextID=2")
    envoy_example.wait_for_log("wasm log: resume request with contextID=2")


def test_bears_clients_that_do_not_wait(envoy_example: Envoy) -> None:
    with pytest.raises(httpx.ReadTimeout):
        envoy_example.request("GET", "/", timeout=0.01)

    assert envoy_example.request("GET", "/").text == "example body\n"
