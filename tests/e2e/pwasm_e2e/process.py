"""Processes that are surely stopped."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from typing import Any

_STOP_TIMEOUT_S = 10.0


def spawn(
    command: list[str], *, outlive_us: bool = False, **options: Any
) -> subprocess.Popen[bytes]:
    """Starts a process; `options` are those of subprocess.Popen."""
    if not outlive_us and shutil.which("setpriv"):
        # If we are killed and cannot stop it, the kernel does.
        command = ["setpriv", "--pdeathsig", "KILL", "--", *command]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        # A group of its own: Ctrl-C comes to us only, and stop() reaches all of it.
        start_new_session=True,
        **options,
    )


def stop(process: subprocess.Popen[bytes]) -> int:
    """Stops a process of spawn() if it still runs; gives its exit code."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        # Whatever is left of its process group, be it the process itself.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
