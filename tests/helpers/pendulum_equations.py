"""The textbook equation of a uniform pole on a hinge, integrated finely: what the simulation is held to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

POLE_WIDTH = 0.08  # m


@dataclass(frozen=True)
class PendulumEquations:
    """Newton's second law for the rotation about the hinge, with the angle θ from upright.

    (I + m l²) θ'' = m g l sinθ - c θ' + T

    Args:
        pole_mass: m, in kg.
        pole_length: 2 l, in m.
        gravity: g, in m/s².
        hinge_damping: c, in N·m·s/rad.
    """

    pole_mass: float = 1.0
    pole_length: float = 1.0
    gravity: float = 9.81
    hinge_damping: float = 0.0

    def trajectory(
        self, state: tuple[float, float], torque: Callable[[int], float], steps: int, period: float
    ) -> NDArray[np.float64]:
        """States (θ, θ') after each of some periods with a constant torque (N·m) each: (steps, 2)."""
        states, now = [], np.array(state)
        for step in range(steps):
            now = solve_ivp(self._derivative, (0.0, period), now, args=(torque(step),), rtol=1e-9, atol=1e-9).y[:, -1]
            states.append(now)
        return np.array(states)

    def energy(self, states: NDArray[np.float64]) -> NDArray[np.float64]:
        """Kinetic and potential energy in J of states (..., 2), the latter from the height of the hinge."""
        angle, rate = np.moveaxis(states, -1, 0)
        return 0.5 * self.inertia * rate**2 + 0.5 * self.pole_mass * self.gravity * self.pole_length * np.cos(angle)

    @property
    def inertia(self) -> float:
        """Of a box about the middle of its end, in kg·m²."""
        return self.pole_mass * (self.pole_length**2 / 3 + POLE_WIDTH**2 / 12)

    def _derivative(self, _: float, state: NDArray[np.float64], torque: float) -> NDArray[np.float64]:
        angle, rate = state
        weight = 0.5 * self.pole_mass * self.gravity * self.pole_length * math.sin(angle)
        return np.array([rate, (weight - self.hinge_damping * rate + torque) / self.inertia])
