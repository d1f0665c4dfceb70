"""REQ and REP over a Unix-domain socket, in the thread that calls."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Sequence

from blendgym.errors import MalformedMessage, ServerStartError
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.zmtp import Peer

SCHEME = "ipc://"
MAX_PEERS = 64


class UnixRequester:
    """The REQ side. A server that hangs up is like one that is silent: whoever waits has to look after it.

    Args:
        endpoint: ``ipc://PATH``.
        max_bytes: The longest message that may arrive.
    """

    def __init__(self, endpoint: str, max_bytes: int) -> None:
        self.endpoint = endpoint
        self._reply: list[Buffer] | None = None
        self._poller = select.poll()
        self._watched = 0
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._peer = Peer(connection, "REQ", max_bytes)
        with contextlib.suppress(OSError):
            connection.connect(endpoint.removeprefix(SCHEME))
            self._peer.flush()
            self._watch()

    def send(self, frames: Sequence[Buffer]) -> None:
        """Sends a request."""
        if not self._watched:
            return
        try:
            self._peer.send([b"", *frames])
            if self._peer.has_unsent:
                self._watch()
        except ConnectionError:
            self._forget()

    def poll(self, seconds: float | None) -> bool:
        """Waits for a reply, or for a part of one.

        Returns:
            Whether there is a reply.

        Raises:
            MalformedMessage: If the other side is no REP socket.
        """
        if self._reply is None and self._poller.poll(_milliseconds(seconds)):
            self._exchange()
        return self._reply is not None

    def receive(self) -> list[Buffer]:
        """The next reply; waits for it."""
        while self._reply is None:
            self.poll(None)
        reply, self._reply = self._reply, None
        if self._peer.has_unread:
            self._take_reply()
        return reply

    def close(self) -> None:
        """Hangs up."""
        self._peer.close()

    def _exchange(self) -> None:
        try:
            if self._peer.has_unsent:
                self._peer.flush()
            self._peer.read()
            self._take_reply()
            self._watch()
        except ConnectionError:
            self._forget()

    def _take_reply(self) -> None:
        frames = self._peer.next_message()
        if frames is None:
            return
        if frames[0]:
            raise MalformedMessage("A reply does not begin with the empty frame that the request began with.")
        self._reply = frames[1:]

    def _watch(self) -> None:
        events = select.POLLIN | select.POLLOUT if self._peer.has_unsent else select.POLLIN
        if events != self._watched:
            self._poller.register(self._peer, events)
            self._watched = events

    def _forget(self) -> None:
        """With nothing to watch, polling sleeps for as long as it is told to."""
        if self._watched:
            self._poller.unregister(self._peer)
            self._watched = 0


class UnixReplier:
    """The REP side. A peer that breaks the rules is hung up on; a slow one keeps only itself waiting.

    Args:
        endpoint: ``ipc://PATH``, where nothing is yet.
        max_bytes: The longest message that may arrive.

    Raises:
        ServerStartError: If the address cannot be bound.
    """

    def __init__(self, endpoint: str, max_bytes: int) -> None:
        self.endpoint = endpoint
        self._max_bytes = max_bytes
        self._peers: dict[int, Peer] = {}
        # By file descriptor, as envelope and body: at most one of each peer, the oldest first.
        self._requests: dict[int, tuple[list[Buffer], list[Buffer]]] = {}
        self._behind: set[int] = set()  # Descriptors of those that must take a reply before they may ask again.
        self._asking = -1
        self._envelope: list[Buffer] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.setblocking(False)
        try:
            self._listener.bind(endpoint.removeprefix(SCHEME))
        except OSError as error:
            self._listener.close()
            raise ServerStartError(
                f"The address {endpoint} cannot be bound: {error}. Systems take paths of some 100 bytes; TMPDIR names "
                "the folder that it begins with."
            ) from None
        self._listener.listen()
        self._poller = select.poll()
        self._poller.register(self._listener, select.POLLIN)

    def poll(self, seconds: float | None) -> bool:
        """Waits for a request, or for a part of one.

        Returns:
            Whether there is a request.
        """
        for descriptor, _ in self._poller.poll(0 if self._requests else _milliseconds(seconds)):
            if descriptor == self._listener.fileno():
                self._accept()
            elif descriptor not in self._requests:
                self._exchange(descriptor)
        return bool(self._requests)

    def receive(self) -> list[Buffer]:
        """The next request; waits for it."""
        while not self._requests:
            self.poll(None)
        self._asking = next(iter(self._requests))
        self._envelope, body = self._requests.pop(self._asking)
        return body

    def send(self, frames: Sequence[Buffer]) -> None:
        """Answers the request that was received last."""
        peer = self._peers[self._asking]
        try:
            peer.send([*self._envelope, *frames])
            if peer.has_unsent or peer.has_unread:
                self._go_on_with(self._asking)
        except (ConnectionError, MalformedMessage):
            self._drop(self._asking)

    def close(self) -> None:
        """Hangs up on everyone; replies on their way still arrive."""
        for descriptor in list(self._peers):
            self._drop(descriptor)
        self._listener.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # It has gone already, or there are no descriptors left.
            return
        if len(self._peers) == MAX_PEERS:
            connection.close()
            return
        descriptor = connection.fileno()
        self._peers[descriptor] = Peer(connection, "REP", self._max_bytes)
        self._poller.register(descriptor, select.POLLIN)
        self._exchange(descriptor)

    def _exchange(self, descriptor: int) -> None:
        peer = self._peers[descriptor]
        try:
            if peer.has_unsent:
                peer.flush()
            if not peer.has_unsent:
                peer.read()
            self._go_on_with(descriptor)
        except (ConnectionError, MalformedMessage):
            self._drop(descriptor)

    def _go_on_with(self, descriptor: int) -> None:
        """Takes the next request of a peer, unless it must first take a reply."""
        peer = self._peers[descriptor]
        if peer.has_unsent:
            self._poller.modify(descriptor, select.POLLOUT)
            self._behind.add(descriptor)
            return
        if descriptor in self._behind:
            self._poller.modify(descriptor, select.POLLIN)
            self._behind.discard(descriptor)
        frames = peer.next_message()
        if frames is None:
            return
        if b"" not in frames:
            raise MalformedMessage("A request has no empty frame between its envelope and its body.")
        body = frames.index(b"") + 1
        self._requests[descriptor] = frames[:body], frames[body:]

    def _drop(self, descriptor: int) -> None:
        self._poller.unregister(descriptor)
        self._behind.discard(descriptor)
        self._requests.pop(descriptor, None)  # Which nobody could answer.
        self._peers.pop(descriptor).close()


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
