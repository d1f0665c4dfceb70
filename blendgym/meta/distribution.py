"""A uniform distribution over a box in the unit cube, which is what a meta-environment's actions move."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Tasks, plain_tasks
from blendgym.teachers.checks import check_draw
from blendgym.teachers.distributions.boxes import UnitBox
from blendgym.teachers.forms import ArrayOf
from blendgym.teachers.teacher import Teacher

LEAST_WIDTH = 0.02
"""Of the box, in each dimension."""


class BoxDistribution(Teacher):
    """Uniform between a low and a high bound of each parameter, in shares of its range.

    Args:
        low: The lower bounds: float64 (dimensions,), each from 0 to 1.
        high: The upper bounds: float64 (dimensions,), each from 0 to 1.

    Attributes:
        low: Lower bounds, at least ``LEAST_WIDTH`` below the upper ones.
        high: Upper bounds.
    """

    def __init__(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        super().__init__(len(low))
        self.low, self.high = _proper(low, high)

    @property
    def box(self) -> UnitBox:
        """The box as it is now."""
        return UnitBox(self.low, self.high)

    def move_to(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        """Takes new bounds; they are put in order, into the cube, and apart by ``LEAST_WIDTH``."""
        low, high = _proper(low, high)
        if np.array_equal(low, self.low) and np.array_equal(high, self.high):
            return
        self.low, self.high = low, high
        self.version += 1

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        """Tasks to be played next."""
        check_draw(generator, count)
        unit = self.box.places(generator, count)
        return plain_tasks(unit, self.version)

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of the box's volume inside of it, 0 outside."""
        return self.box.density(unit)

    def state_dict(self) -> dict[str, Any]:
        """Bounds and version."""
        return {**super().state_dict(), "low": self.low.copy(), "high": self.high.copy()}

    def state_form(self) -> dict[str, Any]:
        """That of bounds and version."""
        bounds = ArrayOf(np.float64, (self.dimensions,), 0.0, 1.0)
        return {**super().state_form(), "low": bounds, "high": bounds}

    def take_state(self, state: dict[str, Any]) -> None:
        """Takes over what ``state_dict`` gave."""
        super().take_state(state)
        self.low, self.high = state["low"], state["high"]
        if np.any(self.low >= self.high):
            raise InvalidOption("A box of this state has no volume.")

    def describe(self) -> dict[str, float]:
        """Entropy per dimension in nats (OpenAI, arXiv 1910.07113), and the mean width."""
        return {"entropy_per_dimension": self.box.entropy, "mean_width": float(self.box.widths.mean())}


def central_bounds(
    places: NDArray[np.float64], before: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between which nine tenths of places (count, dimensions) are, parameter by parameter; as before if there are none.

    Args:
        places: Places in the unit cube.
        before: The low and the high bounds until now, (dimensions,) each.
    """
    if not len(places):
        return before
    low, high = np.quantile(places, [0.05, 0.95], axis=0)
    return _proper(low, high)


def _proper(low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bounds = np.array([low, high], np.float64)
    if bounds.ndim != 2 or not np.isfinite(bounds).all():
        raise InvalidOption(f"Bounds of a box are finite numbers, a row of each; got {low!r:.80} and {high!r:.80}.")
    below, above = np.clip(np.sort(bounds, axis=0), 0.0, 1.0)
    narrow = above - below < LEAST_WIDTH
    centre = np.clip((below + above) / 2, LEAST_WIDTH / 2, 1.0 - LEAST_WIDTH / 2)
    return np.where(narrow, centre - LEAST_WIDTH / 2, below), np.where(narrow, centre + LEAST_WIDTH / 2, above)
