"""The twin of ``BlendCartpole-v0``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.equations import CartAndPole
from blendgym.envs.cartpole.task import ANGLE_LIMIT, POSITION_LIMIT
from blendgym.parameters import ParameterSpace
from blendgym.spaces import Discrete
from blendgym.task import Task
from blendgym.twins.mechanical_twin import MechanicalTwin
from blendgym.twins.runge_kutta import States
from blendgym.twins.twin import Rows, Values


class CartpoleTwin(MechanicalTwin):
    """Balancing poles on carts."""

    coordinates = 2

    def __init__(self, task: Task, num_envs: int, max_episode_steps: int, parameters: ParameterSpace) -> None:
        super().__init__(task, num_envs, max_episode_steps, parameters)
        self._mechanics = CartAndPole(num_envs)
        self._force_scale = np.zeros(num_envs)
        self._is_discrete = isinstance(task.action_space, Discrete)

    def _set_parameters(self, rows: Rows, values: Values) -> None:
        self._mechanics.set_parameters(rows, values)
        self._force_scale[rows] = values["force.scale"]

    def _initial_state(self, draws: NDArray[np.float64], values: Values) -> tuple[States, States]:
        state = (2.0 * draws - 1.0) * values["start.spread"]
        return state[:2], state[2:]

    def _shares(self, actions: NDArray[Any]) -> NDArray[np.float64]:
        return 2.0 * actions - 1.0 if self._is_discrete else actions[:, 0].astype(np.float64)

    def _push(self, shares: NDArray[np.float64]) -> None:
        np.multiply(shares, self._force_scale, out=self._force)

    def _derivative(self, states: States, out: States) -> None:
        self._mechanics.derivative(states, self._force, out)

    def _observe(self, positions: States, velocities: States) -> NDArray[Any]:
        observations = np.empty((positions.shape[1], 4), np.float32)
        observations[:, ::2] = positions.T
        observations[:, 1::2] = velocities.T
        return observations

    def _outcome(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        position, angle = np.abs(self.positions)
        fallen = (position > POSITION_LIMIT) | (angle > ANGLE_LIMIT)
        return np.ones(self.num_envs), fallen, self.elapsed >= self.task.success_return
