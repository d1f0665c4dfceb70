"""Between producers and owners: who gives out what is due, keeps what is ready, and lets both sides wait."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from blendgym.data.sample import Sample
from blendgym.data.streams.book import Book
from blendgym.data.streams.feedback import TeacherTask
from blendgym.data.streams.indices import Indices, sample_seed
from blendgym.data.streams.updates import Drawing
from blendgym.data.streams.versions import Schedule, Version
from blendgym.errors import BlendgymError, EnvironmentClosed, InvalidOption, SampleFailed, SampleTimeout

LOG = logging.getLogger(__name__)

MOST_SKIPPED = 32
"""How many indices may be skipped one after the other; if none of so many can be made, something else is wrong."""


@dataclass(frozen=True)
class Order:
    """What a producer is to make.

    Args:
        place: In the stream of this process.
        index: Of the sample.
        seed: Of its episode.
        version: What its parameters are drawn from.
    """

    place: int
    index: int
    seed: int
    version: Version


class Made(NamedTuple):
    """What a producer has made.

    Args:
        sample: The sample.
        teacher_task: What a teacher is to be told with its loss, if it was drawn by that of the stream.
    """

    sample: Sample
    teacher_task: TeacherTask | None


@dataclass(frozen=True)
class Skipped:
    """An index that has no sample.

    Args:
        index: Which.
        seed: Of its episode.
        version: That its parameters were drawn from.
        reason: What happened to the last producer that tried.
    """

    index: int
    seed: int
    version: int
    reason: str


class Dispatcher:
    """Owns the book of a stream and all samples that are ready. Every method may be called from any thread.

    Args:
        book: Of the stream.
        indices: Of the stream.
        schedule: Of its versions.
        seed: Of the stream.
        skips: Whether indices that fail are skipped; otherwise they are an error for whoever takes.
        producers: How many there are.

    Attributes:
        skipped: Those that were.
    """

    def __init__(
        self, book: Book, indices: Indices, schedule: Schedule, seed: int, skips: bool, producers: int
    ) -> None:
        self._book, self._indices, self._schedule = book, indices, schedule
        self._seed, self._skips, self._producers = seed, skips, producers
        self._made: dict[int, Made] = {}
        self._reasons: dict[int, str] = {}
        self._loss: BlendgymError | None = None
        self._is_closed = False
        self._skipped_in_a_row = 0
        self._lock = threading.RLock()
        self._work, self._samples = threading.Condition(self._lock), threading.Condition(self._lock)
        self.skipped: list[Skipped] = []

    @property
    def is_closed(self) -> bool:
        """Whether nobody orders anything any more."""
        return self._is_closed

    def order(self, producer: Hashable) -> Order | None:
        """Waits for something that is to be made; ``None`` when the stream is closed."""
        with self._lock:
            while not self._is_closed:
                place = self._book.lease(producer)
                if place is not None:
                    return self._order(place)
                self._work.wait()
        return None

    def deliver(self, producer: Hashable, order: Order, made: Made) -> None:
        """Takes a sample that was ordered; one that is not waited for any more is dropped."""
        with self._lock:
            if self._book.deliver(producer, order.place):
                self._skipped_in_a_row = 0
                self._made[order.place] = made
                self._samples.notify_all()

    def fail(self, producer: Hashable, order: Order, reason: str) -> None:
        """Takes note that a producer failed at what it was to make."""
        with self._lock:
            if self._is_closed:
                return
            if self._book.fail(producer, order.place):
                self._give_up(order, reason)
            self._wake()

    def lose(self, producer: Hashable, error: BlendgymError) -> None:
        """Takes note that a producer works no more. When none is left, that is an error for whoever takes."""
        with self._lock:
            if self._is_closed:
                return
            self._book.lose(producer)
            self._producers -= 1
            self._loss = type(error)(str(error), **error.details)  # Its frames would keep the producer's Blender.
            LOG.warning("Producer %s of a stream is lost, %d go on: %s", producer, self._producers, error)
            self._wake()

    def take(self, owner: Hashable, timeout: float | None) -> Made | None:
        """See ``Stream.take``."""
        limit = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            while True:
                self.check_open()
                place = self._book.take(owner)
                if place is not None:
                    self._work.notify_all()
                    return self._made.pop(place)
                if self._book.is_given_out:
                    return None
                self._check_progress()
                left = None if limit is None else limit - time.monotonic()
                if left is not None and left <= 0.0:
                    raise SampleTimeout(f"No sample was ready within {timeout:g} s; take() may be called again.")
                self._samples.wait(left)

    def put_back(self, owner: Hashable) -> None:
        """See ``Stream.put_back``."""
        with self._lock:
            self._book.put_back(owner)
            self._wake()

    def confirm(self, indices: Iterable[int]) -> None:
        """See ``Stream.confirm``."""
        with self._lock:
            for index in indices:
                self._confirm(index)
            self._schedule.forget(self._book.oldest)
            self._wake()

    def begin_pass(self) -> None:
        """See ``Stream.begin_pass``."""
        with self._lock:
            self._book.begin_pass()
            self._wake()

    def update(self, change: Callable[[Drawing], Drawing], first: Callable[[Book, Indices], int]) -> Version:
        """Lets a new version hold from a place on; what was made ahead for that place and others behind is made anew.

        Args:
            change: Makes of what holds at that place how the parameters of samples come about from there on.
            first: Says from which place on.
        """
        with self._lock:
            self.check_open()
            place = first(self._book, self._indices)
            version = self._schedule.add(place, change(self._schedule.at(place).drawing))
            for place in self._book.renew(version.first):
                self._made.pop(place, None)
                self._reasons.pop(place, None)
            self._wake()
            return version

    def state(self) -> dict[str, Any]:
        """What is done, what is due, and the versions, all at one moment."""
        with self._lock:
            return {
                **self._book.state(),
                "skipped": [asdict(each) for each in self.skipped],
                "newest": self._schedule.newest,
                "versions": [
                    {"number": each.number, "first": each.first, "fixed": dict(each.fixed), **each.told}
                    for each in self._schedule.versions
                ],
            }

    def load(self, state: Mapping[str, Any], versions: list[Version]) -> None:
        """Takes back what ``state`` has said."""
        with self._lock:
            self.check_open()
            self._book.load(state)
            self._schedule.load(versions, state["newest"])
            self.skipped[:] = [Skipped(**each) for each in state["skipped"]]
            self._made.clear()
            self._reasons.clear()
            self._wake()

    def _wake(self) -> None:
        """Lets all who wait look whether there is work, or a sample."""
        self._work.notify_all()
        self._samples.notify_all()

    def check_open(self) -> None:
        """See ``Stream.check_open``."""
        if self._is_closed:
            raise EnvironmentClosed("The stream is closed; make a new one, and load its state to go on.")

    def close(self) -> None:
        """Ends all waiting, and drops what is ready."""
        with self._lock:
            self._is_closed = True
            self._made.clear()
            self._wake()

    def _order(self, place: int) -> Order:
        index = self._indices.index(self._book.slot(place))
        return Order(place, index, sample_seed(self._seed, index), self._schedule.at(place))

    def _give_up(self, order: Order, reason: str) -> None:
        """Sees to it that a sample that cannot be made is told."""
        self._reasons[order.place] = reason
        if self._skips and self._skipped_in_a_row < MOST_SKIPPED:
            self._skipped_in_a_row += 1
            self._skip(order)

    def _skip(self, order: Order) -> None:
        reason = self._reasons.pop(order.place)
        self._book.skip(order.place)
        if order.index not in {each.index for each in self.skipped}:  # It was, if passes are repeated.
            self.skipped.append(Skipped(order.index, order.seed, order.version.number, reason))
        LOG.warning("Index %d of a stream is skipped (seed %d): %s", order.index, order.seed, reason)

    def _confirm(self, index: int) -> None:
        slot = self._indices.slot(index)
        if self._indices.index(slot) != index or not 0 <= slot < self._book.slots:
            raise _never_taken(index)
        place = self._book.place(slot)
        if place is None:  # It was confirmed before.
            return
        if self._book.has_failed(place):
            self._skip(self._order(place))
        elif self._book.confirm(place):
            self._made.pop(place, None)
        else:
            raise _never_taken(index)

    def _check_progress(self) -> None:
        """Raises what keeps the stream from going on, if anything does."""
        place = self._book.turn()
        if place is not None:
            order = self._order(place)
            raise SampleFailed(
                f"Sample {order.index} (seed {order.seed}, version {order.version.number}) could not be made, however "
                "often it was tried. To go on with another in its place, call confirm([error.details['index']]); a "
                f"stream with on_failure='skip' does so by itself. The last failure was {self._reasons[place]}",
                index=order.index, seed=order.seed, version=order.version.number,
            )  # fmt: skip
        if self._loss and not self._producers:
            raise type(self._loss)(str(self._loss), **self._loss.details)


def _never_taken(index: int) -> InvalidOption:
    return InvalidOption(f"Sample {index} was never taken here, so it cannot be confirmed.")
