"""The sockets that requests and replies go through, and which kind of them an endpoint gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.keys import ClientKeys, ServerKeys
from blendgym.wire.transport.libzmq_sockets import LibzmqReplier, LibzmqRequester
from blendgym.wire.transport.unix_sockets import SCHEME, UnixReplier, UnixRequester


class Socket(Protocol):
    """A REQ or REP socket of ZeroMQ, by whatever implementation."""

    @property
    def endpoint(self) -> str:
        """Its address; where a port was left open, with the one that was chosen."""

    def send(self, frames: Sequence[Buffer]) -> None:
        """Sends a request, or the reply to the request that was received last."""

    def poll(self, seconds: float | None) -> bool:
        """Waits for a message, without limit if ``seconds`` is ``None``; may return early.

        Returns:
            Whether there is one.

        Raises:
            MalformedMessage: If the server that was connected to does not speak ZeroMQ's protocol.
            AccessDenied: If server and client do not accept each other's keys.
            ServerUnreachable: If what listens there does not behave like a server.
        """

    def receive(self) -> list[Buffer]:
        """All frames of the next message; waits for it."""

    def close(self) -> None:
        """Closes it."""


def connect(endpoint: str, max_bytes: int, keys: ClientKeys | None = None) -> Socket:
    """A REQ socket, connected to a server.

    Args:
        endpoint: ZeroMQ address.
        max_bytes: The longest reply.
        keys: What a server with keys knows this client by.
    """
    if endpoint.startswith(SCHEME):
        return UnixRequester(endpoint, max_bytes)
    return LibzmqRequester(endpoint, max_bytes, keys)


def bind(endpoint: str, max_bytes: int, keys: ServerKeys | None = None) -> Socket:
    """A REP socket, to which clients can connect.

    Args:
        endpoint: ZeroMQ address.
        max_bytes: The longest request.
        keys: Whom to let in; without them, only this machine can reach it.

    Raises:
        UnsafeAddress: If others than this machine could reach it and there are no keys.
        ServerStartError: If the address cannot be bound.
    """
    if endpoint.startswith(SCHEME):
        return UnixReplier(endpoint, max_bytes)
    return LibzmqReplier(endpoint, max_bytes, keys)
