"""The textbook equations of a cart with a uniform pole, integrated finely: what the simulation is held to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

State = tuple[float, float, float, float]
INTEGRATION_STEP = 1e-3  # s, of a fourth-order Runge-Kutta method: its error is below 1e-9 here
POLE_WIDTH = 0.05  # m


@dataclass(frozen=True)
class CartpoleEquations:
    """Lagrange's equations of the second kind for position x and angle θ from upright.

    (M + m) x'' + m l cosθ θ'' = F - b x' + m l sinθ θ'²
    m l cosθ x'' + (I + m l²) θ'' = m g l sinθ - c θ'

    Args:
        cart_mass: M, in kg.
        pole_mass: m, in kg.
        pole_length: 2 l, in m.
        gravity: g, in m/s².
        track_damping: b, in N·s/m.
        hinge_damping: c, in N·m·s/rad.
    """

    cart_mass: float = 1.0
    pole_mass: float = 0.1
    pole_length: float = 1.0
    gravity: float = 9.81
    track_damping: float = 0.0
    hinge_damping: float = 0.0

    def trajectory(self, state: State, force: Callable[[int], float], steps: int, period: float) -> NDArray[np.float64]:
        """States (x, x', θ, θ') after each of some periods with a constant force each: (steps, 4)."""
        states, now = [], np.array(state)
        substeps = round(period / INTEGRATION_STEP)
        for step in range(steps):
            for _ in range(substeps):
                now = self._runge_kutta(now, force(step))
            states.append(now)
        return np.array(states)

    def energy(self, states: NDArray[np.float64]) -> NDArray[np.float64]:
        """Kinetic and potential energy in J of states (..., 4), the latter from the height of the hinge."""
        _, velocity, angle, rate = np.moveaxis(states, -1, 0)
        half, mass = self.pole_length / 2, self.pole_mass
        kinetic = 0.5 * (self.cart_mass + mass) * velocity**2 + 0.5 * (self._inertia + mass * half**2) * rate**2
        return kinetic + mass * half * np.cos(angle) * (velocity * rate + self.gravity)

    @property
    def _inertia(self) -> float:
        """Of a box about its centre, in kg·m²."""
        return self.pole_mass * (self.pole_length**2 + POLE_WIDTH**2) / 12

    def _derivative(self, state: NDArray[np.float64], force: float) -> NDArray[np.float64]:
        _, velocity, angle, rate = state
        half, mass = self.pole_length / 2, self.pole_mass
        coupling = mass * half * math.cos(angle)
        matrix = np.array([[self.cart_mass + mass, coupling], [coupling, self._inertia + mass * half**2]])
        push = force - self.track_damping * velocity + mass * half * math.sin(angle) * rate**2
        torque = mass * self.gravity * half * math.sin(angle) - self.hinge_damping * rate
        acceleration, angular_acceleration = np.linalg.solve(matrix, [push, torque])
        return np.array([velocity, acceleration, rate, angular_acceleration])

    def _runge_kutta(self, state: NDArray[np.float64], force: float) -> NDArray[np.float64]:
        h = INTEGRATION_STEP
        first = self._derivative(state, force)
        second = self._derivative(state + h / 2 * first, force)
        third = self._derivative(state + h / 2 * second, force)
        fourth = self._derivative(state + h * third, force)
        return state + h / 6 * (first + 2 * second + 2 * third + fourth)
