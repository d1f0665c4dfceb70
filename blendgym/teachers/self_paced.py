"""Self-paced learning: from tasks that go well to all tasks (SPDL, Klink et al., NeurIPS 2020, arXiv 2004.11812)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.randomization.episodes import PLAIN, Episodes, Tasks, joined, plain_tasks
from blendgym.teachers.betas import Betas
from blendgym.teachers.boxes import UnitBox
from blendgym.teachers.checks import check_between, checked_nominal, checked_places
from blendgym.teachers.constrained import narrow_betas, optimized, trust_region
from blendgym.teachers.importance import Evidence
from blendgym.teachers.teacher import Teacher


class SelfPaced(Teacher):
    """Trades the expected score against the divergence to the uniform distribution, its target.

    An update maximizes E[score] - α KL(next ‖ uniform) within a trust region around the present distribution, where α
    makes the penalty a fixed share of the present score: the better the student, the stronger the pull to the target.
    The authors take Gaussians and any target; here it is a product of Beta distributions, of which the uniform one is a
    member. The expected score is estimated by self-normalized importance sampling; otherwise, fitting the very places
    that were played would look like progress.

    Only episodes of the present distribution count. Updates that would rest on few of them are skipped.

    Args:
        nominal_unit: float64 (dimensions,). Where it begins, as narrow as Beta(100, 100) is around 0.5.
        penalty: As a share of the score, ζ of the paper.
        largest_divergence: Between one distribution and the next, in nats; ε of the paper.
        episodes_per_update: That an update waits for.
        smallest_effective_share: Of the episodes that the importance weights of an update have to rest on.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        *,
        penalty: float = 0.05,
        largest_divergence: float = 0.05,
        episodes_per_update: int = 200,
        smallest_effective_share: float = 0.2,
    ) -> None:
        nominal = checked_nominal(nominal_unit)
        super().__init__(len(nominal))
        check_between("penalty", penalty, 0.0, 1e3)
        check_between("largest_divergence", largest_divergence, 1e-6, 10.0)
        check_between("episodes_per_update", episodes_per_update, 1, 1e6)
        check_between("smallest_effective_share", smallest_effective_share, 0.0, 1.0)
        self.penalty, self.largest_divergence = penalty, largest_divergence
        self.episodes_per_update, self.smallest_effective_share = episodes_per_update, smallest_effective_share
        self.betas = narrow_betas(nominal)
        self._skipped = 0
        self._episodes = joined([], self.dimensions)

    def sample(self, generator: np.random.Generator, count: int) -> Tasks:
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
        evidence = Evidence(self.betas, episodes.unit, episodes.scores)
        proposal = self._proposal(evidence)
        if proposal is self.betas or evidence.effective_share(proposal) < self.smallest_effective_share:
            self._skipped += 1
            return
        self.betas = proposal
        self.version += 1

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.exp(self.betas.log_density(checked_places(unit, self.dimensions)))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "a": self.betas.a,
            "b": self.betas.b,
            "episodes": self._episodes._asdict(),
            "skipped": self._skipped,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self.betas = Betas(state["a"], state["b"])
        self._episodes, self._skipped = Episodes(**state["episodes"]), state["skipped"]

    def describe(self) -> dict[str, float]:
        middle = UnitBox(self.betas.quantile(0.05), self.betas.quantile(0.95))
        return middle.describe() | {
            "entropy": self.betas.entropy() / self.dimensions,
            "updates_applied": float(self.version),
            "updates_skipped": float(self._skipped),
        }

    def _proposal(self, evidence: Evidence) -> Betas:
        # The divergence to the uniform distribution is the negative entropy.
        divergence = max(-self.betas.entropy(), 1e-9)
        pull = self.penalty * float(evidence.outcomes.mean()) / divergence
        return optimized(
            lambda betas: -evidence.normalized_expectation(betas) - pull * betas.entropy(),
            lambda betas: -evidence.normalized_expectation_gradient(betas) - pull * betas.entropy_gradient(),
            [trust_region(self.betas, self.largest_divergence)],
            self.betas,
        )
