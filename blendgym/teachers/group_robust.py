"""Distributionally robust sampling over groups of tasks (group DRO, Sagawa et al. 2020, arXiv 1911.08731).

There groups of data are given, and weights of their losses; here they are regions of the cube, and shares of the tasks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between
from blendgym.teachers.forms import ArrayOf
from blendgym.teachers.regions import Regions


class GroupRobust(Regions):
    """Prefers regions of the cube in which the student fails, by exponentiated gradient ascent.

    At each update the weight of a region, per volume, is multiplied by exp(step_size · (1 - p)), with its pass rate p.
    So the worst region comes to have all tasks in the end, also where nobody can pass: use it under a uniform floor.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
        step_size: Of the logarithms of the weights. At 0 all tasks are alike.
        leaves: Largest number of regions.
        discount: Factor by which each new episode in a region reduces the weight of the earlier ones.
        significance: Standard deviations between the pass rates of two halves before a region is cut.
        enough_for_cut: Episodes that each half of a region needs before it is cut.

    Attributes:
        losses: 1 - p of each region, summed over all updates: float64 (leaves,).

    Raises:
        InvalidOption: If an argument is out of its bounds.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        step_size: float = 0.05,
        leaves: int = 64,
        discount: float = 0.9,
        significance: float = 2.5,
        enough_for_cut: int = 8,
    ) -> None:
        super().__init__(nominal_unit, 1.0, leaves, discount, significance, enough_for_cut)
        check_between("The step size of group DRO", step_size, 0.0, 10.0)
        self.step_size = step_size
        self.losses = np.zeros(1)

    def densities(self) -> NDArray[np.float64]:
        """The product of the factors of all updates, as a share of the largest."""
        return np.asarray(np.exp(self.step_size * (self.losses - self.losses.max())))

    def update(self) -> None:
        if self.heard:
            self.losses = self.losses + 1.0 - self.pass_rates.rates
        super().update()

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {"losses": self.losses.copy()}

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {"losses": ArrayOf(np.float64, ("leaves",), 0.0)}

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.losses = state["losses"]

    def _cut_leaf(self, leaf: int, dimension: int) -> None:
        super()._cut_leaf(leaf, dimension)
        self.losses = np.append(self.losses, self.losses[leaf])
