"""Self-paced learning: from tasks that go well to all tasks (SPDL, Klink et al., NeurIPS 2020, arXiv 2004.11812)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import check_between
from blendgym.parameters.episodes import Episodes
from blendgym.teachers.beta_teacher import BetaTeacher
from blendgym.teachers.distributions.betas import Betas
from blendgym.teachers.distributions.constrained import optimized
from blendgym.teachers.distributions.importance import Evidence


class SelfPaced(BetaTeacher):
    """Trades the expected score against the divergence to the uniform distribution, its target.

    An update maximizes E[score] - α KL(next ‖ uniform) within a trust region around the present distribution, where α
    makes the penalty a fixed share of the present score: the better the student, the stronger the pull to the target.
    The authors take Gaussians and any target; here it is a product of Beta distributions, of which the uniform one is a
    member. The expected score is estimated by self-normalized importance sampling; otherwise, fitting the very places
    that were played would look like progress.

    The defaults are for students of a few thousand episodes, as are those of ``Doraemon``.

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
        penalty: float = 0.3,
        largest_divergence: float = 0.3,
        episodes_per_update: int = 32,
        smallest_effective_share: float = 0.2,
    ) -> None:
        check_between("penalty", penalty, 0.0, 1e3)
        waits_for = "a score that anything could be gained from"
        super().__init__(nominal_unit, waits_for, largest_divergence, episodes_per_update, smallest_effective_share)
        self.penalty = penalty

    def _outcomes(self, episodes: Episodes) -> NDArray[np.float64]:
        return episodes.scores

    def _proposal(self, evidence: Evidence) -> Betas:
        # The divergence to the uniform distribution is the negative entropy.
        divergence = max(-self.betas.entropy(), 1e-9)
        pull = self.penalty * float(evidence.outcomes.mean()) / divergence
        return optimized(
            lambda betas: -evidence.normalized_expectation(betas) - pull * betas.entropy(),
            lambda betas: -evidence.normalized_expectation_gradient(betas) - pull * betas.entropy_gradient(),
            [self._trust_region],
            self.betas,
        )
