"""shared_data in Envoy."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pwasm_e2e import Envoy, config
from pwasm_e2e.envoy import MAIN_PORT
from pwasm_e2e.plugin import StartEnvoy

HERE = Path(__file__).parent


def test_counts_requests(envoy_example: Envoy) -> None:
    for _ in range(10):
        assert envoy_example.request("GET", "/").status_code == 200

    envoy_example.wait_for_log("wasm log: shared value: 10")


def test_no_request_of_any_worker_is_lost(start_envoy: StartEnvoy) -> None:
    envoy = start_envoy(HERE / "envoy.yaml", concurrency=4)

    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda _: envoy.request("GET", "/"), range(200)))

    assert {response.status_code for response in responses} == {200}
    envoy.wait_for_log("wasm log: shared value: 200")


def add_listener(settings: config.Config, port: int, vm_id: str) -> None:
    """Another listener, whose filter has a VM of its own: the VM's configuration differs."""
    listeners = settings["static_resources"]["listeners"]
    other = copy.deepcopy(listeners[0])
    other["name"] = f"port {port}"
    other["address"]["socket_address"]["port_value"] = port
    listeners.append(other)
    vm_config = config.wasm_filter(settings, other["name"])["vm_config"]
    vm_config["vm_id"] = vm_id
    vm_config["configuration"] = {
        "@type": "type.googleapis.com/google.protobuf.StringValue",
        "value": other["name"],
    }


def test_a_vm_id_is_what_is_shared(start_envoy: StartEnvoy) -> None:
    settings = config.load(HERE / "envoy.yaml")
    config.wasm_filter(settings, "main")["vm_config"]["vm_id"] = "one"
    add_listener(settings, 18001, vm_id="one")
    add_listener(settings, 18002, vm_id="two")
    envoy = start_envoy(settings)

    for port in [MAIN_PORT, 18001] * 5 + [18002] * 3:
        assert envoy.request("GET", "/", port=port).status_code == 200

    envoy.wait_for_log("wasm log one: shared value: 10")
    envoy.wait_for_log("wasm log two: shared value: 3")
    assert "wasm log one: shared value: 11" not in envoy.log
    assert "wasm log two: shared value: 4" not in envoy.log
