"""What goes between a trainer and a process that works on its samples: frames, in memory that both can see.

Short frames go through a Unix socket. Long ones lie in a memfd of the sender, whose descriptor goes through the socket
once (SCM_RIGHTS). Such memory has no name, so nothing is left of it when its last holder ends, however that ends, and
the size of ``/dev/shm`` does not matter. Where the kernel gives none, the frames go through the socket, too.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator, Sequence

from blendgym.wire.codec import Buffer

INLINE_BYTES = 1 << 14
PACKET_BYTES = 1 << 16  # Sockets take packets of some 200 KB by default.
MOST_FRAMES = 1 << 20
MOST_BUFFERS = 512  # The kernel takes 1024 at once.

_HEAD = struct.Struct("<cI")
_IN_PACKET, _IN_MEMORY, _IN_STREAM = b"p", b"m", b"s"


class ChannelClosed(Exception):
    """The other side is gone, or has closed the channel."""


class ChannelSilent(Exception):
    """Nothing has come from the other side in time, or it takes nothing."""


class Channel:
    """One end of a channel. Both sides take turns: whoever has sent long frames waits for an answer.

    Args:
        connected: A connected Unix socket that keeps the bounds of packets (``SOCK_SEQPACKET``). Its time-out is how
            long the channel waits for each packet.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._memory: int | None = None  # What this end writes.
        self._their_memory: int | None = None

    def send(self, frames: Sequence[Buffer]) -> None:
        """Sends some frames. They may change afterwards.

        Raises:
            ChannelClosed: If nobody is there.
            ChannelSilent: If nobody takes them in time.
        """
        table = struct.pack(f"<{len(frames)}Q", *map(len, frames))
        size = len(table) + sum(map(len, frames))
        if self._socket.fileno() < 0:
            raise ChannelClosed("The channel is closed.")
        with _closed_if_broken():
            if size <= INLINE_BYTES:
                self._socket.send(b"".join((_HEAD.pack(_IN_PACKET, len(frames)), table, *frames)))
            elif not self._send_in_memory(table, frames):
                self._send_in_stream(table, frames)

    def receive(self) -> list[bytearray]:
        """The frames of the next message, which are the receiver's own.

        Raises:
            ChannelClosed: If nobody is there any more.
            ChannelSilent: If nothing comes in time.
        """
        with _closed_if_broken():
            packet, descriptors, *_ = socket.recv_fds(self._socket, PACKET_BYTES, 1)
            if descriptors:
                self._forget_their_memory()
                self._their_memory = descriptors[0]
            if not packet:
                raise ChannelClosed("The other side has closed the channel.")
            kind, count = _HEAD.unpack_from(packet)
            if count > MOST_FRAMES:
                raise ChannelClosed(f"The other side sends {count} frames; expected at most {MOST_FRAMES}.")
            if kind == _IN_PACKET:
                return _split(memoryview(packet)[_HEAD.size :], count)
            return self._receive_from_memory(count) if kind == _IN_MEMORY else self._receive_from_stream(count)

    def hang_up(self) -> None:
        """Ends the conversation, from any thread: whoever waits here learns that it is over, and closes the channel."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes the channel, for whoever uses it: its memory must not be in use any more."""
        self.hang_up()
        self._socket.close()
        self._forget_their_memory()
        if self._memory is not None:
            os.close(self._memory)
            self._memory = None

    def _send_in_memory(self, table: bytes, frames: Sequence[Buffer]) -> bool:
        """Whether there is such memory."""
        descriptors = []
        if self._memory is None:
            try:
                self._memory = os.memfd_create("blendgym")
            except OSError:
                return False
            descriptors = [self._memory]
        _write(self._memory, (table, *frames))
        socket.send_fds(self._socket, [_HEAD.pack(_IN_MEMORY, len(frames))], descriptors)
        return True

    def _send_in_stream(self, table: bytes, frames: Sequence[Buffer]) -> None:
        self._socket.send(_HEAD.pack(_IN_STREAM, len(frames)))
        for frame in (table, *frames):
            view = memoryview(frame)
            for start in range(0, len(view), PACKET_BYTES):
                self._socket.send(view[start : start + PACKET_BYTES])

    def _receive_from_memory(self, count: int) -> list[bytearray]:
        if self._their_memory is None:
            raise ChannelClosed("The other side's memory has not come along with its message.")
        lengths = struct.unpack(f"<{count}Q", os.pread(self._their_memory, 8 * count, 0))
        frames = [bytearray(length) for length in lengths]
        _read(self._their_memory, frames, 8 * count)
        return frames

    def _receive_from_stream(self, count: int) -> list[bytearray]:
        lengths = struct.unpack(f"<{count}Q", self._receive_packets(8 * count))
        return [self._receive_packets(length) for length in lengths]

    def _receive_packets(self, size: int) -> bytearray:
        content = bytearray(size)
        view = memoryview(content)
        while view:
            received = self._socket.recv_into(view)
            if not received:
                raise ChannelClosed("The other side has closed the channel in the middle of a message.")
            view = view[received:]
        return content

    def _forget_their_memory(self) -> None:
        if self._their_memory is not None:
            os.close(self._their_memory)
            self._their_memory = None


@contextlib.contextmanager
def _closed_if_broken() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise ChannelSilent from None
    except OSError as error:
        raise ChannelClosed(f"The other side is gone: {error.strerror}.") from None
    except struct.error as error:
        raise ChannelClosed(f"The other side sends what is no message: {error}.") from None


def _split(content: memoryview, count: int) -> list[bytearray]:
    frames, end = [], 8 * count
    for length in struct.unpack_from(f"<{count}Q", content):
        frames.append(bytearray(content[end : end + length]))
        end += length
    return frames


def _write(memory: int, frames: Sequence[Buffer]) -> None:
    offset, left = 0, [memoryview(frame) for frame in frames]
    while left := [view for view in left if view]:
        written = os.pwritev(memory, left[:MOST_BUFFERS], offset)
        offset, left = offset + written, _rest(left, written)


def _read(memory: int, frames: Sequence[bytearray], offset: int) -> None:
    left = [memoryview(frame) for frame in frames]
    while left := [view for view in left if view]:
        read = os.preadv(memory, left[:MOST_BUFFERS], offset)
        if not read:
            raise ChannelClosed("The other side's memory is shorter than its message says.")
        offset, left = offset + read, _rest(left, read)


def _rest(views: list[memoryview], done: int) -> list[memoryview]:
    """What is left of some buffers after so many bytes."""
    for place, view in enumerate(views):
        if done < len(view):
            return [view[done:], *views[place + 1 :]]
        done -= len(view)
    return []
