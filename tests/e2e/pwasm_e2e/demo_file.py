"""demo.yaml, beside an example's envoy.yaml: what scripts/demo sends.

    summary: one line about the example       # shown first
    grpc_server:                              # optional: a server that runs while the demo does
      methods: file.py                        # in this folder; its METHODS are a GrpcServer's
      port: 9000                              # the cluster's port in envoy.yaml
    requests:                                 # in this order; without this key one GET /
      - title: what this request is to show   # optional
        after_log: text                       # optional: it waits until the log contains this
        method: PUT                           # GET if left out; gRPC for a call
        path: /anything                       # / if left out; a call's is /package.Service/Method
        headers: {name: value}
        body: text                            # a call's message has one byte a character
        port: 18000                           # the listener's port in envoy.yaml; 18000 if left out
    wait_for_log: text                        # optional: the demo ends when the log contains this

Without a demo.yaml the demo sends one GET / to port 18000.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from .config import ConfigError
from .envoy import MAIN_PORT


@dataclass
class DemoGrpcServer:
    methods: str
    port: int


@dataclass
class DemoRequest:
    title: str = ""
    after_log: str = ""
    method: str = "GET"
    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    port: int = MAIN_PORT


@dataclass
class Demo:
    summary: str = ""
    grpc_server: DemoGrpcServer | None = None
    requests: list[DemoRequest] = field(default_factory=lambda: [DemoRequest()])
    wait_for_log: str = ""


def load_demo(path: Path) -> Demo:
    """Reads a demo.yaml; without one the defaults apply."""
    if not path.exists():
        return Demo()
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        if "requests" in values:
            values["requests"] = [DemoRequest(**request) for request in values["requests"]]
        if "grpc_server" in values:
            values["grpc_server"] = DemoGrpcServer(**values["grpc_server"])
        return Demo(**values)
    # A TypeError is an unknown key: the dataclasses don't have it.
    except (yaml.YAMLError, TypeError) as error:
        raise ConfigError(f"{path}: {error}") from error
