"""The demo of an example: runs it in Envoy, sends its requests, shows what happens."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import httpx

from . import config, grpc_client
from .demo_file import Demo, DemoRequest, load_demo
from .envoy import Envoy, EnvoyError
from .grpc_process import GrpcProcess
from .log import LogEntry

Headers = Iterable[tuple[str, str]]

_MAX_BODY_CHARS = 2000

_CONFIGURED = (
    "The plugin logged while it was configured, on trial, in the main thread and in the worker:"
)
_LATER = "And after a while:"

_COLORS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
_BOLD, _GREEN, _DIM, _RESET = (
    ("\x1b[1m", "\x1b[32m", "\x1b[2m", "\x1b[0m") if _COLORS else ("",) * 4
)


def main() -> int:
    name, keep = sys.argv[1], "--keep" in sys.argv[2:]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _run(name, load_demo(_example(name) / "demo.yaml"), keep)
    except (config.ConfigError, EnvoyError, httpx.HTTPError) as error:
        print(f"\nscripts/demo: {error or type(error).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _interrupt(*_: object) -> None:
    """Ends the demo as Ctrl-C does: Envoy is stopped on the way out."""
    raise KeyboardInterrupt


def _run(name: str, demo: Demo, keep: bool) -> int:
    """Runs the demo; leaves Envoy and the gRPC server running only if nothing went wrong."""
    server: GrpcProcess | None = None
    print(f"{_BOLD}{name}{_RESET}" + (f": {demo.summary}" if demo.summary else ""))
    settings = config.load(_example(name) / "envoy.yaml")
    with contextlib.ExitStack() as running:
        if demo.grpc_server:
            server = GrpcProcess(_example(name) / demo.grpc_server.methods, outlive_us=keep)
            running.callback(server.stop)
            settings = config.move_ports(settings, {demo.grpc_server.port: server.start()})
        envoy = Envoy(settings, config.REPO_ROOT / "build" / "demo" / name, outlive_us=keep)
        running.callback(envoy.stop)
        envoy.start()
        _show(envoy, demo)
        if keep:
            _show_how_to_go_on(envoy, server)
            running.pop_all()
    return 0


def _example(name: str) -> Path:
    return config.REPO_ROOT / "examples" / name


def _show(envoy: Envoy, demo: Demo) -> None:
    print("\nEnvoy is ready.")
    shown = _show_log(envoy, 0, _CONFIGURED)
    for request in demo.requests:
        if request.after_log:
            envoy.wait_for_log(request.after_log)
            shown = _show_log(envoy, shown, _LATER)
        print(f"\n{_BOLD}{request.title or f'{request.method} {request.path}'}{_RESET}")
        if request.method == "gRPC":
            _show_grpc_exchange(envoy, request)
        else:
            _show_exchange(envoy, request)
        shown = _show_log(envoy, shown, "The plugin logged:")
    if demo.wait_for_log:
        envoy.wait_for_log(demo.wait_for_log)
        _show_log(envoy, shown, _LATER)


def _show_exchange(envoy: Envoy, request: DemoRequest) -> None:
    # A request made by hand has none of the client's own headers but those that HTTP needs.
    headers = {"user-agent": "pwasm-demo", **request.headers}
    url = envoy.url(request.port) + request.path
    sent = httpx.Request(request.method, url, headers=headers, content=request.body or None)
    with httpx.Client(trust_env=False) as client:
        response = client.send(sent)

    target = sent.url.raw_path.decode("ascii")
    _show_message(">", f"{sent.method} {target} HTTP/1.1", sent.headers.multi_items(), request.body)
    status = f"{response.http_version} {response.status_code} {response.reason_phrase}"
    _show_message("<", status, response.headers.multi_items(), response.text)


def _show_grpc_exchange(envoy: Envoy, request: DemoRequest) -> None:
    port, message = envoy.port(request.port), request.body.encode("latin-1")
    answer = grpc_client.call(port, request.path, message, request.headers)

    _show_message(">", f"gRPC {request.path}", request.headers.items(), _readable(message))
    number, _ = answer.status.value
    status = f"{answer.status.name} ({number}) {answer.details}".rstrip()
    _show_message("<", status, answer.metadata.items(), _readable(answer.message))


def _readable(message: bytes) -> str:
    """A message as it would be written in Python; nothing here knows what is in it."""
    return repr(message) if message else ""


def _show_message(mark: str, first_line: str, headers: Headers, body: str) -> None:
    mark = f"  {_DIM}{mark}{_RESET} "
    print(f"{mark}{_GREEN}{first_line}{_RESET}")
    for name, value in headers:
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


def _show_how_to_go_on(envoy: Envoy, server: GrpcProcess | None) -> None:
    pids = f"{envoy.pid} {server.pid}" if server else f"{envoy.pid}"
    log = envoy.log_path.relative_to(config.REPO_ROOT)
    print(f"\n{_BOLD}Envoy goes on running.{_RESET}")
    print(f"  URL     {envoy.url()}/")
    print(f"  admin   {envoy.admin_url}/")
    print(f"  log     {log}; the plugin's lines have 'wasm log'")
    print(f"  pid     {envoy.pid}" + (f"; of the gRPC server {server.pid}" if server else ""))
    print(f"  stop    kill {pids}")


if __name__ == "__main__":
    sys.exit(main())
