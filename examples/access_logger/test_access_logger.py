"""access_logger in Envoy."""

from __future__ import annotations

import re

import pytest
from pwasm_e2e import Envoy


@pytest.mark.parametrize(
    ("method", "path", "status_code", "flags"),
    [
        ("GET", "/hello?name=value", 200, 0),
        ("POST", "/missing", 404, 0),
        # The flag is UH, no healthy upstream.
        ("GET", "/down", 503, 2),
    ],
)
def test_logs_a_line_for_a_request(
    envoy_example: Envoy, method: str, path: str, status_code: int, flags: int
) -> None:
    response = envoy_example.request(method, path, headers={"user-agent": "test/1"})

    assert response.status_code == status_code
    line = re.escape(f"{method} {path} {status_code} {flags} ") + r'\d+ "test/1"'
    envoy_example.wait_for_log(re.compile(rf"\[info\].* wasm log: {line}$", re.MULTILINE))


def test_a_request_without_a_user_agent_has_a_dash(envoy_example: Envoy) -> None:
    del envoy_example.client().headers["user-agent"]
    envoy_example.request("GET", "/")

    envoy_example.wait_for_log(re.compile(r'wasm log: GET / 200 0 \d+ "-"$', re.MULTILINE))


def test_counts_entries_by_class(envoy_example: Envoy) -> None:
    for path, count in [("/", 3), ("/missing", 2), ("/down", 1)]:
        for _ in range(count):
            envoy_example.request("GET", path)
    envoy_example.wait_for_log("wasm log: GET /down 503 ")

    name = "wasmcustom.access_log_entries_class="
    counts = envoy_example.stats("^wasmcustom.access_log_entries")
    assert {key: value for key, value in counts.items() if value} == {
        f"{name}2xx": 3,
        f"{name}4xx": 2,
        f"{name}5xx": 1,
    }
    lines = [entry.message for entry in envoy_example.log_entries if entry.from_plugin]
    assert len(lines) == 6
    assert 'access_log_entries{class="2xx"} 3\n' in envoy_example.admin("/stats/prometheus")
