"""json_validation in Envoy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pwasm_e2e import Envoy, EnvoyError, config
from pwasm_e2e.plugin import StartEnvoy

JSON = {"content-type": "application/json"}
VALID = '{"id": "abc123", "token": "xyz456"}'


def test_wants_a_content_type(envoy_example: Envoy) -> None:
    response = envoy_example.request("GET", "/")

    assert response.status_code == 403
    assert response.text == "content-type must be provided"


def test_lets_valid_json_pass(envoy_example: Envoy) -> None:
    response = envoy_example.request("POST", "/", headers=JSON, content=VALID)

    assert response.status_code == 200
    assert response.text == "hello from the server\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        pytest.param('{"id": "a"', r'body is not a valid json: "{\"id\": \"a\""', id="no_json"),
        pytest.param('{"id": "a"}', 'required key (token) is missing: {"id": "a"}', id="no_token"),
        pytest.param("[1]", "required key (id) is missing: [1]", id="no_object"),
        pytest.param("[" * 100_000, "body is not a valid json: ", id="deep"),
    ],
)
def test_refuses_other_bodies(envoy_example: Envoy, body: str, line: str) -> None:
    response = envoy_example.request("POST", "/", headers=JSON, content=body)

    assert response.status_code == 403
    assert response.text == "invalid payload"
    envoy_example.wait_for_log(f"wasm log: {line}")


def test_validates_a_large_body(envoy_example: Envoy) -> None:
    client = envoy_example.client(http2=True)
    body = '{"id": "%s", "token": ""' % ("x" * 200_000)

    assert client.post("/", headers=JSON, content=body + "}").status_code == 200
    assert client.post("/", headers=JSON, content=body).status_code == 403


def test_refuses_a_wrong_configuration(start_envoy: StartEnvoy) -> None:
    settings = config.load(Path(__file__).parent / "envoy.yaml")
    config.wasm_filter(settings, listener="main")["configuration"]["value"] = '{"requiredKeys"}'
    line = (
        "wasm log: error parsing plugin configuration: "
        r'the plugin configuration is not a valid json: "{\"requiredKeys\"}"'
    )

    with pytest.raises(EnvoyError, match=re.escape(line)):
        start_envoy(settings, expect_failures=True)
