"""The batches of one pass: taken from the stream in order, made by workers, given to the training loop in order."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from blendgym.data.delivery.taking import take_some
from blendgym.errors import BlendgymError, WorkerDied

if TYPE_CHECKING:
    from blendgym.data.sample import Sample
    from blendgym.data.streams.stream import Stream

MAX_DEATHS = 3
PATIENCE_SECONDS = 0.5


@dataclass(eq=False)
class Batch:
    """Some samples on their way to the training loop.

    Args:
        number: Its place in the pass, from 0.
        samples: What it is made of.
        deaths: How many workers have died while they made it.
        content: What the training loop is given.
        error: What it is told instead.
    """

    number: int
    samples: list[Sample] = field(default_factory=list)
    deaths: int = 0
    content: Any = None
    error: Exception | None = None

    @property
    def indices(self) -> list[int]:
        """The indices of its samples."""
        return [sample.index for sample in self.samples]


class Orders:
    """Who makes which batch. Every method may be called from any thread.

    The samples of a batch are kept until it is made, so that another worker can make it if the first one dies.

    Args:
        stream: Where samples are taken.
        owner: Who takes them.
        size: Samples in a batch; the last one of a pass may have fewer.
        most: How many batches may be begun and not collected yet.
    """

    def __init__(self, stream: Stream, owner: str, size: int, most: int) -> None:
        self._stream, self._owner, self._size, self._most = stream, owner, size, most
        self._changed = threading.Condition()
        self._given_back: deque[Batch] = deque()
        self._made: dict[int, Batch] = {}
        self._begun = self._collected = 0
        self._is_taking = self._is_last_begun = self._is_closed = False

    def next(self) -> Batch | None:
        """Waits for a batch to make: one whose worker has died, or a new one; ``None`` if there are no more."""
        with self._changed:
            self._changed.wait_for(self._has_work)
            if self._is_closed:
                return None
            if self._given_back:
                return self._given_back.popleft()
            if self._is_last_begun:
                return None
            self._is_taking = True
        return self._begin()

    def put(self, batch: Batch, content: Any = None, error: Exception | None = None) -> None:
        """Takes what has been made of a batch, or what went wrong with it."""
        with self._changed:
            batch.content, batch.error = content, error
            self._made[batch.number] = batch
            self._changed.notify_all()

    def give_back(self, batch: Batch) -> None:
        """Takes a batch that nobody has begun to make."""
        with self._changed:
            self._given_back.append(batch)
            self._changed.notify_all()

    def note_death(self, batch: Batch, cause: str) -> None:
        """Takes a batch whose worker has died over it."""
        batch.deaths += 1
        if batch.deaths < MAX_DEATHS:
            self.give_back(batch)
        else:
            self.put(batch, error=_too_many_deaths(batch, cause))

    def collect(self) -> Batch | None:
        """The next batch in order, which is waited for a while; ``None`` if it is not made yet, or there is none."""
        with self._changed:
            self._changed.wait_for(self._has_news, PATIENCE_SECONDS)
            batch = self._made.pop(self._collected, None)
            if batch is not None:
                self._collected += 1
                self._changed.notify_all()
            return batch

    @property
    def is_done(self) -> bool:
        """Whether every batch of the pass has been collected."""
        with self._changed:
            return self._is_last_begun and self._collected == self._begun

    def close(self) -> None:
        """Lets nothing more be begun."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._is_taking)

    def _has_work(self) -> bool:
        if self._is_closed or self._given_back:
            return True
        return not self._is_taking and (self._is_last_begun or self._begun - self._collected < self._most)

    def _has_news(self) -> bool:
        if self._collected in self._made or self._given_back:
            return True
        return self._is_last_begun and self._collected == self._begun

    def _begin(self) -> Batch | None:
        """Takes all samples of a batch, as nobody else does meanwhile."""
        batch = Batch(self._begun)
        try:
            batch.samples = take_some(self._stream, self._owner, self._size, lambda: self._is_closed)
        except BlendgymError as error:
            batch.error = error
        with self._changed:
            self._is_taking = False
            self._is_last_begun = len(batch.samples) < self._size
            self._changed.notify_all()
            if self._is_closed or not (batch.samples or batch.error):
                return None
            self._begun += 1
        if batch.error:
            self.put(batch, error=batch.error)
            return None
        return batch


def _too_many_deaths(batch: Batch, cause: str) -> WorkerDied:
    indices = batch.indices
    return WorkerDied(
        f"{batch.deaths} workers of a loader have died one after the other over the batch with the indices "
        f"{', '.join(map(str, indices))}; the last one {cause}. If its transform does not crash, memory may be too "
        "short: the kernel ends processes so. Try these samples with num_workers=0.",
        indices=indices,
    )
