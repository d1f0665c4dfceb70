"""Uniform domain randomization (Tobin et al. 2017, arXiv 1703.06907): the baseline that adaptive ones have to beat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.episodes import Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.teacher import Teacher


class Uniform(Teacher):
    """All places of the cube alike, always.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
    """

    def __init__(self, nominal_unit: NDArray[np.float64]) -> None:
        super().__init__(len(checked_nominal(nominal_unit)))

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        return plain_tasks(generator.random((count, self.dimensions)), self.version)

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.ones(len(checked_places(unit, self.dimensions)))
