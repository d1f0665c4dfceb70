"""A recording as a dataset of PyTorch."""

from __future__ import annotations

from typing import Any

from torch.utils.data import Dataset

from blendgym.data.delivery.making import Transform, transformed
from blendgym.data.delivery.tensors import read_transform
from blendgym.data.recording.replay import Replay


class ReplayDataset(Dataset[Any]):
    """Map-style: for a ``DataLoader`` with any sampler and any number of workers, which each read for themselves.

    Args:
        replay: The recording.
        transform: Of each sample; ``None`` for ``to_tensors``, as of a stream. What it draws at random depends on the
            sample alone.
    """

    def __init__(self, replay: Replay, transform: Transform | None) -> None:
        self._replay, self._transform = replay, read_transform(transform)

    def __len__(self) -> int:
        return len(self._replay)

    def __getitem__(self, place: int) -> Any:
        return transformed(self._replay[place], self._transform)
