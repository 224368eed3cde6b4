"""A gRPC client for methods with one message and one answer, as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import grpc

_TIMEOUT_S = 10.0


@dataclass
class GrpcAnswer:
    """How a call ended. A status without a message has all metadata in one block."""

    status: grpc.StatusCode
    details: str
    metadata: dict[str, str]
    message: bytes


def call(
    port: int, path: str, message: bytes = b"", metadata: Mapping[str, str] | None = None
) -> GrpcAnswer:
    """Calls the method at `path` ("/package.Service/Method") of a server on this machine."""
    # Calls on this machine go through no proxy of the environment.
    options = [("grpc.enable_http_proxy", 0)]
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        future = channel.unary_unary(path).future(
            message, timeout=_TIMEOUT_S, metadata=tuple((metadata or {}).items())
        )
        status = future.code()
        return GrpcAnswer(
            status=status,
            details=future.details() or "",
            metadata=dict((*future.initial_metadata(), *future.trailing_metadata())),
            message=future.result() if status is grpc.StatusCode.OK else b"",
        )
