"""Environments of which a student sees less than his teacher."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn


class StudentView(VecEnvWrapper):
    """Shows one part of dict observations to what learns, and keeps another for the expert that ``DAgger`` asks.

    Args:
        envs: Observe a dict, as with ``obs_type="state_rgb"``.
        shown: Key of what is shown.
        hidden: Key of what the expert sees.

    Attributes:
        hidden: What the expert sees now: (count, …).
    """

    hidden: NDArray[Any]

    def __init__(self, envs: VecEnv, shown: str = "rgb", hidden: str = "state") -> None:
        super().__init__(envs, observation_space=cast("spaces.Dict", envs.observation_space)[shown])
        self._shown, self._hidden = shown, hidden

    def reset(self) -> NDArray[Any]:
        """Begins episodes, and shows their first observations."""
        return self._show(self.venv.reset())

    def step_wait(self) -> VecEnvStepReturn:
        """Waits for what the actions led to, and shows it."""
        observations, rewards, dones, infos = self.venv.step_wait()
        for row in dones.nonzero()[0].tolist():
            infos[row]["terminal_observation"] = infos[row]["terminal_observation"][self._shown]
        return self._show(observations), rewards, dones, infos

    def _show(self, observations: Any) -> NDArray[Any]:
        self.hidden = np.array(observations[self._hidden])
        return cast("NDArray[Any]", observations[self._shown])
