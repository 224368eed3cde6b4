"""The demo of an example: runs it in Envoy, sends its requests, shows what happens."""

from __future__ import annotations

import os
import signal
import sys
import time

import httpx

from . import config
from .demo_file import Demo, DemoRequest, load_demo
from .envoy import Envoy, EnvoyError
from .log import LogEntry

_MAX_BODY_CHARS = 2000

_CONFIGURED = (
    "The plugin logged while it was configured, on trial, in the main thread and in the worker:"
)

_COLORS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
_BOLD, _GREEN, _DIM, _RESET = (
    ("\x1b[1m", "\x1b[32m", "\x1b[2m", "\x1b[0m") if _COLORS else ("",) * 4
)


def main() -> int:
    name, keep = sys.argv[1], "--keep" in sys.argv[2:]
    example = config.REPO_ROOT / "examples" / name
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        logs = config.REPO_ROOT / "build" / "demo" / name
        envoy = Envoy(config.load(example / "envoy.yaml"), logs, outlive_us=keep)
        return _run(name, load_demo(example / "demo.yaml"), envoy, keep)
    except (config.ConfigError, EnvoyError, httpx.HTTPError) as error:
        print(f"\nscripts/demo: {error or type(error).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupt(*_: object) -> None:
    """Ends the demo as Ctrl-C does: Envoy is stopped on the way out."""
    raise KeyboardInterrupt


def _run(name: str, demo: Demo, envoy: Envoy, keep: bool) -> int:
    """Runs the demo; leaves Envoy running only if nothing went wrong."""
    leave_running = False
    try:
        print(f"{_BOLD}{name}{_RESET}" + (f": {demo.summary}" if demo.summary else ""))
        envoy.start()
        print("\nEnvoy is ready.")
        shown = _show_log(envoy, 0, _CONFIGURED)
        for request in demo.requests:
            _show_exchange(envoy, request)
            shown = _show_log(envoy, shown, "The plugin logged:")
        if demo.wait_for_log:
            envoy.wait_for_log(demo.wait_for_log)
            _show_log(envoy, shown, "And after a while:")

        if keep:
            _show_how_to_go_on(envoy)
            leave_running = True
    finally:
        if not leave_running:
            envoy.stop()
    return 0


def _show_exchange(envoy: Envoy, request: DemoRequest) -> None:
    # A request made by hand has none of the client's own headers but those that HTTP needs.
    headers = {"user-agent": "pwasm-demo", **request.headers}
    url = envoy.url(request.port) + request.path
    sent = httpx.Request(request.method, url, headers=headers, content=request.body or None)
    with httpx.Client(trust_env=False) as client:
        response = client.send(sent)

    print(f"\n{_BOLD}{request.title or f'{request.method} {request.path}'}{_RESET}")
    target = sent.url.raw_path.decode("ascii")
    _show_message(">", f"{sent.method} {target} HTTP/1.1", sent.headers, request.body)
    status = f"{response.http_version} {response.status_code} {response.reason_phrase}"
    _show_message("<", status, response.headers, response.text)


def _show_message(mark: str, first_line: str, headers: httpx.Headers, body: str) -> None:
    mark = f"  {_DIM}{mark}{_RESET} "
    print(f"{mark}{_GREEN}{first_line}{_RESET}")
    for name, value in headers.multi_items():
        print(f"{mark}{name}: {value}")
    if body:
        print(mark.rstrip())
        for line in body[:_MAX_BODY_CHARS].splitlines():
            print(f"{mark}{line}")
    if len(body) > _MAX_BODY_CHARS:
        print(f"{mark}… ({len(body)} characters)")


def _show_log(envoy: Envoy, shown: int, title: str) -> int:
    """Shows what the plugin logged after its first `shown` entries; gives the number of all."""
    entries = _settled_log(envoy)
    if len(entries) > shown:
        print(f"\n{title}")
    for entry in entries[shown:]:
        message = entry.message.rstrip().replace("\n", "\n" + " " * 11)
        print(f"  {_DIM}{entry.level:<8}{_RESET} {message}")
    return len(entries)


def _settled_log(envoy: Envoy) -> list[LogEntry]:
    """The plugin's entries, once no more come: some may follow the end of the response."""
    size, new_size = -1, envoy.log_path.stat().st_size
    deadline = time.monotonic() + 2
    while size != new_size and time.monotonic() < deadline:
        time.sleep(0.2)
        size, new_size = new_size, envoy.log_path.stat().st_size
    return [entry for entry in envoy.log_entries if entry.from_plugin]


def _show_how_to_go_on(envoy: Envoy) -> None:
    log = envoy.log_path.relative_to(config.REPO_ROOT)
    print(f"\n{_BOLD}Envoy goes on running.{_RESET}")
    print(f"  URL     {envoy.url()}/")
    print(f"  admin   {envoy.admin_url}/")
    print(f"  log     {log}; the plugin's lines have 'wasm log'")
    print(f"  pid     {envoy.pid}")
    print(f"  stop    kill {envoy.pid}")


if __name__ == "__main__":
    sys.exit(main())
