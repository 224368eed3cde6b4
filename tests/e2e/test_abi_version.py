"""The same plugin, made for each version of Proxy-Wasm, does the same in Envoy."""

from __future__ import annotations

import pytest
from pwasm_e2e import config
from pwasm_e2e.plugin import StartEnvoy

EXAMPLE = config.REPO_ROOT / "examples" / "vm_plugin_configuration" / "envoy.yaml"


@pytest.mark.parametrize(
    ("version", "end_of_stream"), [("0_1_0", 0), ("0_2_0", 1), ("0_2_1", 1)]
)
def test_version(start_envoy: StartEnvoy, version: str, end_of_stream: int) -> None:
    settings = config.load(EXAMPLE)
    config.set_module(config.wasm_filter(settings, listener="main"), f"abi_version_{version}")
    envoy = start_envoy(settings)

    # The response has no body either.
    response = envoy.request("HEAD", "/", headers={"x-full": "value", "x-empty": ""})

    assert response.status_code == 200
    assert response.headers["x-resumed"] == "yes"
    for line in [
        'vm: OK {\n  "name": "vm configuration"',
        'plugin: OK {\n  "name": "plugin configuration"',
        f"end of request: {end_of_stream}",
        f"end of response: {end_of_stream}",
        "x-full: OK value",
        "x-empty: OK \n",
        "x-missing: NOT_FOUND \n",
    ]:
        envoy.wait_for_log(f"wasm log: {line}")

    response = envoy.request("GET", "/", headers={"x-reply": "now"})

    assert response.status_code == 403
    envoy.wait_for_log("wasm log: resumed after a reply: ALREADY_REPLIED")
