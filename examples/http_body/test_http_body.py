"""http_body in Envoy."""

from __future__ import annotations

import pytest
from pwasm_e2e import Envoy
from pwasm_e2e.connection import Request, exchange_http2

MAIN_PORT = 18000
ECHO_PORT = 38140
BODY = "[original body]"


@pytest.mark.parametrize("where", ["request", "response"])
@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        pytest.param("append", "[original body][this is appended body]", id="append"),
        pytest.param("prepend", "[this is prepended body][original body]", id="prepend"),
        pytest.param("replace", "[this is replaced body]", id="replace"),
        pytest.param("invalid", "[this is replaced body]", id="invalid"),
    ],
)
def test_changes_the_body(envoy_example: Envoy, where: str, operation: str, expected: str) -> None:
    headers = {"buffer-replace-at": where, "buffer-operation": operation}
    response = envoy_example.request("PUT", "/anything", headers=headers, content=BODY)

    assert response.status_code == 200
    assert response.text == expected
    envoy_example.wait_for_log(f"wasm log: original {where} body: {BODY}")


@pytest.mark.parametrize("where", ["request", "response"])
def test_wants_a_body(envoy_example: Envoy, where: str) -> None:
    response = envoy_example.request("GET", "/anything", headers={"buffer-replace-at": where})

    assert response.status_code == 400
    assert response.text == "content must be provided"


def test_changes_a_body_that_comes_in_pieces(envoy_example: Envoy) -> None:
    # More than a socket gives at once: the plugin has to wait for the rest.
    body = "x" * 200_000
    headers = {"buffer-operation": "append", "content-length": str(len(body))}
    response = envoy_example.client(http2=True).put("/anything", headers=headers, content=body)

    assert response.status_code == 200
    assert response.text == body + "[this is appended body]"


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        pytest.param(MAIN_PORT, f"{BODY}[this is appended body]", id="change"),
        pytest.param(ECHO_PORT, BODY, id="echo"),
    ],
)
def test_trailers_do_not_lead_around_it(envoy_example: Envoy, port: int, expected: str) -> None:
    request = Request(
        b"PUT",
        b"/anything",
        [(b"buffer-operation", b"append")],
        body=BODY.encode(),
        trailers=[(b"a", b"b")],
    )
    assert exchange_http2(envoy_example.port(port), request).body.decode() == expected
