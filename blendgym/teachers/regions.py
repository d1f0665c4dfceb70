"""Teachers that divide the cube into regions, cut where pass rates differ, and weigh them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_positive
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes, Tasks, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.distributions.contrasts import Contrasts
from blendgym.teachers.distributions.partition import Partition
from blendgym.teachers.forms import ArrayOf, Integer
from blendgym.teachers.gate import Gate
from blendgym.teachers.pass_rates.running import PassRates
from blendgym.teachers.teacher import Teacher


class Regions(Teacher):
    """Prefers some regions of the cube to others.

    The regions are the leaves of a k-d tree. One is cut in the middle, along the dimension in which the pass rates of
    its halves differ most, once the difference is beyond chance: so dimensions that do not matter stay whole. A share
    of the tasks goes to leaves in proportion to their weights, the others are uniform, so that what changes is noticed.

    Args:
        nominal_unit: float64 (dimensions,); only how many there are matters.
        share: Share of the tasks that are chosen by weight, from 0 to 1.
        leaves: Largest number of regions.
        discount: Factor by which each new episode in a leaf reduces the weight of the earlier ones.
        significance: Standard deviations between the pass rates of two halves before a leaf is cut.
        enough_for_cut: Episodes that each half of a leaf needs before it is cut.

    Attributes:
        partition: The regions.
        pass_rates: In each of them.
        weights: Of each of them, float64 (leaves,); their sum is 1.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        share: float,
        leaves: int,
        discount: float,
        significance: float,
        enough_for_cut: int,
    ) -> None:
        super().__init__(len(checked_nominal(nominal_unit)))
        check_between("The share of tasks that are chosen by weight", share, 0.0, 1.0)
        check_between("The discount of episodes", discount, 0.0, 1.0)
        check_between("significance", significance, 0.0, 1e3)
        check_positive(leaves=leaves, enough_for_cut=enough_for_cut)
        self.share, self.max_leaves = share, leaves
        self.significance, self.enough_for_cut = significance, enough_for_cut
        self.partition = Partition(self.dimensions)
        self.pass_rates = PassRates(1, discount)
        self.contrasts = Contrasts(self.dimensions)
        self.weights = np.ones(1)
        self.heard = 0
        self.gate = Gate("one region whose pass rate differs from another's", patience=2000)

    @abstractmethod
    def densities(self) -> NDArray[np.float64]:
        """How much each region is preferred, per volume and up to a factor, after an update: float64 (leaves,)."""

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        leaves = generator.choice(len(self.partition), size=count, p=self._probabilities())
        return plain_tasks(self.partition.places(generator, leaves), self.version)

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        leaves = self.partition.leaves_of(episodes.unit)
        upper = self.partition.upper_halves_of(episodes.unit, leaves)
        self.pass_rates.observe(leaves, episodes.successes)
        self.contrasts.observe(leaves, upper, episodes.successes)
        self.heard += len(leaves)

    def update(self) -> None:
        if not self.heard:
            return
        self._cut()
        self.weights = self.densities() * self.partition.volumes
        self.weights /= self.weights.sum()
        self.version += 1
        self.gate.count(len(self.partition) > 1, self.heard)
        self.heard = 0

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        leaves = self.partition.leaves_of(checked_places(unit, self.dimensions))
        return (self._probabilities() / self.partition.volumes)[leaves]

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "partition": self.partition.state_dict(),
            "pass_rates": self.pass_rates.state_dict(),
            "contrasts": self.contrasts.state_dict(),
            "weights": self.weights.copy(),
            "heard": self.heard,
            "gate": self.gate.state_dict(),
        }

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {
            "partition": self.partition.state_form(),
            "pass_rates": PassRates.state_form("leaves"),
            "contrasts": self.contrasts.state_form(),
            "weights": ArrayOf(np.float64, ("leaves",), 0.0, 1.0),
            "heard": Integer(),
            "gate": Gate.state_form,
        }

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.partition.load_state_dict(state["partition"])
        self.pass_rates.load_state_dict(state["pass_rates"])
        self.contrasts.load_state_dict(state["contrasts"])
        self.weights, self.heard = state["weights"], state["heard"]
        if abs(self.weights.sum() - 1.0) > 1e-9:
            raise InvalidOption(f"The weights of this state add up to {self.weights.sum():g} instead of 1.")
        if len(self.partition) > self.max_leaves:
            raise InvalidOption(f"This state has {len(self.partition)} regions, of at most {self.max_leaves}.")
        self.gate.load_state_dict(state["gate"])

    def describe(self) -> dict[str, float]:
        probabilities, volumes, rates = self._probabilities(), self.partition.volumes, self.pass_rates.rates
        known, taught = self.pass_rates.played > 0.0, probabilities > 0.0
        surprise = probabilities[taught] * np.log((probabilities / volumes)[taught])
        return self.gate.describe() | {
            "entropy": -float(surprise.sum()) / self.dimensions,
            "leaves": float(len(volumes)),
            "pass_rate": float(rates @ volumes),
            "share_always_passed": float(volumes[known & (rates > 0.99)].sum()),
            "share_never_passed": float(volumes[known & (rates < 0.01)].sum()),
        }

    def _probabilities(self) -> NDArray[np.float64]:
        return self.share * self.weights + (1.0 - self.share) * self.partition.volumes

    def _cut(self) -> None:
        z_scores = self.contrasts.z_scores(self.enough_for_cut)
        clearest = np.argsort(-z_scores.max(axis=1), kind="stable")
        room = self.max_leaves - len(self.partition)
        for leaf in clearest[:room]:
            if z_scores[leaf].max() < self.significance:
                return
            self._cut_leaf(int(leaf), int(z_scores[leaf].argmax()))

    def _cut_leaf(self, leaf: int, dimension: int) -> None:
        played, passed = self.contrasts.played[leaf, dimension], self.contrasts.passed[leaf, dimension]
        self.pass_rates.split(leaf, played, passed)
        self.contrasts.split(leaf)
        self.partition.split(leaf, dimension)
