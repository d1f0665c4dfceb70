"""The sockets that requests and replies go through, and which kind of them an endpoint gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import zmq

from blendgym.transport.unix_sockets import SCHEME, UnixReplier, UnixRequester

LINGER_MILLISECONDS = 1000
READABLE = int(zmq.POLLIN)  # Comparing with the enum itself costs more than asking the socket.


class Socket(Protocol):
    """A REQ or REP socket of ZeroMQ, by whatever implementation."""

    @property
    def endpoint(self) -> str:
        """Its address; where a port was left open, with the one that was chosen."""

    def send(self, frames: Sequence[bytes]) -> None:
        """Sends a request, or the reply to the request that was received last."""

    def poll(self, seconds: float | None) -> bool:
        """Waits for a message, without limit if ``seconds`` is ``None``; may return early.

        Returns:
            Whether there is one.

        Raises:
            MalformedMessage: If the server that was connected to does not speak ZeroMQ's protocol.
        """

    def receive(self) -> list[bytes]:
        """All frames of the next message; waits for it."""

    def close(self) -> None:
        """Closes it."""


def connect(endpoint: str, max_bytes: int) -> Socket:
    """A REQ socket, connected to a server.

    Args:
        endpoint: ZeroMQ address.
        max_bytes: The longest reply.
    """
    if endpoint.startswith(SCHEME):
        return UnixRequester(endpoint, max_bytes)
    return LibzmqSocket(zmq.REQ, endpoint, max_bytes)


def bind(endpoint: str, max_bytes: int) -> Socket:
    """A REP socket, to which clients can connect.

    Args:
        endpoint: ZeroMQ address.
        max_bytes: The longest request.
    """
    if endpoint.startswith(SCHEME):
        return UnixReplier(endpoint, max_bytes)
    return LibzmqSocket(zmq.REP, endpoint, max_bytes)


class LibzmqSocket:
    """A socket of libzmq, in a context of its own.

    Args:
        kind: ``zmq.REQ``, which connects, or ``zmq.REP``, which binds.
        endpoint: ZeroMQ address.
        max_bytes: The longest frame that may arrive.
    """

    def __init__(self, kind: int, endpoint: str, max_bytes: int) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(kind)
        self._linger = LINGER_MILLISECONDS if kind == zmq.REP else 0
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.setsockopt(zmq.MAXMSGSIZE, max_bytes)
        if kind == zmq.REP:
            self._socket.bind(endpoint)
        else:
            self._socket.connect(endpoint)

    @property
    def endpoint(self) -> str:
        """Its address, with the port that was chosen."""
        return str(self._socket.getsockopt_string(zmq.LAST_ENDPOINT))

    def send(self, frames: Sequence[bytes]) -> None:
        """Sends a message."""
        self._socket.send_multipart(frames)

    def poll(self, seconds: float | None) -> bool:
        """Waits for a message."""
        if seconds == 0:
            return bool(int(self._socket.getsockopt(zmq.EVENTS)) & READABLE)
        return bool(self._socket.poll(None if seconds is None else int(seconds * 1000)))

    def receive(self) -> list[bytes]:
        """All frames of the next message. Most have one, and asking for more costs more than receiving it."""
        first = self._socket.recv(copy=False)
        if not first.more:
            return [first.bytes]
        return [first.bytes, *self._socket.recv_multipart()]

    def close(self) -> None:
        """Closes it; the last reply of a server is waited for."""
        self._context.destroy(linger=self._linger)
