"""A gRPC server whose methods are Python functions, for plugins that call one.

Messages are bytes: nothing here knows protobuf, as pwasm does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc

# A method gets the client's messages as they come and yields its own; it may fail with
# context.abort(). One message and one answer are the same on the wire: nothing tells them apart.
Method = Callable[[Iterator[bytes], grpc.ServicerContext], Iterable[bytes]]

_NUM_THREADS = 32


class GrpcServer:
    """Serves `methods`, by their paths ("/package.Service/Method"), from start() to stop() or as a
    context manager. Others answer UNIMPLEMENTED."""

    def __init__(self, methods: dict[str, Method], port: int = 0) -> None:
        self._server = grpc.server(ThreadPoolExecutor(_NUM_THREADS))
        self._server.add_generic_rpc_handlers((_Handlers(methods),))
        # 0: a free one.
        self.port: int = self._server.add_insecure_port(f"127.0.0.1:{port}")

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        """Ends what is running at once."""
        self._server.stop(grace=None).wait()

    def __enter__(self) -> GrpcServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, methods: dict[str, Method]) -> None:
        self._methods = methods

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        method = self._methods.get(details.method)
        return method and grpc.stream_stream_rpc_method_handler(method)
