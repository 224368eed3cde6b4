"""stats_sink in Envoy."""

from __future__ import annotations

import re

from pwasm_e2e import Envoy, config
from pwasm_e2e.plugin import StartEnvoy

LINE = re.compile(r"wasm log: (\S+) (\d+)(?: \(\+(\d+)\))?$", re.MULTILINE)


def last_values(envoy: Envoy) -> dict[str, int]:
    return {name: int(value) for name, value, _ in LINE.findall(envoy.log)}


def test_logs_what_has_changed(envoy_example: Envoy) -> None:
    for _ in range(3):
        envoy_example.request("GET", "/")
    envoy_example.wait_for_log("wasm log: http.main.downstream_rq_total 3 ")

    found = LINE.findall(envoy_example.log)
    assert all(name.startswith("http.main.") for name, _, _ in found)
    # Whatever the intervals were, all the changes add up.
    deltas = [delta for name, _, delta in found if name == "http.main.downstream_rq_total"]
    assert sum(map(int, deltas)) == 3
    # A gauge comes each time.
    assert "http.main.downstream_rq_active" in last_values(envoy_example)


def test_what_it_tells_is_what_envoy_has(start_envoy: StartEnvoy) -> None:
    settings = config.load(config.REPO_ROOT / "examples/stats_sink/envoy.yaml")
    sink = settings["stats_sinks"][0]["typed_config"]["config"]
    sink["configuration"]["value"] = ""
    # Many more statistics, of which Envoy says that they need gigabytes.
    clusters = [{"name": f"cluster_{i}", "type": "STATIC"} for i in range(200)]
    settings["static_resources"]["clusters"] = [
        cluster | {"load_assignment": {"cluster_name": cluster["name"]}} for cluster in clusters
    ]
    envoy = start_envoy(settings)
    for _ in range(2):
        envoy.request("GET", "/")
    envoy.wait_for_log("wasm log: http.main.downstream_rq_total 2 ")
    envoy.wait_for_log(re.compile("(wasm log: server.live 1$.*){3}", re.MULTILINE | re.DOTALL))

    told = last_values(envoy)
    assert "statistics are missing" not in envoy.log
    # Those that were never used are left out.
    stats = envoy.admin("/stats?usedonly&filter=^(cluster.cluster_|http.main.|listener_manager.)")
    steady = {
        name: int(value) for name, value in re.findall(r"^(\S+): (\d+)$", stats, re.MULTILINE)
    }
    assert len(steady) > 200
    assert {name: told.get(name) for name in steady} == steady
