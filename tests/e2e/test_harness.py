"""The harness itself: what it does when something is wrong, which the other tests never see."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from pwasm_e2e import EnvoyError, config
from pwasm_e2e.demo_file import DemoGrpcServer, DemoRequest, load_demo
from pwasm_e2e.envoy import MAIN_PORT
from pwasm_e2e.grpc_client import call
from pwasm_e2e.grpc_process import GrpcProcess
from pwasm_e2e.log import parse_log
from pwasm_e2e.plugin import StartEnvoy

HTTP_HEADERS = config.REPO_ROOT / "examples" / "http_headers" / "envoy.yaml"
HELLO_HTTP = config.REPO_ROOT / "examples" / "hello_http" / "envoy.yaml"

# The least that Envoy loads, and a trap at the first request.
TRAPPING_MODULE = """
(module
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) unreachable)
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable))
"""


@pytest.fixture
def trapping(tmp_path: Path) -> config.Config:
    """hello_http's configuration with a module that traps."""
    source, module = tmp_path / "trap.wat", tmp_path / "trap.wasm"
    source.write_text(TRAPPING_MODULE)
    subprocess.run(["wat2wasm", source, "-o", module], check=True)
    settings = config.load(HELLO_HTTP)
    code = config.wasm_filter(settings, listener="main")["vm_config"]["code"]
    code["local"]["filename"] = str(module)
    return settings


def test_moves_listeners_and_the_clusters_that_lead_to_them() -> None:
    settings = config.load(HTTP_HEADERS)
    elsewhere = {"socket_address": {"address": "192.0.2.1", "port_value": 8099}}
    settings["static_resources"]["clusters"].append({"name": "elsewhere", "address": elsewhere})
    assert config.listening_ports(settings) == [18000, 8099, 8001]

    text = str(config.move_ports(settings, {18000: 1, 8099: 2, 8001: 3}))

    assert text.count("'address': '127.0.0.1', 'port_value': 2") == 2
    assert text.count("'port_value': 8099") == 1


def test_a_missing_module_is_named() -> None:
    settings = config.load(HELLO_HTTP)
    config.set_module(config.wasm_filter(settings, listener="main"), "no_such_module")

    expected = "build/wasm/no_such_module.wasm not found: run scripts/build"
    with pytest.raises(config.ConfigError, match=re.escape(expected)):
        config.check_modules(settings)


def test_an_early_exit_shows_the_log(start_envoy: StartEnvoy) -> None:
    settings = config.load(HELLO_HTTP)
    settings["no_such_field"] = 1

    with pytest.raises(EnvoyError, match=r"(?s)exited with code 1.*no_such_field"):
        start_envoy(settings, expect_failures=True)


def test_waiting_in_vain_shows_the_log(start_envoy: StartEnvoy) -> None:
    envoy = start_envoy(HELLO_HTTP)

    expected = r"(?s)Waited 0.1 s in vain for: 'no such line'.*starting workers"
    with pytest.raises(EnvoyError, match=expected):
        envoy.wait_for_log("no such line", timeout=0.1)


def test_several_at_once(start_envoy: StartEnvoy) -> None:
    envoys = [start_envoy(HELLO_HTTP) for _ in range(3)]

    for num_requests, envoy in enumerate(envoys, start=1):
        for _ in range(num_requests):
            assert envoy.request("GET", "/").status_code == 200

    # Each got its own requests: no two share a port.
    counter = "http.main.downstream_rq_total"
    assert [envoy.stats(f"^{counter}$")[counter] for envoy in envoys] == [1, 2, 3]


def test_stopping_leaves_nothing(start_envoy: StartEnvoy) -> None:
    envoy = start_envoy(HELLO_HTTP, expect_failures=True)
    address = ("127.0.0.1", envoy.port(MAIN_PORT))
    assert process_exists(envoy.pid)

    assert envoy.stop() == 0

    assert not process_exists(envoy.pid)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(address)


def test_being_killed_leaves_nothing(tmp_path: Path) -> None:
    # What pytest cannot clean up after: it is killed itself.
    script = (
        "import sys, time; from pathlib import Path; from pwasm_e2e import Envoy, config;"
        "envoy = Envoy(config.load(Path(sys.argv[1])), Path(sys.argv[2])); envoy.start();"
        "print(envoy.pid, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(HELLO_HTTP), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as killed:
        assert killed.stdout
        pid = int(killed.stdout.readline())
        assert process_exists(pid)
        killed.kill()

    deadline = time.monotonic() + 10
    while process_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not process_exists(pid)


def process_exists(pid: int) -> bool:
    """Whether it runs; one that ended and waits for its parent to notice does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def test_a_trap_is_a_failure(start_envoy: StartEnvoy, trapping: config.Config) -> None:
    envoy = start_envoy(trapping, expect_failures=True)

    assert envoy.request("GET", "/").status_code == 503

    assert len(envoy.failures) == 1
    assert "proxy_on_request_headers failed" in envoy.failures[0]


def test_entries_of_several_lines() -> None:
    log = (
        "[2025-01-31 12:00:00.000][1][info][wasm] [source/context.cc:1] wasm log: vm config: {\n"
        "  [1]\n"
        "}\n"
        "[2025-01-31 12:00:00.001][1][error][wasm] [source/wasm_vm.cc:38] Function: f failed\n"
    )
    first, second = parse_log(log)

    assert (first.level, first.message) == ("info", "wasm log: vm config: {\n  [1]\n}")
    assert (first.from_plugin, first.tells_of_failure) == (True, False)
    assert (second.from_plugin, second.tells_of_failure) == (False, True)


def test_demo_files(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    assert load_demo(path).requests == [DemoRequest()]

    path.write_text("requests: [{method: PUT, body: text}]")
    assert load_demo(path).requests == [DemoRequest(method="PUT", body="text")]

    path.write_text("grpc_server: {methods: service.py, port: 9000}")
    assert load_demo(path).grpc_server == DemoGrpcServer(methods="service.py", port=9000)

    path.write_text("requests: [{methd: PUT}]")
    with pytest.raises(config.ConfigError, match="methd"):
        load_demo(path)


def test_a_grpc_server_is_a_process(tmp_path: Path) -> None:
    methods = tmp_path / "methods.py"
    methods.write_text('METHODS = {"/a.B/Do": lambda requests, _: requests}')
    server = GrpcProcess(methods)
    port = server.start()
    assert call(port, "/a.B/Do", b"hello").message == b"hello"
    assert call(port, "/a.B/Undo").status is grpc.StatusCode.UNIMPLEMENTED

    server.stop()

    assert not process_exists(server.pid)


def test_a_grpc_server_without_methods_is_named(tmp_path: Path) -> None:
    methods = tmp_path / "methods.py"
    methods.write_text("")

    with pytest.raises(config.ConfigError, match=re.escape(str(methods))):
        GrpcProcess(methods).start()
