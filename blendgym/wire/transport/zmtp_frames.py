"""Frames of ZMTP 3.0: messages as bytes, and bytes as messages (RFC 23, "Framing")."""

from __future__ import annotations

from collections.abc import Sequence

from blendgym.errors import MalformedMessage
from blendgym.wire.transport.buffers import Buffer
from blendgym.wire.transport.large_frame import LargeFrame

MORE, LONG, COMMAND = 1, 2, 4
KNOWN_FLAGS = frozenset((0, MORE, LONG, LONG | MORE, COMMAND, COMMAND | LONG))
SHORT_BYTES = 255
SHORT_ENVELOPE = b"\x01\x00\x00"
"""The empty frame before the body, and the flags of a body that is one short frame: most messages begin with these."""

GREETING_BYTES = 64
BUFFER_BYTES = 1 << 18
UNCOPIED_BYTES = 1 << 16  # A longer frame is sent from where it lies: new memory costs more than a call of the kernel.


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


def _long_header(flags: int, length: int) -> bytes:
    return bytes((flags | LONG,)) + length.to_bytes(8, "big")
