"""Sampling for learnability, p · (1 - p), after SFL (Rutherford et al. 2024, arXiv 2408.15099).

SFL scouts: it rolls the policy out on random levels only to know their pass rates p. Here the episodes that are
played anyway tell them, region by region, so that no step is spent on anything but training.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between
from blendgym.teachers.regions import Regions


class Learnability(Regions):
    """Prefers regions of the cube in which the student succeeds about every other time.

    A share of the tasks goes to regions in proportion to their volume times p · (1 - p), which counts as a floor above
    0 where one is always or never passed. The other tasks are uniform.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
        share: Share of the tasks that are chosen by learnability, from 0 to 1.
        leaves: Largest number of regions.
        discount: Factor by which each new episode in a region reduces the weight of the earlier ones.
        floor: Lower limit of p · (1 - p) as a weight.
        significance: Standard deviations between the pass rates of two halves before a region is cut.
        enough_for_cut: Episodes that each half of a region needs before it is cut.

    Raises:
        InvalidOption: If an argument is out of its bounds.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        share: float = 0.5,
        leaves: int = 64,
        discount: float = 0.9,
        floor: float = 0.01,
        significance: float = 2.5,
        enough_for_cut: int = 8,
    ) -> None:
        super().__init__(nominal_unit, share, leaves, discount, significance, enough_for_cut)
        check_between("The floor of learnability", floor, 1e-6, 0.25)
        self.floor = floor

    def densities(self) -> NDArray[np.float64]:
        """Of each region p · (1 - p), or the floor."""
        rates = self.pass_rates.rates
        return np.maximum(rates * (1.0 - rates), self.floor)
