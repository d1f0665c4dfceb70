"""A process that makes batches, and the trainer's hold on it.

trainer                              worker
numbers of frames, samples  ->
<-      no fault, batch; or a fault
"""

from __future__ import annotations

import contextlib
import itertools
import signal
import socket
import threading
from collections.abc import Sequence
from multiprocessing.context import BaseContext

import msgspec
import torch

from blendgym.client.process.forks import keep_from_children, without_forks
from blendgym.data.delivery.channel import Channel, ChannelClosed, ChannelSilent
from blendgym.data.delivery.making import Collate, Transform, make_batch
from blendgym.data.delivery.orders import Batch, Orders
from blendgym.data.delivery.trees import pack, unpack
from blendgym.data.sample import Sample
from blendgym.errors import BlendgymError, WorkerTimeout
from blendgym.processes import Owner, how_it_ended
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
        timeout: Seconds that it may take for a batch; ``None`` for as long as it takes.

    Attributes:
        is_lost: Whether another one has to take its place.
    """

    def __init__(self, context: BaseContext, transform: Transform, collate: Collate, timeout: float | None) -> None:
        with without_forks():  # Another worker must not inherit the end of this one.
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            keep_from_children(ours)
            with theirs:
                self._process = context.Process(  # type: ignore[attr-defined]
                    target=work, args=(theirs, transform, collate), name="blendgym worker", daemon=True
                )
                self._process.start()
        ours.settimeout(timeout)
        self._channel, self._timeout = Channel(ours), timeout
        self._codec = Codec[Sample](Sample)
        self._owner = Owner()
        self._waiting, self._speaking = threading.Lock(), threading.Lock()
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
        if not self._owner.is_here():  # A fork of the trainer has no workers.
            return
        self._is_ended = True
        self._channel.hang_up()
        if self._wait(GRACE_SECONDS) is None:
            self._process.kill()
            self._wait()
        with self._speaking:
            self._channel.close()

    def _serve(self, orders: Orders) -> None:
        while not self.is_lost and (batch := orders.next()) is not None:
            with self._speaking:  # An earlier iteration over the loader may be under way still.
                self._have_made(batch, orders)

    def _have_made(self, batch: Batch, orders: Orders) -> None:
        """Sees to it that the process makes a batch, or gives it back. Only then it may be lost, and be replaced."""
        is_sent = False
        try:
            self._channel.send(_frames_of(batch.samples, self._codec))
            is_sent = True
            head, *frames = self._channel.receive()
        except ChannelSilent:
            orders.put(batch, error=self._silence(batch))
            self.is_lost = True
        except ChannelClosed:
            if is_sent and not self._is_ended:
                orders.note_death(batch, self._last_words())
            else:
                orders.give_back(batch)
            self.is_lost = True
        else:
            fault = _ANSWER.decode(head)
            orders.put(batch, *((None, fault.error()) if fault else (unpack(frames), None)))

    def _last_words(self) -> str:
        """How the process has ended."""
        code = self._wait(GRACE_SECONDS)
        return "hung up" if code is None else how_it_ended(code)

    def _silence(self, batch: Batch) -> WorkerTimeout:
        return WorkerTimeout(
            f"The worker with the process id {self.pid} has not made the batch with the indices "
            f"{', '.join(map(str, batch.indices))} within {self._timeout:g} s; it is killed, and these samples are due "
            "again. If its transform hangs, it does so with num_workers=0, too; if it takes so long, say timeout=.",
            indices=batch.indices, pid=self.pid,
        )  # fmt: skip

    def _wait(self, seconds: float | None = None) -> int | None:
        """The exit code of the process, if it ends in time."""
        with self._waiting:  # Of two threads that wait for a process, one is not told how it has ended.
            self._process.join(seconds)
            return self._process.exitcode  # type: ignore[no-any-return]


def work(connected: socket.socket, transform: Transform, collate: Collate) -> None:
    """What a worker does, until the trainer is gone or has no more need of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the trainer's.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # So is what it does to keep its work; a fork has inherited that.
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
