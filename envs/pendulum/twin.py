"""The twin of ``BlendPendulum-v0``."""

from __future__ import annotations

from math import pi, tau
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.pendulum.task import MOTOR_SPEED, STANDING_ANGLE, STANDING_SPEED, TOP_SPEED
from blendgym.parameters import ParameterSpace
from blendgym.task import Task
from blendgym.twins.mechanical_twin import MechanicalTwin
from blendgym.twins.runge_kutta import States
from blendgym.twins.twin import Rows, Values

POLE_WIDTH = 0.08  # m


class PendulumTwin(MechanicalTwin):
    """Swinging up pendulums with weak motors.

    The angle θ from upright obeys (I + m l²) θ'' = m g l sinθ - c θ' + τ, with the mass m of a pole of length 2 l, a
    uniform box, its inertia I about its centre, gravity g, damping c and the torque τ of the motor.
    """

    coordinates = 1

    def __init__(self, task: Task, num_envs: int, max_episode_steps: int, parameters: ParameterSpace) -> None:
        super().__init__(task, num_envs, max_episode_steps, parameters)
        self._weight, self._damping, self._inertia = np.ones((3, num_envs))
        self._torque, self._torque_scale = np.zeros((2, num_envs))
        self._scratch = np.empty(num_envs)

    def _set_parameters(self, rows: Rows, values: Values) -> None:
        mass, length = values["pole.mass"], values["pole.length"]
        self._weight[rows] = mass * values["gravity"] * length / 2
        self._inertia[rows] = mass * (length**2 + POLE_WIDTH**2) / 12 + mass * (length / 2) ** 2
        self._damping[rows] = values["hinge.damping"]
        self._torque_scale[rows] = values["torque.scale"]

    def _initial_state(self, draws: NDArray[np.float64], values: Values) -> tuple[States, States]:
        angle, velocity = (2.0 * draws - 1.0) * values["start.spread"]
        return pi + angle[None], velocity[None]

    def _shares(self, actions: NDArray[Any]) -> NDArray[np.float64]:
        return actions[:, 0].astype(np.float64)

    def _push(self, shares: NDArray[np.float64]) -> None:
        (velocity,) = self.velocities
        torque = np.multiply(shares, self._torque_scale, out=self._torque)
        torque[(np.abs(velocity) > MOTOR_SPEED) & (torque * velocity > 0.0)] = 0.0

    def _derivative(self, states: States, out: States) -> None:
        angle, velocity = states
        out[0] = velocity
        acceleration = np.sin(angle, out=out[1])
        acceleration *= self._weight
        acceleration += self._torque
        acceleration -= np.multiply(self._damping, velocity, out=self._scratch)
        acceleration /= self._inertia

    def _observe(self, positions: States, velocities: States) -> NDArray[Any]:
        (angle,), (velocity,) = positions, velocities
        observations = np.empty((len(angle), 3), np.float32)
        observations[:, 0] = np.cos(angle)
        observations[:, 1] = np.sin(angle)
        observations[:, 2] = velocity
        return observations

    def _outcome(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        (angle,), (velocity,) = self.positions, self.velocities
        angle, speed = angle - tau * np.rint(angle / tau), np.abs(velocity)
        cost = angle**2 + 0.1 * np.minimum(speed, TOP_SPEED) ** 2 + 0.001 * self._torque**2
        stands = (np.abs(angle) < STANDING_ANGLE) & (speed < STANDING_SPEED)
        return -cost, np.zeros(self.num_envs, np.bool_), stands
