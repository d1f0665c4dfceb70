"""What is randomized in each of many environments, as their infos say it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from blendgym.client.randomizer import Randomizer

AddInfo = Callable[[dict[str, Any], dict[str, Any], int], dict[str, Any]]


class Records:
    """The records of the present episodes of many environments, batched as Gymnasium batches infos.

    Args:
        randomizers: Of the environments.
        add_info: Gymnasium's way to add the info of one environment to those of all.

    Attributes:
        infos: For every step; empty if nothing is randomized, or nobody is to know. What was handed out stays.
    """

    def __init__(self, randomizers: Sequence[Randomizer], add_info: AddInfo) -> None:
        self._randomizers, self._add_info = randomizers, add_info
        self.infos: dict[str, Any] = {}

    def take_down(self, rows: Iterable[int]) -> None:
        """Takes note that episodes have begun in some environments."""
        told = {row: self._randomizers[row].step_info() for row in rows}
        if not self.infos and not any(told.values()):
            return
        self.infos = copy.deepcopy(self.infos)
        for row, info in told.items():
            _forget(self.infos, row)
            if info and _size(info) != _size(self.infos):
                self.infos = {}  # Of another cube than before: a batch has one size.
            self.infos = self._add_info(self.infos, info, row)


def _size(infos: Mapping[str, Any]) -> int:
    """Of the places in the unit cube that infos tell."""
    return infos["randomization"]["unit"].shape[-1] if infos else 0


def _forget(infos: dict[str, Any], row: int) -> None:
    """Unmarks all that infos say of one environment."""
    for name, value in infos.items():
        if name.startswith("_"):
            value[row] = False
        elif isinstance(value, dict):
            _forget(value, row)
