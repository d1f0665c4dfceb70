"""Constrained optimization of products of Beta distributions, from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from blendgym.teachers.distributions.betas import Betas

Array = NDArray[np.float64]
Function = Callable[[Betas], float]
Gradient = Callable[[Betas], Array]

_CONCENTRATION = 200.0
_TOLERANCE = 1e-6


class Constraint(NamedTuple):
    """What has to be at least zero.

    Args:
        value: The value of the constraint for a distribution.
        gradient: Derivatives of that value by ``a``, then by ``b``.
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


def narrow_betas(middle: Array) -> Betas:
    """Where a teacher begins: around a place (dimensions,), as narrow as Beta(100, 100) is around 0.5."""
    mean = np.clip(middle, 1.0 / _CONCENTRATION, 1.0 - 1.0 / _CONCENTRATION)
    return Betas(_CONCENTRATION * mean, _CONCENTRATION * (1.0 - mean))


def trust_region(centre: Betas, largest_divergence: float) -> Constraint:
    """Keeps the Kullback-Leibler divergence from a distribution to the next one, in nats, below a bound."""
    return Constraint(
        lambda betas: largest_divergence - centre.divergence(betas),
        lambda betas: -centre.divergence_gradient(betas),
    )


def optimized(objective: Function, gradient: Gradient, constraints: list[Constraint], start: Betas) -> Betas:
    """Minimizes an objective by sequential quadratic programming (SLSQP), in logarithms of the shape parameters.

    Returns ``start`` itself if what the solver found violates a constraint or is no better.

    Args:
        objective: The function to be minimized.
        gradient: Derivatives of the objective by ``a``, then by ``b``.
        constraints: Functions that are zero or more where the constraint is met.
        start: The distribution to begin with.
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
