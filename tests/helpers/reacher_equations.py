"""The equations of an arm of two links that turns about upright axes, integrated by Runge and Kutta."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UPPER_ARM, FOREARM = 0.3, 0.25  # m
UPPER_ARM_BOX, FOREARM_BOX = (0.36, 0.06), (FOREARM, 0.045)  # m along and across
UPPER_ARM_MASS, FOREARM_MASS = 1.0, 0.5  # kg
STEP = 1e-3  # s


def fingertip(angles: NDArray[np.float64], forearm: float = FOREARM) -> NDArray[np.float64]:
    """(..., 2) where the fingertip is, in m, by the angles (..., 2) of shoulder and elbow."""
    shoulder, both = angles[..., 0], angles.sum(axis=-1)
    return np.stack(
        [UPPER_ARM * np.cos(shoulder) + forearm * np.cos(both), UPPER_ARM * np.sin(shoulder) + forearm * np.sin(both)],
        axis=-1,
    )


def mass_matrix(elbow: float) -> NDArray[np.float64]:
    """(2, 2) of the angles of shoulder and elbow, in kg·m²."""
    about_shoulder = UPPER_ARM_MASS * (_inertia(UPPER_ARM_BOX) + (UPPER_ARM / 2) ** 2) + FOREARM_MASS * UPPER_ARM**2
    about_elbow = FOREARM_MASS * (_inertia(FOREARM_BOX) + (FOREARM / 2) ** 2)
    coupling = FOREARM_MASS * UPPER_ARM * FOREARM / 2 * np.cos(elbow)
    return np.array(
        [[about_shoulder + about_elbow + 2 * coupling, about_elbow + coupling], [about_elbow + coupling, about_elbow]]
    )


def trajectory(state: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """(4,) angles and angular velocities of an arm that moves freely, some time after a state of it."""
    for _ in range(round(seconds / STEP)):
        first = _derivative(state)
        second = _derivative(state + STEP / 2 * first)
        third = _derivative(state + STEP / 2 * second)
        fourth = _derivative(state + STEP * third)
        state = state + STEP / 6 * (first + 2 * second + 2 * third + fourth)
    return state


def energy(state: NDArray[np.float64]) -> float:
    """Of its motion, in J."""
    return float(state[2:] @ mass_matrix(state[1]) @ state[2:] / 2)


def _derivative(state: NDArray[np.float64]) -> NDArray[np.float64]:
    _, elbow, first, second = state
    swing = FOREARM_MASS * UPPER_ARM * FOREARM / 2 * np.sin(elbow)
    torque = np.array([swing * second * (2 * first + second), -swing * first**2])
    return np.concatenate([state[2:], np.linalg.solve(mass_matrix(elbow), torque)])


def _inertia(box: tuple[float, float]) -> float:
    """Of a kilogram, about the upright axis through its centre."""
    return (box[0] ** 2 + box[1] ** 2) / 12
