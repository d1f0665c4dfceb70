"""ZMTP 3.0, the protocol that ZeroMQ sockets speak, without ZeroMQ's threads.

libzmq passes every message through a thread of its own on either side: four changes of thread in a round trip, which
take longer than most steps. Here nothing has a thread and nothing waits. What is spoken is what libzmq's REQ and REP
sockets speak, with the NULL mechanism, so that either end may be libzmq's.

Sources: RFC 23 (https://rfc.zeromq.org/spec/23) for greeting, commands and framing; RFC 28 for REQ and REP.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Literal

from blendgym.errors import MalformedMessage
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.zmtp_frames import COMMAND, Decoder, encode_message

Role = Literal["REQ", "REP"]

PARTNERS = {"REQ": (b"REP", b"ROUTER"), "REP": (b"REQ", b"DEALER")}
"""Whom either role may talk to (RFC 28)."""

MECHANISM = b"NULL".ljust(20, b"\0")
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + MECHANISM + bytes(32)
"""Signature, version 3.0, mechanism, as-server and filler (RFC 23, "The Greeting")."""

# Blender's own Python may not ignore the signal that a vanished peer sends.
SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)


def encode_ready(role: Role) -> bytes:
    """The command that ends the handshake of the NULL mechanism and says what kind of socket this is."""
    command = b"\x05READY" + _property(b"Socket-Type", role.encode()) + _property(b"Identity", b"")
    return bytes((COMMAND, len(command))) + command


class Peer:
    """One connection to another ZeroMQ socket. Nothing here waits: the owner polls, then calls.

    Args:
        connection: A connected stream socket, which is then this object's own.
        role: What this side is.
        max_bytes: The longest message that may arrive.
    """

    def __init__(self, connection: socket.socket, role: Role, max_bytes: int) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._role = role
        self._decoder = Decoder(max_bytes)
        self._outgoing: list[Buffer] = [GREETING + encode_ready(role)]
        self._held_back: list[Buffer] = []
        self._greeted = False
        self._ready = False

    def fileno(self) -> int:
        """For pollers."""
        return self._connection.fileno()

    @property
    def has_unsent(self) -> bool:
        """Whether there is something to flush as soon as the connection takes it."""
        return bool(self._outgoing)

    @property
    def has_unread(self) -> bool:
        """Whether something has arrived that was not taken yet: a message, or a part of one."""
        return self._decoder.holds_bytes

    def send(self, frames: Sequence[Buffer]) -> None:
        """Sends a message, or as much of it as the connection takes; ``flush`` sends the rest.

        Raises:
            ConnectionError: If the peer has gone.
        """
        if not self._ready:  # RFC 23: traffic follows the handshake.
            self._held_back += encode_message(frames)
            return
        self._outgoing += encode_message(frames)
        self.flush()

    def flush(self) -> None:
        """Sends what is unsent, or as much as the connection takes.

        Raises:
            ConnectionError: If the peer has gone.
        """
        outgoing = self._outgoing
        while outgoing:
            part = outgoing[0]
            try:
                sent = self._connection.send(part, SEND_FLAGS)
            except BlockingIOError:
                return
            if sent < len(part):
                outgoing[0] = memoryview(part)[sent:]
                return
            del outgoing[0]

    def read(self) -> None:
        """Takes what has arrived, if anything has.

        Raises:
            ConnectionError: If the peer has gone.
        """
        try:
            count = self._connection.recv_into(self._decoder.space())
        except BlockingIOError:
            return
        if not count:
            raise ConnectionResetError("The peer has closed the connection.")
        self._decoder.arrived(count)

    def next_message(self) -> list[Buffer] | None:
        """The next message among what was read, or ``None`` if none is complete.

        Raises:
            MalformedMessage: If the peer does not speak ZMTP 3, is of the wrong kind, or sends too long a message.
            ConnectionError: If it has gone.
        """
        if not self._ready and not self._shake_hands():
            return None
        return self._decoder.message()

    def close(self) -> None:
        """Closes the connection; what the kernel has taken still arrives."""
        self._connection.close()

    def _shake_hands(self) -> bool:
        if not self._greeted:
            greeting = self._decoder.greeting()
            if greeting is None:
                return False
            _check_greeting(greeting)
            self._greeted = True
        command = self._decoder.command()
        if command is None:
            return False
        _check_ready(command, self._role)
        self._ready = True
        self._outgoing += self._held_back
        self._held_back.clear()
        self.flush()
        return True


def _property(name: bytes, value: bytes) -> bytes:
    return bytes((len(name),)) + name + len(value).to_bytes(4, "big") + value


def _check_greeting(greeting: bytes) -> None:
    if greeting[0] != 0xFF or greeting[9] != 0x7F or greeting[10] < 3:
        raise MalformedMessage(f"A peer did not greet in ZMTP 3; its first bytes are {greeting[:12]!r}.")
    if greeting[12:32] != MECHANISM:
        raise MalformedMessage(f"A peer wants the security mechanism {greeting[12:32]!r}; expected NULL.")


def _check_ready(command: bytes, role: Role) -> None:
    if not command.startswith(b"\x05READY"):
        raise MalformedMessage(f"A ZeroMQ peer refused the handshake with {command!r:.200}.")
    kind = _properties(command[6:]).get(b"socket-type", b"")
    if kind not in PARTNERS[role]:
        raise MalformedMessage(f"A {role} socket cannot talk to a {kind.decode(errors='replace')} socket.")


def _properties(metadata: bytes) -> dict[bytes, bytes]:
    """Names, in lower case, and values of the metadata of a READY command (RFC 23, "The NULL Security Mechanism")."""
    properties = {}
    while metadata:
        name_end = 1 + metadata[0]
        value = name_end + 4
        value_end = value + int.from_bytes(metadata[name_end:value], "big")
        if len(metadata) < max(value, value_end):
            raise MalformedMessage("The metadata of a ZeroMQ peer is cut off.")
        properties[metadata[1:name_end].lower()] = metadata[value:value_end]
        metadata = metadata[value_end:]
    return properties
