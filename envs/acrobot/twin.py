"""The twin of ``BlendAcrobot-v0``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.acrobot.equations import PIN_SHARE, TwoLinks
from blendgym.envs.acrobot.task import LINE_HEIGHT
from blendgym.parameters import ParameterSpace
from blendgym.spaces import Discrete
from blendgym.task import Task
from blendgym.twins.mechanical_twin import MechanicalTwin
from blendgym.twins.runge_kutta import States
from blendgym.twins.twin import Rows, Values


class AcrobotTwin(MechanicalTwin):
    """Swinging tips of two links above a line."""

    coordinates = 2

    def __init__(self, task: Task, num_envs: int, max_episode_steps: int, parameters: ParameterSpace) -> None:
        super().__init__(task, num_envs, max_episode_steps, parameters)
        self._mechanics = TwoLinks(num_envs)
        self._torque_scale = np.zeros(num_envs)
        self._pins = np.ones((2, num_envs))
        self._is_discrete = isinstance(task.action_space, Discrete)

    def _set_parameters(self, rows: Rows, values: Values) -> None:
        self._mechanics.set_parameters(rows, values)
        self._torque_scale[rows] = values["torque.scale"]
        for pins, link in zip(self._pins, ("upper", "lower"), strict=True):
            pins[rows] = PIN_SHARE * values[f"{link}.length"]

    def _initial_state(self, draws: NDArray[np.float64], values: Values) -> tuple[States, States]:
        state = (2.0 * draws - 1.0) * values["start.spread"]
        return state[:2], state[2:]

    def _shares(self, actions: NDArray[Any]) -> NDArray[np.float64]:
        return actions - 1.0 if self._is_discrete else actions[:, 0].astype(np.float64)

    def _push(self, shares: NDArray[np.float64]) -> None:
        np.multiply(shares, self._torque_scale, out=self._force)

    def _derivative(self, states: States, out: States) -> None:
        self._mechanics.derivative(states, self._force, out)

    def _observe(self, positions: States, velocities: States) -> NDArray[Any]:
        observations = np.empty((positions.shape[1], 6), np.float32)
        observations[:, :4:2] = np.cos(positions).T
        observations[:, 1:4:2] = np.sin(positions).T
        observations[:, 4:] = velocities.T
        return observations

    def _outcome(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        shoulder, elbow = self.positions
        upper, lower = self._pins
        is_above = -upper * np.cos(shoulder) - lower * np.cos(shoulder + elbow) > LINE_HEIGHT
        return np.where(is_above, 0.0, -1.0), is_above, is_above
