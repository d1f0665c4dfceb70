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
from blendgym.wire.transport.large_frame import LargeFrame

Role = Literal["REQ", "REP"]

PARTNERS = {"REQ": (b"REP", b"ROUTER"), "REP": (b"REQ", b"DEALER")}
"""Whom either role may talk to (RFC 28)."""

MORE, LONG, COMMAND = 1, 2, 4
KNOWN_FLAGS = frozenset((0, MORE, LONG, LONG | MORE, COMMAND, COMMAND | LONG))
SHORT_BYTES = 255
SHORT_ENVELOPE = b"\x01\x00\x00"
"""The empty frame before the body, and the flags of a body that is one short frame: most messages begin with these."""

GREETING_BYTES = 64
MECHANISM = b"NULL".ljust(20, b"\0")
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + MECHANISM + bytes(32)
"""Signature, version 3.0, mechanism, as-server and filler (RFC 23, "The Greeting")."""

BUFFER_BYTES = 1 << 18
UNCOPIED_BYTES = 1 << 16  # A longer frame is sent from where it lies: new memory costs more than a call of the kernel.
# Blender's own Python may not ignore the signal that a vanished peer sends.
SEND_FLAGS = getattr(socket, "MSG_NOSIGNAL", 0)


def encode_message(frames: Sequence[Buffer]) -> list[Buffer]:
    """A message of any frames, at least one, as the parts in which it goes over the wire (RFC 23, "Framing")."""
    if len(frames) == 2 and not frames[0] and len(frames[1]) <= SHORT_BYTES:
        return [b"".join((SHORT_ENVELOPE, bytes((len(frames[1]),)), frames[1]))]
    parts: list[Buffer] = []
    together: list[Buffer] = []
    last = len(frames) - 1
    for index, frame in enumerate(frames):
        flags, length = MORE if index < last else 0, len(frame)
        together.append(bytes((flags, length)) if length <= SHORT_BYTES else _long_header(flags, length))
        if length > UNCOPIED_BYTES:
            parts += b"".join(together), frame
            together = []
        else:
            together.append(frame)
    if together:
        parts.append(b"".join(together))
    return parts


def encode_ready(role: Role) -> bytes:
    """The command that ends the handshake of the NULL mechanism and says what kind of socket this is."""
    command = b"\x05READY" + _property(b"Socket-Type", role.encode()) + _property(b"Identity", b"")
    return bytes((COMMAND, len(command))) + command


class Decoder:
    """Takes the bytes of a connection in pieces of any size, gives greeting, commands and messages.

    Args:
        max_bytes: The longest message, with its framing. The buffer gets at most twice as long as a frame that is sent
            uncopied; longer ones are received into memory of their own, in which they stay.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._take_buffer(bytearray(BUFFER_BYTES))
        self._start = self._end = 0
        self._frames: list[Buffer] = []
        self._message_bytes = 0
        self._large: LargeFrame | None = None

    def space(self) -> memoryview:
        """Where the next bytes belong. There is always some, and it grows with what has arrived."""
        if self._large and not self._large.is_complete:
            return self._large.space()
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == len(self._buffer):
            self._make_room()
        return self._view[self._end :]

    def arrived(self, count: int) -> None:
        """Takes that many bytes from the beginning of the space."""
        if self._large and not self._large.is_complete:
            self._large.take(count)
        else:
            self._end += count

    @property
    def holds_bytes(self) -> bool:
        """Whether there are bytes of what comes next."""
        return self._large is not None or self._start < self._end

    def greeting(self) -> bytes | None:
        """The greeting, with which a connection begins, or ``None`` if it is not complete yet."""
        if self._end < GREETING_BYTES:
            return None
        self._start = GREETING_BYTES
        return bytes(self._view[:GREETING_BYTES])

    def command(self) -> bytes | None:
        """The next command, or ``None`` if it is not complete yet.

        Raises:
            MalformedMessage: If something else comes.
        """
        frame = self._frame()
        if frame is None:
            return None
        flags, body = frame
        if not flags & COMMAND:
            raise MalformedMessage("A ZeroMQ peer sent a message before its READY command.")
        return bytes(body)

    def message(self) -> list[Buffer] | None:
        """The frames of the next message, or ``None`` if it is not complete yet.

        Raises:
            MalformedMessage: If what comes is no frame of ZMTP 3, or the message gets too long.
        """
        return self._short_message() or self._any_message()

    def _short_message(self) -> list[Buffer] | None:
        """The next message if it is complete, and one short frame in an envelope: most are."""
        buffer, start, arrived = self._buffer, self._start, self._end
        body = start + len(SHORT_ENVELOPE) + 1
        if arrived < body or self._frames or self._large or not buffer.startswith(SHORT_ENVELOPE, start):
            return None
        end = body + buffer[body - 1]
        if arrived < end or end - start > self._max_bytes:
            return None
        self._start = end
        return [b"", buffer[body:end]]

    def _any_message(self) -> list[Buffer] | None:
        while (frame := self._frame()) is not None:
            flags, body = frame
            if flags & COMMAND:  # Subscriptions and heartbeats, which are nothing to REQ and REP.
                continue
            self._frames.append(body)
            if not flags & MORE:
                message, self._frames, self._message_bytes = self._frames, [], 0
                return message
        return None

    def _frame(self) -> tuple[int, bytearray] | None:
        """Flags and body of the next frame."""
        if self._large:
            return self._large_frame(self._large)
        header = self._header()
        if header is None:
            return None
        flags, body, length = header
        end = body + length
        size, is_complete = self._message_bytes + end - self._start, self._end >= end
        if size > self._max_bytes:
            raise MalformedMessage(
                f"A message has at most {self._max_bytes} bytes with its framing; this one has more."
            )
        if not is_complete and length <= UNCOPIED_BYTES:
            return None
        if not flags & COMMAND:
            self._message_bytes = size
        if is_complete:
            self._start = end
            return flags, self._buffer[body:end]
        self._large = LargeFrame(flags, length, self._view[body : self._end])
        self._start = self._end = 0
        return None

    def _header(self) -> tuple[int, int, int] | None:
        """Flags of the next frame, where its body begins, and how long that is."""
        buffer, arrived, body = self._buffer, self._end, self._start + 2
        if arrived < body:
            return None
        flags, length = buffer[body - 2], buffer[body - 1]
        if flags not in KNOWN_FLAGS:
            raise MalformedMessage(f"A ZeroMQ frame has the flags {flags:#04x}, which ZMTP 3 does not know.")
        if not flags & LONG:
            return flags, body, length
        body += 7
        return (flags, body, int.from_bytes(buffer[body - 8 : body], "big")) if arrived >= body else None

    def _large_frame(self, large: LargeFrame) -> tuple[int, bytearray] | None:
        if not large.is_complete:
            return None
        self._large = None
        return large.flags, large.body

    def _make_room(self) -> None:
        waiting = self._view[self._start : self._end]
        if self._start == 0:
            self._take_buffer(bytearray(2 * len(waiting)))
        self._view[: len(waiting)] = waiting
        self._start, self._end = 0, len(waiting)

    def _take_buffer(self, buffer: bytearray) -> None:
        # The buffer itself gives copies of its parts, the view is what can be written to.
        self._buffer, self._view = buffer, memoryview(buffer)


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


def _long_header(flags: int, length: int) -> bytes:
    return bytes((flags | LONG,)) + length.to_bytes(8, "big")


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
