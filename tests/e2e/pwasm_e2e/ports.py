"""Free TCP ports that stay ours."""

from __future__ import annotations

import socket


class ReservedPort:
    """A port that no other test run gets while this object lives, but that Envoy can listen on.

    Asking the kernel for a free port and closing the socket again would leave a gap in which
    somebody else gets the same port. And nobody would notice: Envoy listens with SO_REUSEPORT, so
    two Envoys would share the port and each would get some of the other's requests. So the socket
    stays bound; as it does not listen, it takes no connections. It is bound without the options
    that allow sharing, so that the port was nobody's, and gets them afterwards, so that Envoy can
    join.
    """

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind(("", 0))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.number: int = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()
