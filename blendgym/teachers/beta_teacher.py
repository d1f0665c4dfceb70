"""What teachers share that move a product of Beta distributions by what its own episodes say of its neighbours."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between, check_positive
from blendgym.parameters.episodes import PLAIN, Episodes, Tasks, joined, plain_tasks
from blendgym.teachers.checks import check_draw, checked_nominal, checked_places
from blendgym.teachers.distributions.betas import Betas
from blendgym.teachers.distributions.boxes import UnitBox
from blendgym.teachers.distributions.constrained import Constraint, narrow_betas, trust_region
from blendgym.teachers.distributions.importance import Evidence
from blendgym.teachers.forms import ArrayOf, column_forms
from blendgym.teachers.gate import Gate
from blendgym.teachers.teacher import Teacher

CONCENTRATIONS = 1e-3, 1e6
"""Shape parameters of a state."""

_PATIENCE = 10


class BetaTeacher(Teacher):
    """Samples from a product of Beta distributions; after enough episodes, moves on to one in its trust region.

    Only episodes of the present distribution count, neither older ones nor those of a uniform floor. Where a subclass
    finds no better distribution, or the importance weights for it rest on few episodes, the update is skipped: the
    distribution stays as it is, and waits for as many episodes again.

    Args:
        nominal_unit: float64 (dimensions,). Where it begins, as narrow as Beta(100, 100) is around 0.5, whose standard
            deviation is 0.035.
        waits_for: What has to happen before anything is adapted, for the warning that it never does.
        largest_divergence: From one distribution to the next (Kullback-Leibler), in nats.
        episodes_per_update: Number of episodes after which the distribution is updated.
        smallest_effective_share: Effective sample size that an update needs, as a share of its episodes.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        waits_for: str,
        largest_divergence: float,
        episodes_per_update: int,
        smallest_effective_share: float,
    ) -> None:
        nominal = checked_nominal(nominal_unit)
        super().__init__(len(nominal))
        check_between("largest_divergence", largest_divergence, 1e-6, 10.0)
        check_positive(episodes_per_update=episodes_per_update)
        check_between("episodes_per_update", episodes_per_update, 1, 1e6)
        check_between("smallest_effective_share", smallest_effective_share, 0.0, 1.0)
        self.largest_divergence, self.episodes_per_update = largest_divergence, episodes_per_update
        self.smallest_effective_share = smallest_effective_share
        self.betas = narrow_betas(nominal)
        self.gate = Gate(waits_for, patience=_PATIENCE * episodes_per_update)
        self._episodes = joined([], self.dimensions)

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
        check_draw(generator, count)
        return plain_tasks(self.betas.sample(generator, count), self.version)

    def observe(self, episodes: Episodes) -> None:
        super().observe(episodes)
        mine = episodes.chosen((episodes.tags == PLAIN) & (episodes.versions == self.version))
        self._episodes = joined([self._episodes, mine], self.dimensions)

    def update(self) -> None:
        episodes = self._episodes
        if len(episodes.lengths) < self.episodes_per_update:
            return
        self._episodes = joined([], self.dimensions)
        evidence = Evidence(self.betas, episodes.unit, self._outcomes(episodes))
        proposal = self._proposal(evidence)
        reliable = evidence.effective_share(proposal) >= self.smallest_effective_share
        applied = reliable and proposal is not self.betas
        self.gate.count(applied, len(episodes.lengths))
        if applied:
            self.betas = proposal
            self.version += 1

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.exp(self.betas.log_density(checked_places(unit, self.dimensions)))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "a": self.betas.a,
            "b": self.betas.b,
            "episodes": self._episodes._asdict(),
            "gate": self.gate.state_dict(),
        }

    def state_form(self) -> dict[str, Any]:
        shapes = ArrayOf(np.float64, (self.dimensions,), *CONCENTRATIONS)
        episodes = column_forms(self.dimensions, "episodes")
        return super().state_form() | {"a": shapes, "b": shapes, "episodes": episodes, "gate": Gate.state_form}

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self.betas = Betas(state["a"], state["b"])
        self._episodes = Episodes(**state["episodes"])
        self.gate.load_state_dict(state["gate"])

    def describe(self) -> dict[str, float]:
        middle = UnitBox(self.betas.quantile(0.05), self.betas.quantile(0.95))
        return middle.describe() | {"entropy": self.betas.entropy() / self.dimensions} | self.gate.describe()

    @property
    def _trust_region(self) -> Constraint:
        return trust_region(self.betas, self.largest_divergence)

    @abstractmethod
    def _outcomes(self, episodes: Episodes) -> NDArray[np.float64]:
        """The outcome of each episode whose expectation is estimated, (episodes,)."""

    @abstractmethod
    def _proposal(self, evidence: Evidence) -> Betas:
        """The next distribution; the present one itself if there is none better."""
