"""What randomization hands out, and what it gets back: tasks and the episodes that were played in them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidParameter

UNIFORM = -2
"""Tag of a task that comes from the uniform floor under a teacher."""

PLAIN = -1
"""Tag of a task that its teacher has nothing to say about."""


class Tasks(NamedTuple):
    """Places in the unit cube of the randomized parameters, in the order in which they are to be played.

    Args:
        unit: float64 (tasks, dimensions), each from 0 to 1.
        tags: int64 (tasks,). What each is for: ``UNIFORM``, ``PLAIN``, or a number that its teacher knows.
        version: Of the teacher's distribution that they were sampled from.
        trains: bool (tasks,). Whether the student may learn from the episode; otherwise it is only played.
    """

    unit: NDArray[np.float64]
    tags: NDArray[np.int64]
    version: int
    trains: NDArray[np.bool_]


class Episodes(NamedTuple):
    """Episodes that have ended, in the order in which they ended. Rows belong to the parameters they were played with.

    Args:
        unit: float64 (episodes, dimensions).
        tags: int64 (episodes,), of the tasks.
        versions: int64 (episodes,), of the tasks.
        returns: float64 (episodes,): sums of rewards.
        scores: float64 (episodes,): returns, as shares of the way from the worst to the best there is, from 0 to 1.
        successes: bool (episodes,).
        lengths: int64 (episodes,), in steps.
    """

    unit: NDArray[np.float64]
    tags: NDArray[np.int64]
    versions: NDArray[np.int64]
    returns: NDArray[np.float64]
    scores: NDArray[np.float64]
    successes: NDArray[np.bool_]
    lengths: NDArray[np.int64]

    def __bool__(self) -> bool:
        return bool(len(self.lengths))

    @property
    def steps(self) -> int:
        """Steps of all of them."""
        return int(self.lengths.sum())

    def chosen(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Episodes:
        """Some of them."""
        columns: Any = (column[rows] for column in self)
        return Episodes(*columns)


def plain_tasks(unit: NDArray[np.float64], version: int = 0, tag: int = PLAIN) -> Tasks:
    """Tasks with one tag that all train."""
    count = len(unit)
    return Tasks(unit, np.full(count, tag, np.int64), version, np.ones(count, np.bool_))


def check_unit(unit: NDArray[np.float64], shape: tuple[int, int]) -> None:
    """Makes sure that these are places of the unit cube, so many of so many dimensions.

    Raises:
        InvalidParameter: If they are not.
    """
    if np.shape(unit) != shape:
        raise InvalidParameter(f"unit has the shape {np.shape(unit)}; expected {shape}, one row for each task.")
    inside = (unit >= 0.0) & (unit <= 1.0)
    if not inside.all():
        raise InvalidParameter(
            f"unit has the value {unit[~inside][0]}; expected numbers from 0 to 1, shares of the priors."
        )


def joined(parts: list[Episodes], dimensions: int) -> Episodes:
    """Episodes one after the other; none at all if there are no parts."""
    if parts:
        return Episodes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return Episodes(
        np.empty((0, dimensions)), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0),
        np.empty(0, np.bool_), np.empty(0, np.int64),
    )  # fmt: skip
