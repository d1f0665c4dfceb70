"""Where other processes get samples of a stream: a private socket, and a thread for each who comes.

    consumer                     trainer
    Begin(token, epoch)
    Ask()                  ->
                           <-    Given(), frames of the sample; or Given(is_end=True); or Given(fault)
    Took(index)            ->

What was asked for and not taken before the consumer is gone is due again.
"""

from __future__ import annotations

import contextlib
import hmac
import itertools
import os
import secrets
import socket
import struct
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from blendgym.client.process.forks import keep_from_children
from blendgym.data.delivery.channel import Channel, ChannelClosed
from blendgym.data.delivery.taking import take
from blendgym.data.sample import Sample
from blendgym.errors import BlendgymError, EnvironmentClosed, InvalidOption
from blendgym.wire.codec import Codec
from blendgym.wire.messages import Fault

if TYPE_CHECKING:
    from blendgym.data.streams.stream import Stream

_NUMBERS = itertools.count()
_CREDENTIALS = struct.Struct("3i")  # Of the other side of a socket: process, user, group.


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """Says who comes.

    Args:
        token: The secret of the counter.
        epoch: The same for all who share a pass over the stream.
    """

    token: str
    epoch: tuple[int, int]


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Asks for the next sample."""


class Took(msgspec.Struct, frozen=True, tag="took"):
    """Is done with a sample.

    Args:
        index: Its index.
    """

    index: int


class Given(msgspec.Struct, frozen=True):
    """The answer to a question for a sample.

    Args:
        is_end: Whether the pass has no more.
        fault: Why there is none.
    """

    is_end: bool = False
    fault: Fault | None = None


_ENCODER = msgspec.msgpack.Encoder()
_REQUESTS = msgspec.msgpack.Decoder(Begin | Ask | Took)
_ANSWERS = msgspec.msgpack.Decoder(Given)


class Address(msgspec.Struct, frozen=True):
    """What a consumer has to know.

    Args:
        name: Of the socket, in the kernel's own space of names: there is no file.
        token: The secret of the counter.
    """

    name: bytes
    token: str


class Counter:
    """Gives the samples of a stream to other processes of the same user.

    Args:
        stream: Whose samples.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.address = Address(b"\0blendgym-" + secrets.token_hex(8).encode(), secrets.token_hex(16))
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        keep_from_children(self._socket)
        self._socket.bind(self.address.name)
        self._socket.listen(128)
        self._epochs: set[tuple[int, int]] = set()
        self._lock = threading.Lock()
        self._channels: set[Channel] = set()
        self._is_closed = False
        threading.Thread(target=self._listen, name="blendgym counter", daemon=True).start()

    def close(self) -> None:
        """Gives nothing any more."""
        self._is_closed = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            channels = list(self._channels)
        for channel in channels:
            channel.hang_up()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while not self._is_closed:
                connected, _ = self._socket.accept()
                keep_from_children(connected)
                threading.Thread(target=self._serve, args=(connected,), name="blendgym counter", daemon=True).start()

    def _serve(self, connected: socket.socket) -> None:
        owner, channel = f"consumer {next(_NUMBERS)}", Channel(connected)
        with self._lock:
            self._channels.add(channel)
        try:
            if is_ours(connected) and self._lets_in(channel):
                self._give(channel, owner)
        except (ChannelClosed, msgspec.DecodeError, InvalidOption):  # Gone, or no consumer of this stream.
            pass
        finally:
            self._stream.put_back(owner)
            with self._lock:
                self._channels.discard(channel)
            channel.close()

    def _lets_in(self, channel: Channel) -> bool:
        begin = _request(channel)
        if not (isinstance(begin, Begin) and hmac.compare_digest(begin.token, self.address.token)):
            return False
        with self._lock:
            if begin.epoch not in self._epochs:
                self._epochs.add(begin.epoch)
                self._stream.begin_pass()
        return True

    def _give(self, channel: Channel, owner: str) -> None:
        codec = Codec[Sample](Sample)
        while True:
            match _request(channel):
                case Took(index):
                    self._stream.confirm([index])
                case Ask():
                    sample, answer = self._next(owner)
                    channel.send([_ENCODER.encode(answer), *(codec.encode(sample) if sample else ())])

    def _next(self, owner: str) -> tuple[Sample | None, Given]:
        try:
            sample = take(self._stream, owner, lambda: self._is_closed)
        except BlendgymError as error:
            return None, Given(fault=Fault(error.code, str(error), error.details))
        return sample, Given(is_end=sample is None)


class Customer:
    """A consumer of a stream whose counter is in another process.

    Args:
        address: Of the counter.
        epoch: The same for all who share a pass over the stream.

    Raises:
        EnvironmentClosed: If the counter is gone.
    """

    def __init__(self, address: Address, epoch: tuple[int, int]) -> None:
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel, self._codec = Channel(connected), Codec[Sample](Sample)
        try:
            connected.connect(address.name)
            self._channel.send([_ENCODER.encode(Begin(address.token, epoch))])
        except (OSError, ChannelClosed):
            self.close()
            raise _gone() from None

    def samples(self) -> Iterator[Sample]:
        """The samples of the pass that nobody else is given; each has to be told to be taken.

        Raises:
            EnvironmentClosed: If the counter is gone.
            BlendgymError: Whatever the stream raises.
        """
        while True:
            answer, *frames = self._answer()
            given = _ANSWERS.decode(answer)
            if given.fault:
                raise given.fault.error()
            if given.is_end:
                return
            yield self._codec.decode(frames)

    def take(self, sample: Sample) -> None:
        """Is done with a sample: it will not come again."""
        with contextlib.suppress(ChannelClosed):  # Then there is nobody to be told.
            self._channel.send([_ENCODER.encode(Took(sample.index))])

    def close(self) -> None:
        """Goes away."""
        self._channel.close()

    def _answer(self) -> list[bytearray]:
        try:
            self._channel.send([_ENCODER.encode(Ask())])
            return self._channel.receive()
        except ChannelClosed:
            raise _gone() from None


def is_ours(connected: socket.socket) -> bool:
    """Whether a process of the same user is at the other end."""
    credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(credentials)[1]) == os.getuid()


def _request(channel: Channel) -> Begin | Ask | Took:
    request: Begin | Ask | Took = _REQUESTS.decode(b"".join(channel.receive()))
    return request


def _gone() -> EnvironmentClosed:
    return EnvironmentClosed(
        "The stream of this dataset is gone: the process that has it has ended, or has dropped the dataset. Keep both "
        "as long as samples are wanted."
    )
