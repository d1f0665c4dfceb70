"""Integration of many ordinary differential equations at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

States = NDArray[np.float64]


class RungeKutta:
    """The classical method of fourth order, for equations that do not depend on time.

    Args:
        derivative: Writes the derivative of states into its second argument, of the same shape.
        shape: The shape of the states.
    """

    def __init__(self, derivative: Callable[[States, States], None], shape: tuple[int, ...]) -> None:
        self._derivative = derivative
        self._between, self._slope, self._sum = np.empty((3, *shape))

    def advance(self, states: States, seconds: float) -> None:
        """Makes one step, in place."""
        between, slope, total = self._between, self._slope, self._sum
        self._derivative(states, total)
        np.multiply(total, seconds / 2, out=between)
        for share, weight in ((seconds / 2, 2.0), (seconds, 2.0)):
            between += states
            self._derivative(between, slope)
            np.multiply(slope, share, out=between)
            slope *= weight
            total += slope
        between += states
        self._derivative(between, slope)
        total += slope
        total *= seconds / 6
        states += total
