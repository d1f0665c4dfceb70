"""DORAEMON: as much entropy as the success rate allows (Tiboni et al., ICLR 2024, arXiv 2311.01885)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between
from blendgym.parameters.episodes import Episodes
from blendgym.teachers.beta_teacher import BetaTeacher
from blendgym.teachers.distributions.betas import Betas
from blendgym.teachers.distributions.constrained import Constraint, optimized
from blendgym.teachers.distributions.importance import Evidence
from blendgym.teachers.forms import Switch


class Doraemon(BetaTeacher):
    """Widens a product of Beta distributions towards the uniform one, as long as the student succeeds often enough.

    An update maximizes the entropy within the trust region, such that the success rate, estimated from the episodes at
    hand by importance sampling, stays above a bound. If the present success rate is below it, the most successful
    distribution of the trust region comes first. Adaptation begins once the bound has been reached for the first time.

    The defaults are for students of a few thousand episodes in several dimensions; the longer the training, the smaller
    the trust region can be, and the more episodes an update can wait for.

    Args:
        nominal_unit: float64 (dimensions,). Where it begins, as narrow as Beta(100, 100) is around 0.5.
        success_rate: Success rate below which the distribution is not widened; α of the paper.
        largest_divergence: Between one distribution and the next, in nats; ε of the paper.
        episodes_per_update: Number of episodes after which the distribution is updated.
        smallest_effective_share: Effective sample size that an update needs, as a share of its episodes.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        *,
        success_rate: float = 0.5,
        largest_divergence: float = 0.5,
        episodes_per_update: int = 32,
        smallest_effective_share: float = 0.1,
    ) -> None:
        check_between("success_rate", success_rate, 0.0, 1.0)
        waits_for = f"an update at a success rate of {success_rate:g}"
        super().__init__(nominal_unit, waits_for, largest_divergence, episodes_per_update, smallest_effective_share)
        self.success_rate = success_rate
        self._bound_reached = False

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {"bound_reached": self._bound_reached}

    def state_form(self) -> dict[str, Any]:
        return super().state_form() | {"bound_reached": Switch()}

    def take_state(self, state: dict[str, Any]) -> None:
        super().take_state(state)
        self._bound_reached = state["bound_reached"]

    def _outcomes(self, episodes: Episodes) -> NDArray[np.float64]:
        return episodes.successes.astype(np.float64)

    def _proposal(self, evidence: Evidence) -> Betas:
        self._bound_reached |= evidence.expectation(self.betas) >= self.success_rate
        if not self._bound_reached:
            return self.betas
        start = self.betas
        if evidence.expectation(start) < self.success_rate:
            start = self._most_successful(evidence)
        if evidence.expectation(start) < self.success_rate:
            return start
        return self._widest(evidence, start)

    def _most_successful(self, evidence: Evidence) -> Betas:
        return optimized(
            lambda betas: -evidence.expectation(betas),
            lambda betas: -evidence.expectation_gradient(betas),
            [self._trust_region],
            self.betas,
        )

    def _widest(self, evidence: Evidence, start: Betas) -> Betas:
        success = Constraint(
            lambda betas: evidence.expectation(betas) - self.success_rate, evidence.expectation_gradient
        )
        return optimized(
            lambda betas: -betas.entropy(),
            lambda betas: -betas.entropy_gradient(),
            [self._trust_region, success],
            start,
        )
