"""What is randomized in each of many environments, as their infos say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from blendgym.client.randomizer import Randomizer

AddInfo = Callable[[dict[str, Any], dict[str, Any], int], dict[str, Any]]


class Records:
    """The records of the present episodes of many environments, batched as Gymnasium batches infos.

    Args:
        randomizers: Of the environments.

    Attributes:
        infos: For every step; empty if nothing is randomized, or nobody is to know.
    """

    def __init__(self, randomizers: Sequence[Randomizer]) -> None:
        self._randomizers = randomizers
        self.infos: dict[str, Any] = {}

    def copied(self) -> dict[str, Any]:
        """A copy of the infos: whoever gets it may write to it."""
        return _without(self.infos, [])

    def take_down(self, rows: Iterable[int], add_info: AddInfo) -> None:
        """Takes note that episodes have begun in some environments.

        Args:
            rows: The numbers of these environments.
            add_info: Gymnasium's way to add the info of one environment to those of all.
        """
        told = {row: self._randomizers[row].step_info() for row in rows}
        if not self.infos and not any(told.values()):
            return
        self.infos = _without(self.infos, list(told))
        for row, info in told.items():
            if info and _size(info) != _size(self.infos):
                self.infos = {}  # Of another cube than before: a batch has one size.
            self.infos = add_info(self.infos, info, row)


def _size(infos: Mapping[str, Any]) -> int:
    """Of the places in the unit cube that infos tell."""
    return infos["randomization"]["unit"].shape[-1] if infos else 0


def _without(infos: Mapping[str, Any], rows: list[int]) -> dict[str, Any]:
    """A copy that says nothing of some environments."""
    copied: dict[str, Any] = {}
    for name, value in infos.items():
        copied[name] = _without(value, rows) if isinstance(value, dict) else value.copy()
        if name.startswith("_"):
            copied[name][rows] = False
    return copied
