"""The Lagrangian of two links, differentiated numerically: what the simulation and the twin's equations are held to."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

WIDTH = 0.2  # m
STEP = 1e-4  # rad, of central differences

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class AcrobotEquations:
    """Nothing but where the centres are, what turns, and Euler and Lagrange: d/dt ∂L/∂q' - ∂L/∂q = Q.

    Args:
        upper_mass: In kg.
        lower_mass: In kg.
        upper_length: From end to end, in m; the pins are 5/6 of that apart.
        lower_length: Likewise.
        gravity: In m/s².
        upper_damping: Of the upper link's rotation, in N·m·s/rad.
        lower_damping: Likewise.
    """

    upper_mass: float = 1.0
    lower_mass: float = 1.0
    upper_length: float = 1.2
    lower_length: float = 1.2
    gravity: float = 9.81
    upper_damping: float = 0.0
    lower_damping: float = 0.0

    def accelerations(self, q: Vector, rates: Vector, torque: float) -> Vector:
        """Angular accelerations of shoulder and elbow under a torque of the elbow, in N·m."""
        gradient = np.array([self._slope(lambda at: self._lagrangian(at, rates), q, axis) for axis in (0, 1)])
        matrix = self._mass_matrix(q)
        change = sum(rates[axis] * self._slope(self._mass_matrix, q, axis) for axis in (0, 1))
        spins = np.cumsum(rates)
        drag = np.array([self.upper_damping, self.lower_damping]) * spins
        forces = np.array([-drag.sum(), torque - drag[1]])
        return np.linalg.solve(matrix, forces + gradient - change @ rates)

    def trajectory(self, state: Vector, torque: Callable[[int], float], steps: int, period: float) -> Vector:
        """Angles of shoulder and elbow, and rates, after periods with a constant torque (N·m) each: (steps, 4)."""
        states, now = [], np.array(state)
        for step in range(steps):
            now = solve_ivp(self._derivative, (0.0, period), now, "DOP853", args=(torque(step),), rtol=1e-5).y[:, -1]
            states.append(now)
        return np.array(states)

    def energy(self, state: Vector) -> float:
        """Kinetic and potential energy in J, the latter from the height of the shoulder."""
        q, rates = state[:2], state[2:]
        kinetic = 0.5 * rates @ self._mass_matrix(q) @ rates
        return float(2.0 * kinetic - self._lagrangian(q, rates))

    def _derivative(self, _: float, state: Vector, torque: float) -> Vector:
        return np.concatenate([state[2:], self.accelerations(state[:2], state[2:], torque)])

    def _lagrangian(self, q: Vector, rates: Vector) -> float:
        heights = self._centres(q)[1::2]
        masses = np.array([self.upper_mass, self.lower_mass])
        return float(0.5 * rates @ self._mass_matrix(q) @ rates - self.gravity * masses @ heights)

    def _mass_matrix(self, q: Vector) -> Vector:
        masses, lengths = (self.upper_mass, self.lower_mass), (self.upper_length, self.lower_length)
        moves = np.array([self._slope(self._centres, q, axis) for axis in (0, 1)]).T.reshape(2, 2, 2)
        spins = np.array([[1.0, 0.0], [1.0, 1.0]])
        return sum(
            mass * move.T @ move + mass * (length**2 + WIDTH**2) / 12 * np.outer(spin, spin)
            for mass, length, move, spin in zip(masses, lengths, moves, spins, strict=True)
        )

    def _centres(self, q: Vector) -> Vector:
        """X and z of the centre of each link."""
        upper, lower = (
            5 / 6 * length * np.array([math.sin(angle), -math.cos(angle)])
            for length, angle in zip((self.upper_length, self.lower_length), np.cumsum(q), strict=True)
        )
        return np.concatenate([upper / 2, upper + lower / 2])

    def _slope(self, function: Callable[[Vector], Vector], q: Vector, axis: int) -> Vector:
        step = STEP * np.eye(2)[axis]
        return (np.asarray(function(q + step)) - np.asarray(function(q - step))) / (2 * STEP)
