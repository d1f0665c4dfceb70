"""Versions of what a stream draws from, and from which place on each of them holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.data.streams.updates import Drawing
from blendgym.parameters.sources import Source, Taught


class Version(NamedTuple):
    """A distribution that samples are drawn from.

    Args:
        number: Counts the updates of the stream; that which it begins with is 0.
        first: The place from which on it holds, until another one does.
        source: Draws the parameters.
        fixed: Parameters that have the same value in every sample, by name.
        told: What the source is made of, as plain data.
    """

    number: int
    first: int
    source: Source
    fixed: Mapping[str, float]
    told: dict[str, Any]

    @property
    def drawing(self) -> Drawing:
        """How its samples come about."""
        return Drawing(self.source, self.fixed, self.told)

    @property
    def is_taught(self) -> bool:
        """Whether the teacher of the stream draws."""
        return "teacher" in self.told

    def log_probability(self, unit: NDArray[np.float64], tag: int) -> float:
        """Logarithm of the density at a place that was drawn, in the unit cube of the source.

        NaN if there is none: the source has no ``density``, or the task was put at a single place, as its tag says.

        Args:
            unit: The place, (dimensions,).
            tag: Of the task.
        """
        drawing = self.source.teacher if isinstance(self.source, Taught) else self.source
        density = getattr(drawing, "density", None)
        if density is None or tag >= 0:
            return math.nan
        found = float(density(unit[None])[0])
        return math.log(found) if found > 0.0 else -math.inf


class Schedule:
    """Which version holds where.

    Args:
        drawing: Of the first version, which holds from the beginning.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._versions = [Version(0, 0, *drawing)]  # By the place that they begin at.
        self._newest = 0

    def at(self, place: int) -> Version:
        """The version that holds at a place."""
        return [version for version in self._versions if version.first <= place][-1]

    def add(self, first: int, drawing: Drawing) -> Version:
        """Lets a new version hold from a place on, in place of all that held there and behind."""
        self._newest += 1
        version = Version(self._newest, first, *drawing)
        self._versions = [*(each for each in self._versions if each.first < first), version]
        return version

    def forget(self, oldest: int) -> None:
        """Forgets what holds for nothing from the oldest place on that is not done with."""
        held = self.at(oldest)
        self._versions = self._versions[self._versions.index(held) :]

    @property
    def newest(self) -> int:
        """The number of the version that was added last."""
        return self._newest

    @property
    def versions(self) -> tuple[Version, ...]:
        """All that hold somewhere, by the place that they begin at."""
        return tuple(self._versions)

    def load(self, versions: list[Version], newest: int) -> None:
        """Takes back what ``versions`` and ``newest`` have said."""
        self._versions, self._newest = versions, newest
