"""A process that makes batches, and the trainer's hold on it.

trainer                              worker
numbers of frames, samples  ->
<-      no fault, batch; or a fault
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import threading
from collections.abc import Sequence
from multiprocessing.context import BaseContext

import msgspec
import torch

from blendgym.client.process.forks import keep_from_children, without_forks
from blendgym.data.delivery.channel import Channel, ChannelClosed
from blendgym.data.delivery.making import Collate, Transform, make_batch
from blendgym.data.delivery.orders import Orders
from blendgym.data.delivery.trees import pack, unpack
from blendgym.data.sample import Sample
from blendgym.errors import BlendgymError
from blendgym.wire.codec import Buffer, Codec
from blendgym.wire.messages import Fault

GRACE_SECONDS = 2.0

_COUNTS = msgspec.msgpack.Decoder(tuple[int, ...])
_ANSWER = msgspec.msgpack.Decoder(Fault | None)


class Worker:
    """A process that makes batches, as the trainer sees it.

    Args:
        context: How processes are started.
        transform: Of each sample.
        collate: Makes a batch.
    """

    def __init__(self, context: BaseContext, transform: Transform, collate: Collate) -> None:
        with without_forks():  # Another worker must not inherit the end of this one.
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            keep_from_children(ours)
            with theirs:
                self._process = context.Process(  # type: ignore[attr-defined]
                    target=work, args=(theirs, transform, collate), name="blendgym worker", daemon=True
                )
                self._process.start()
        self._channel = Channel(ours)
        self._codec = Codec[Sample](Sample)
        self._home = os.getpid()
        self._thread: threading.Thread | None = None
        self.is_lost = self._is_ended = False

    @property
    def pid(self) -> int:
        """Of the process."""
        return int(self._process.pid)

    def begin(self, orders: Orders) -> None:
        """Lets it make batches until there are no more."""
        self._thread = threading.Thread(target=self._serve, args=(orders,), name="blendgym loader", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Waits a while until it has nothing more to do; one that is still busy then is lost."""
        if self._thread:
            self._thread.join(GRACE_SECONDS)
            self.is_lost |= self._thread.is_alive()

    def end(self) -> None:
        """Ends it."""
        if os.getpid() != self._home:  # A fork of the trainer has no workers.
            return
        self._is_ended = True
        self._channel.close()
        self._process.join(GRACE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _serve(self, orders: Orders) -> None:
        while (batch := orders.next()) is not None:
            try:
                self._channel.send(_frames_of(batch.samples, self._codec))
            except ChannelClosed:  # It died before.
                self.is_lost = True
                orders.give_back(batch)
                return
            try:
                head, *frames = self._channel.receive()
            except ChannelClosed:
                self.is_lost = True
                if self._is_ended:
                    orders.give_back(batch)
                else:
                    orders.note_death(batch, self._last_words())
                return
            fault = _ANSWER.decode(head)
            orders.put(batch, *((None, fault.error()) if fault else (unpack(frames), None)))

    def _last_words(self) -> str:
        """How the process has ended."""
        self._process.join(GRACE_SECONDS)
        code = self._process.exitcode
        if code is None:
            return "hung up"
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"


def work(connected: socket.socket, transform: Transform, collate: Collate) -> None:
    """What a worker does, until the trainer is gone or has no more need of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the trainer's.
    torch.set_num_threads(1)
    channel, codec = Channel(connected), Codec[Sample](Sample)
    with contextlib.suppress(ChannelClosed):
        while True:
            channel.send(_answer(_samples_in(channel.receive(), codec), transform, collate))


def _answer(samples: Sequence[Sample], transform: Transform, collate: Collate) -> list[Buffer]:
    try:
        return [msgspec.msgpack.encode(None), *pack(make_batch(samples, transform, collate))]
    except BlendgymError as error:
        return [msgspec.msgpack.encode(Fault(error.code, str(error), error.details))]


def _frames_of(samples: Sequence[Sample], codec: Codec[Sample]) -> list[Buffer]:
    encoded = [codec.encode(sample) for sample in samples]
    return [msgspec.msgpack.encode([len(frames) for frames in encoded]), *itertools.chain(*encoded)]


def _samples_in(frames: Sequence[Buffer], codec: Codec[Sample]) -> list[Sample]:
    left = iter(frames[1:])
    return [codec.decode(list(itertools.islice(left, count))) for count in _COUNTS.decode(frames[0])]
