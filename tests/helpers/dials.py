"""A task of named observations with nothing but a twin: dials that are turned left, right or not at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute, VectorParameter
from blendgym.spaces import Box, Dict, MultiBinary, MultiDiscrete
from blendgym.task import Outcome, Task
from blendgym.twins.twin import Twin, TwinStep

DIALS = {"task": "dials:Dials", "twin": "dials:DialsTwin"}


class Dials(Task):
    """Two dials; nobody says what returns are worth."""

    scene = "none"
    control_rate = 10.0
    action_space = MultiDiscrete([3, 3])
    observation_space = Dict({"angles": Box(-9.0, 9.0, shape=(2,)), "lamps": MultiBinary(2)})
    parameters = ParameterSpace(
        VectorParameter(
            name="start", unit="rad", nominal=(0.0, 0.0), low=-1.0, high=1.0, binding=TaskAttribute("start")
        ),
        Parameter(name="gear", unit="1", nominal=0.1, low=0.1, high=0.5, binding=TaskAttribute("gear")),
    )
    start, gear = (0.0, 0.0), 0.1

    def bind(self, world: Any) -> None:
        raise NotImplementedError

    def reset(self, world: Any, rng: np.random.Generator) -> None:
        raise NotImplementedError

    def apply(self, action: Any) -> None:
        raise NotImplementedError

    def observe(self) -> Any:
        raise NotImplementedError

    def outcome(self, observation: Any) -> Outcome:
        raise NotImplementedError


class DialsTwin(Twin):
    """The dials themselves."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._angles, self._gears = np.zeros((self.num_envs, 2)), np.zeros(self.num_envs)

    def begin(self, rows: Any, values: Any, seeds: Any) -> Any:
        self.elapsed[rows] = 0
        self._gears[rows] = values["gear"]
        self._angles[rows] = np.stack(np.broadcast_arrays(values["start[0]"], values["start[1]"]), axis=-1)
        return {name: array[rows] for name, array in self._observed().items()}

    def step(self, actions: Any) -> TwinStep:
        self.elapsed += 1
        self._angles += self._gears[:, None] * (actions - 1)
        terminated = np.abs(self._angles).max(axis=1) > 2.0
        truncated = (self.elapsed >= self.max_episode_steps) & ~terminated
        return TwinStep(self._observed(), self._angles.sum(axis=1), terminated, truncated, terminated)

    def _observed(self) -> dict[str, Any]:
        return {"angles": self._angles.astype(np.float32), "lamps": (self._angles > 0).astype(np.int8)}
