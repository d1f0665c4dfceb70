"""Samples for a ``DataLoader`` of one's own."""

from __future__ import annotations

import itertools
import os
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from torch.utils.data import IterableDataset, get_worker_info

from blendgym.data.delivery.counter import Counter, Customer
from blendgym.data.delivery.making import Transform, transformed
from blendgym.data.delivery.taking import take
from blendgym.data.delivery.tensors import read_transform
from blendgym.processes import Owner

if TYPE_CHECKING:
    from blendgym.data.streams.stream import Stream

_NUMBERS = itertools.count()


class StreamDataset(IterableDataset[Any]):
    """The samples of a stream, for any ``DataLoader``, with any number of workers, started in any way.

    Workers share a pass over the stream: each sample is given to one of them. It counts as confirmed when its worker
    has transformed it, so that what a ``DataLoader`` fetches ahead counts as seen; a ``Loader`` knows better.

    It can be pickled; a copy in another process gets its samples from the stream here, as long as this dataset lives.

    Args:
        stream: Whose samples.
        transform: Makes of a ``Sample`` what is given; ``None`` for ``to_tensors``. Draws from the global generators of
            ``random``, NumPy and PyTorch depend on the sample's seed alone.
    """

    def __init__(self, stream: Stream, transform: Transform | None = None) -> None:
        self._transform = read_transform(transform)
        self._stream: Stream | None = stream
        self._owner = Owner()
        self._iterations = 0
        counter = Counter(stream)
        self._address = counter.address
        self._end = weakref.finalize(self, counter.close)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_stream": None, "_end": None}

    def __iter__(self) -> Iterator[Any]:
        """The samples of one pass that no other worker is given.

        Raises:
            EnvironmentClosed: If the stream is closed, or its process is gone.
            BlendgymError: Whatever the stream raises.
        """
        self._iterations += 1
        if self._stream is not None and self._owner.is_here():
            return self._at_home(self._stream)
        return self._abroad()

    def _at_home(self, stream: Stream) -> Iterator[Any]:
        owner = f"dataset {next(_NUMBERS)}"
        stream.begin_pass()
        try:
            while (sample := take(stream, owner, lambda: False)) is not None:
                item = transformed(sample, self._transform)
                stream.confirm([sample.index])
                yield item
        finally:
            stream.put_back(owner)

    def _abroad(self) -> Iterator[Any]:
        customer = Customer(self._address, self._epoch())
        try:
            for sample in customer.samples():
                item = transformed(sample, self._transform)
                customer.take(sample)
                yield item
        finally:
            customer.close()

    def _epoch(self) -> tuple[int, int]:
        """The same for all workers of an iteration over a ``DataLoader``."""
        worker = get_worker_info()
        return (-os.getpid() if worker is None else worker.seed - worker.id), self._iterations
