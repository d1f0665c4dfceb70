"""The reader of recordings: the samples of a stream without Blender."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

from blendgym.data.recording.folder import Folder
from blendgym.data.recording.index import read_contents, read_sample
from blendgym.data.recording.samples import sample_of
from blendgym.data.sample import Sample

if TYPE_CHECKING:
    from blendgym.data.recording.dataset import ReplayDataset


class Replay:
    """The samples of a recording, as they were written, bit for bit.

    They are read when they are asked for, so that memory does not grow with them. It can be pickled, for the workers
    of a ``DataLoader``. What is added to the recording later is not seen.

    Args:
        path: The folder of the recording.

    Attributes:
        origin: What the samples were made from; see ``Recording``.
        loss: What of the recording is torn and left out, for people; empty if all is whole.

    Raises:
        InvalidRecording: If there is none, or one of another version of the format.
        RecordingDamaged: If a shard is missing.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._folder = Folder(Path(path))
        self.origin = self._folder.read_about().origin
        self._rows, self.loss = read_contents(self._folder)
        if self.loss:
            warnings.warn(self.loss, stacklevel=2)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: SupportsIndex) -> Sample: ...

    @overload
    def __getitem__(self, place: slice) -> list[Sample]: ...

    def __getitem__(self, place: SupportsIndex | slice) -> Sample | list[Sample]:
        """A sample, or a list of some.

        Args:
            place: Among those of the recording, from 0, or from -1 backwards; its index if none is left out. A slice
                has all of its samples read.

        Raises:
            IndexError: If there are not as many.
            TypeError: If it is neither a whole number nor a slice.
            RecordingDamaged: If it is not what was written.
        """
        if isinstance(place, slice):
            return [self._read(each) for each in range(len(self))[place]]
        try:
            found = range(len(self))[place]
        except TypeError:
            raise TypeError(f"Samples are found by a whole number or a slice, not by {place!r}.") from None
        except IndexError:
            raise IndexError(f"There is no sample at {place}: the recording has {len(self)}.") from None
        return self._read(found)

    def __iter__(self) -> Iterator[Sample]:
        return map(self._read, range(len(self)))

    def dataset(self, transform: Callable[[Sample], Any] | None = None) -> ReplayDataset:
        """The samples as a map-style dataset of PyTorch, for a ``DataLoader`` with any sampler and workers.

        Args:
            transform: Of each sample; ``None`` for that of ``Stream.dataset``. What it draws at random depends on the
                sample alone.
        """
        from blendgym.data.recording.dataset import ReplayDataset

        return ReplayDataset(self, transform)

    def _read(self, place: int) -> Sample:
        return sample_of(read_sample(self._folder, self._rows[place]))

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    @property
    def indices(self) -> NDArray[np.int64]:
        """Of the samples, in their order: int64 (samples,)."""
        return self._rows["index"].astype(np.int64)
