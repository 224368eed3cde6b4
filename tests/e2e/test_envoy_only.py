"""What Envoy alone has: resolving names, sizes of maps and buffers."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy


def start(start_envoy: StartEnvoy, example: str) -> Envoy:
    settings = config.load(config.REPO_ROOT / "examples" / example / "envoy.yaml")
    config.set_module(config.wasm_filter(settings, listener="main"), "envoy_only")
    return start_envoy(settings)


@pytest.fixture
def envoy(start_envoy: StartEnvoy) -> Envoy:
    return start(start_envoy, "hello_http")


@pytest.mark.parametrize(
    ("name", "ips"),
    [
        ("localhost", ["127.0.0.1", "::1"]),
        ("192.0.2.7", ["192.0.2.7"]),
        ("2001:db8::7", ["2001:db8::7"]),
    ],
)
def test_resolves_a_name(envoy: Envoy, name: str, ips: list[str]) -> None:
    response = envoy.request("GET", f"/resolve/{name}")

    assert response.text == "answered"
    found = re.findall(r"wasm log: (\S+) for \d+ s$", envoy.log, re.MULTILINE)
    assert found
    assert set(found) <= set(ips)


def test_a_name_that_there_is_not(envoy: Envoy) -> None:
    response = envoy.request("GET", "/resolve/no-such-name.invalid", timeout=60)

    assert response.text in {"answered", "failed"}
    assert " for " not in "".join(entry.message for entry in envoy.log_entries if entry.from_plugin)


def test_an_empty_name_is_refused(envoy: Envoy) -> None:
    assert envoy.request("GET", "/resolve/").text == "bad argument"


def test_size_of_a_map(envoy: Envoy) -> None:
    text = envoy.request("GET", "/map", headers={"x-more": "value"}).text

    match = re.fullmatch(r"success: (\d+), as it should be: (\d+)", text)
    assert match
    assert match[1] == match[2] != "0"


def test_size_of_a_body(start_envoy: StartEnvoy) -> None:
    # A server that does not reply before the body is there.
    envoy = start(start_envoy, "http_body")
    response = envoy.request("POST", "/body", content=b"0123456789" * 10_000)

    assert response.text == "success: 100000, as it should be: 100000"


def test_sizes_of_what_is_not_there(envoy: Envoy) -> None:
    # BAD_ARGUMENT of the map, NOT_FOUND of the answer to a call, 0 bytes of a body.
    assert envoy.request("GET", "/failures").text == "2 1 0 0"


def test_a_reply_to_another_stream_is_refused_and_nothing_hangs(envoy: Envoy) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(envoy.request, "GET", "/wait")
        envoy.wait_for_log("wasm log: waiting")
        assert envoy.request("GET", "/end").status_code == 200
        assert waiting.result().status_code == 200

    envoy.wait_for_log("wasm log: no reply: bad argument")


def test_a_reply_to_a_stream_that_is_closed_is_refused_and_nothing_crashes(envoy: Envoy) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        envoy.request("GET", "/close")

    envoy.wait_for_log("wasm log: no reply: the stream or plugin has ended")
    assert envoy.request("GET", "/end").status_code == 200
