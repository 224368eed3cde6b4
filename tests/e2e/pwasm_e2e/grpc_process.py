"""A GrpcServer as a process of its own, which may outlive whoever started it.

    python -m pwasm_e2e.grpc_process FILE.py [PORT]

serves what FILE.py names METHODS on PORT, or a free one, and prints which.
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

from .config import ConfigError
from .grpc_server import GrpcServer, Method
from .process import spawn, stop


class GrpcProcess:
    """Serves the METHODS of a file, from start() to stop()."""

    def __init__(self, methods: Path, *, outlive_us: bool = False) -> None:
        self._methods = methods
        self._outlive_us = outlive_us
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        """Starts it; gives the port on which it serves."""
        # The folder of this package, wherever we have it from.
        path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        self._process = spawn(
            [sys.executable, "-m", "pwasm_e2e.grpc_process", str(self._methods)],
            outlive_us=self._outlive_us,
            env=path,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise ConfigError(f"{self._methods} can't be served, see above")
        return int(line)

    def stop(self) -> None:
        if self._process:
            stop(self._process)

    @property
    def pid(self) -> int:
        assert self._process, "the server was not started"
        return self._process.pid


def load_methods(path: Path) -> dict[str, Method]:
    """What a Python file names METHODS: the methods of a GrpcServer."""
    methods: dict[str, Method] = runpy.run_path(str(path))["METHODS"]
    return methods


def main() -> int:
    path, port = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    # Blocked before there are other threads, which would get them otherwise.
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with GrpcServer(load_methods(path), port) as server:
        print(server.port, flush=True)
        signal.sigwait(signals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
