"""DORAEMON: as much entropy as the success rate allows (Tiboni et al., ICLR 2024, arXiv 2311.01885)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from blendgym.randomization.episodes import PLAIN, Episodes, Tasks, joined, plain_tasks
from blendgym.teachers.betas import Betas
from blendgym.teachers.checks import check_between, checked_nominal, checked_places
from blendgym.teachers.gate import Gate
from blendgym.teachers.importance import Evidence
from blendgym.teachers.teacher import Teacher

Array = NDArray[np.float64]
Function = Callable[[Betas], float]
Gradient = Callable[[Betas], Array]

_CONCENTRATION = 200.0
_TOLERANCE = 1e-6
_PATIENCE = 10


class Constraint(NamedTuple):
    """What has to be at least zero.

    Args:
        value: For a distribution.
        gradient: Its derivatives by ``a``, then by ``b``.
    """

    value: Function
    gradient: Gradient

    def for_solver(self) -> dict[str, Any]:
        """The constraint as SciPy takes it, in logarithms of the shape parameters."""
        return {
            "type": "ineq",
            "fun": lambda logs: self.value(_betas(logs)),
            "jac": lambda logs: self.gradient(_betas(logs)) * np.exp(logs),
        }


class Doraemon(Teacher):
    """Widens a product of Beta distributions towards the uniform one, as long as the student succeeds often enough.

    An update maximizes the entropy within a trust region around the present distribution (its Kullback-Leibler
    divergence to the next one), such that the success rate, estimated from the episodes at hand by importance sampling,
    stays above a bound. If the present success rate is below it, the most successful distribution of the trust region
    comes first. Adaptation begins once the bound has been reached for the first time.

    An update that the solver cannot make feasible, or whose importance weights rest on few episodes, is skipped: the
    distribution stays as it is. Only episodes of the present distribution count, neither older ones nor those of a
    uniform floor.

    Args:
        nominal_unit: (dimensions,). Where it begins, about as narrow as Beta(100, 100), whose standard deviation is
            0.035.
        success_rate: That is to be kept, α of the paper.
        largest_divergence: Between one distribution and the next, in nats; ε of the paper.
        episodes_per_update: That an update waits for.
        smallest_effective_share: Of the episodes that the importance weights of an update have to rest on.
    """

    def __init__(
        self,
        nominal_unit: NDArray[np.float64],
        *,
        success_rate: float = 0.5,
        largest_divergence: float = 0.05,
        episodes_per_update: int = 200,
        smallest_effective_share: float = 0.2,
    ) -> None:
        nominal = checked_nominal(nominal_unit)
        super().__init__(len(nominal))
        check_between("success_rate", success_rate, 0.0, 1.0)
        check_between("largest_divergence", largest_divergence, 1e-6, 10.0)
        check_between("episodes_per_update", episodes_per_update, 1, 1e6)
        check_between("smallest_effective_share", smallest_effective_share, 0.0, 1.0)
        self.success_rate, self.largest_divergence = success_rate, largest_divergence
        self.episodes_per_update, self.smallest_effective_share = episodes_per_update, smallest_effective_share
        mean = np.clip(nominal, 1.0 / _CONCENTRATION, 1.0 - 1.0 / _CONCENTRATION)
        self.betas = Betas(_CONCENTRATION * mean, _CONCENTRATION * (1.0 - mean))
        self._bound_reached = False
        self.gate = Gate(f"a success rate of {success_rate:g}", patience=_PATIENCE * episodes_per_update)
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
        evidence = Evidence(self.betas, episodes.unit, episodes.successes.astype(np.float64))
        self._bound_reached |= evidence.expectation(self.betas) >= self.success_rate
        proposal = self._proposal(evidence) if self._bound_reached else None
        self.gate.count(proposal is not None, len(episodes.lengths))
        if proposal is not None:
            self.betas = proposal
            self.version += 1

    def density(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.exp(self.betas.log_density(checked_places(unit, self.dimensions)))

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {
            "a": self.betas.a,
            "b": self.betas.b,
            "episodes": self._episodes._asdict(),
            "bound_reached": self._bound_reached,
            "gate": self.gate.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self.betas = Betas(state["a"], state["b"])
        self._episodes = Episodes(**state["episodes"])
        self._bound_reached = state["bound_reached"]
        self.gate.load_state_dict(state["gate"])

    def describe(self) -> dict[str, float]:
        mean = self.betas.a / (self.betas.a + self.betas.b)
        return {
            "entropy_per_dimension": self.betas.entropy() / self.dimensions,
            **self.gate.describe(),
            **{f"mean_{index}": float(value) for index, value in enumerate(mean)},
        }

    def _proposal(self, evidence: Evidence) -> Betas | None:
        """The next distribution; ``None`` if there is none that is better and can be relied on."""
        start = self.betas
        if evidence.expectation(start) < self.success_rate:
            start = self._most_successful(evidence)
        if evidence.expectation(start) >= self.success_rate:
            start = self._widest(evidence, start)
        reliable = evidence.effective_share(start) >= self.smallest_effective_share
        return start if reliable and start is not self.betas else None

    def _most_successful(self, evidence: Evidence) -> Betas:
        return optimized(
            lambda betas: -evidence.expectation(betas),
            lambda betas: -evidence.expectation_gradient(betas),
            [self._trust_region()],
            self.betas,
        )

    def _widest(self, evidence: Evidence, start: Betas) -> Betas:
        success = Constraint(
            lambda betas: evidence.expectation(betas) - self.success_rate, evidence.expectation_gradient
        )
        return optimized(
            lambda betas: -betas.entropy(),
            lambda betas: -betas.entropy_gradient(),
            [self._trust_region(), success],
            start,
        )

    def _trust_region(self) -> Constraint:
        return Constraint(
            lambda betas: self.largest_divergence - self.betas.divergence(betas),
            lambda betas: -self.betas.divergence_gradient(betas),
        )


def optimized(objective: Function, gradient: Gradient, constraints: list[Constraint], start: Betas) -> Betas:
    """Minimizes an objective by sequential quadratic programming (SLSQP), in logarithms of the shape parameters.

    Returns ``start`` itself if what the solver found violates a constraint or is no better.

    Args:
        objective: To be minimized.
        gradient: Of the objective by ``a``, then by ``b``.
        constraints: Not negative where they are met.
        start: Where to begin.
    """
    found = minimize(
        lambda logs: objective(_betas(logs)),
        np.log(np.concatenate(start)),
        jac=lambda logs: gradient(_betas(logs)) * np.exp(logs),
        bounds=[(0.0, np.log(_CONCENTRATION))] * (2 * len(start.a)),
        constraints=[constraint.for_solver() for constraint in constraints],
        method="SLSQP",
        options={"maxiter": 200, "ftol": 1e-10},
    )
    betas = _betas(found.x)
    feasible = all(constraint.value(betas) >= -_TOLERANCE for constraint in constraints)
    return betas if feasible and objective(betas) < objective(start) - _TOLERANCE else start


def _betas(logs: Array) -> Betas:
    return Betas(*np.split(np.exp(logs), 2))
