"""properties in Envoy."""

from __future__ import annotations

import re

import pytest
from pwasm_e2e import Envoy


@pytest.mark.parametrize(
    ("path", "headers", "status_code", "line"),
    [
        ("/one", {}, 401, 'auth header is "cookie"'),
        ("/one", {"cookie": "value"}, 200, 'auth header is "cookie"'),
        ("/two", {"cookie": "value"}, 401, 'auth header is "authorization"'),
        ("/two", {"authorization": "token"}, 200, 'auth header is "authorization"'),
        ("/three", {}, 200, "no auth header for route"),
    ],
)
def test_asks_for_the_header_of_the_route(
    envoy_example: Envoy, path: str, headers: dict[str, str], status_code: int, line: str
) -> None:
    response = envoy_example.request("GET", path, headers=headers)

    assert response.status_code == status_code
    assert response.text == ("example body\n" if status_code == 200 else "")
    envoy_example.wait_for_log(f"wasm log: {line}")
    envoy_example.wait_for_log(re.compile(r"wasm log: \d+ finished$", re.MULTILINE))


def test_a_grpc_call_gets_a_grpc_status(envoy_example: Envoy) -> None:
    response = envoy_example.request("POST", "/one", headers={"content-type": "application/grpc"})

    assert response.status_code == 200
    assert response.headers["grpc-status"] == "16"
