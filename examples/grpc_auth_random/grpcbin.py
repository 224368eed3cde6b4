"""As much of grpcbin, a gRPC service for tests, as the example needs."""

from __future__ import annotations

import random
from collections.abc import Iterator

import grpc


def say_hello(requests: Iterator[bytes], _: grpc.ServicerContext) -> Iterator[bytes]:
    """HelloRequest{greeting} in, HelloResponse{reply} out: of both it is field 1, a string."""
    greeting = next(requests)[2:]
    reply = b"hello " + greeting
    yield b"\x0a" + bytes([len(reply)]) + reply


def random_error(_: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    code = random.choice(list(grpc.StatusCode))
    if code is not grpc.StatusCode.OK:
        context.abort(code, "at random")
    yield b""


METHODS = {
    "/grpcbin.GRPCBin/RandomError": random_error,
    "/hello.HelloService/SayHello": say_hello,
}
