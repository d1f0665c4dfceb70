"""Batches for training loops."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import weakref
from collections.abc import Iterator
from multiprocessing.context import BaseContext
from typing import TYPE_CHECKING, Any

from blendgym.checks import check_functions, check_positive, is_number
from blendgym.data.delivery.making import Collate, Transform, make_batch
from blendgym.data.delivery.orders import Orders
from blendgym.data.delivery.taking import take_some
from blendgym.data.delivery.tensors import collate, read_transform
from blendgym.data.delivery.worker import Worker
from blendgym.errors import InvalidOption

if TYPE_CHECKING:
    from blendgym.data.streams.stream import Stream

_NUMBERS = itertools.count()


class Loader:
    """Gives batches of a stream's samples to a training loop: each iteration is one pass over the stream.

    Batches come in the order of the stream, whatever the number of workers, and are the same, bit for bit. A batch is
    confirmed to the stream when the loop is given it, so that ``stream.state_dict()`` within the loop means exactly the
    samples that the loop has had; what workers have prepared beyond is due again. A worker that is killed is replaced,
    and its batch made by another one.

    Args:
        stream: Whose samples.
        batch_size: Samples in a batch; the last one of a pass may have fewer.
        num_workers: Processes that make batches; 0 for the process of the loop.
        transform: Makes of a ``Sample`` what is collated; ``None`` for ``to_tensors``. Draws from the global generators
            of ``random``, NumPy and PyTorch depend on the sample's seed alone.
        collate: Makes a batch of a list of what ``transform`` has made.
        prefetch_factor: Batches that each worker may be ahead of the loop.
        timeout: Seconds that a worker may take for a batch; ``None`` for as long as it takes.
        multiprocessing_context: How workers are started: ``"fork"``, ``"spawn"``, ``"forkserver"`` or a context;
            ``None`` for Python's default. All but ``"fork"`` need a ``transform`` and ``collate`` that can be pickled.

    Raises:
        InvalidOption: If a number makes no sense.
    """

    def __init__(
        self, stream: Stream, batch_size: int, num_workers: int = 0, transform: Transform | None = None,
        collate: Collate = collate, *, prefetch_factor: int = 2, timeout: float | None = 300.0,
        multiprocessing_context: str | BaseContext | None = None,
    ) -> None:  # fmt: skip
        check_positive(batch_size=batch_size, prefetch_factor=prefetch_factor)
        if num_workers != 0:
            check_positive(num_workers=num_workers)
        self.batch_size, self.num_workers = batch_size, num_workers
        self._stream, self._transform, self._collate = stream, read_transform(transform), collate
        check_functions(collate=collate)
        if timeout is not None and not (is_number(timeout) and 0.0 < timeout < math.inf):
            raise InvalidOption(f"timeout is {timeout!r:.80}; expected seconds, more than 0, or None to wait.")
        self._timeout = timeout
        self._most = num_workers * prefetch_factor
        self._context = _context(multiprocessing_context)
        self._workers: list[Worker] = []
        self._end = weakref.finalize(self, _end_all, self._workers)
        stream.attach(self)

    def __iter__(self) -> Iterator[Any]:
        """The batches of one pass.

        Raises:
            TransformError: If ``transform`` or ``collate`` raises.
            WorkerDied: If several workers have died over the same batch.
            WorkerTimeout: If a worker does not make a batch in time; the next iteration has another worker.
            BlendgymError: Whatever the stream raises.
        """
        owner = f"loader {next(_NUMBERS)}"
        self._stream.begin_pass()
        try:
            yield from self._by_workers(owner) if self.num_workers else self._alone(owner)
        finally:
            self._stream.put_back(owner)

    def __len__(self) -> int:
        """How many batches a whole pass has.

        Raises:
            TypeError: If the stream has no end.
        """
        return -(-len(self._stream) // self.batch_size)

    def close(self) -> None:
        """Ends the workers, as closing the stream does; the next iteration starts others."""
        _end_all(self._workers)

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that there are."""
        return [worker.pid for worker in self._workers]

    def _alone(self, owner: str) -> Iterator[Any]:
        while samples := take_some(self._stream, owner, self.batch_size, _never):
            batch = make_batch(samples, self._transform, self._collate)
            self._stream.confirm(sample.index for sample in samples)
            yield batch

    def _by_workers(self, owner: str) -> Iterator[Any]:
        orders = Orders(self._stream, owner, self.batch_size, self._most)
        try:
            self._dismiss_lost()
            for worker in self._workers:
                worker.begin(orders)
            while not orders.is_done:
                self._stream.check_open()
                self._replace_lost(orders)
                batch = orders.collect()
                if batch is None:
                    continue
                if batch.error:
                    raise batch.error
                self._stream.confirm(batch.indices)
                yield batch.content
        finally:
            orders.close()
            for worker in self._workers:
                worker.finish()

    def _replace_lost(self, orders: Orders) -> None:
        """Sees to it that all workers are there."""
        self._dismiss_lost()
        while len(self._workers) < self.num_workers:
            self._workers.append(Worker(self._context, self._transform, self._collate, self._timeout))
            self._workers[-1].begin(orders)

    def _dismiss_lost(self) -> None:
        for worker in [each for each in self._workers if each.is_lost]:
            self._workers.remove(worker)
            worker.end()


def _end_all(workers: list[Worker]) -> None:
    while workers:
        workers.pop().end()


def _never() -> bool:
    return False


def _context(given: str | BaseContext | None) -> BaseContext:
    if isinstance(given, BaseContext):
        return given
    try:
        return multiprocessing.get_context(given)
    except ValueError:
        known = ", ".join(multiprocessing.get_all_start_methods())
        raise InvalidOption(f"multiprocessing_context is {given!r}; expected a context or one of {known}.") from None
