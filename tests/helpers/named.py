"""A task with named observations and several choices in each action."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.envs.cartpole.task import Cartpole
from blendgym.parameters import ParameterSpace
from blendgym.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Space
from blendgym.task import Outcome

NAMED = "named:NamedCartpole"
CHOSEN = "named:ChosenCartpole"
FAULTY = "named:FaultyNames"

NAMES = ("cart.mass", "pole.length", "action.latency", "observation.latency", "observation.noise")


class NamedCartpole(Cartpole):
    """The cart-pole, whose agent reads instruments: two scales, a switch and three lamps.

    An action chooses a direction (left, none, right) and a gear.
    """

    action_space = MultiDiscrete([3, 2])
    observation_space: Space = Dict(
        {
            "positions": Box(-math.inf, math.inf, shape=(2,)),
            "velocities": Box(-math.inf, math.inf, shape=(2,), dtype="float64"),
            "side": Discrete(3),
            "lamps": MultiBinary(3),
            "cell": MultiDiscrete([4, 2]),
        }
    )
    observation_scale = {"positions": (0.5, 0.1), "velocities": 0.5}
    parameters = ParameterSpace(*(Cartpole.parameters[name] for name in NAMES))

    def __init__(self) -> None:
        self.steps = 0

    def reset(self, world: Any, rng: np.random.Generator) -> None:
        super().reset(world, rng)
        self.steps = 0

    def apply(self, action: NDArray[Any]) -> None:
        direction, gear = action
        self._drive.force = 5.0 * (1 + int(gear)) * (int(direction) - 1)
        self.steps += 1

    def observe(self) -> Any:
        track, hinge = self._track, self._hinge
        return {
            "positions": np.array([track.position, hinge.position], np.float32),
            "velocities": np.array([track.velocity, hinge.velocity]),
            "side": 1 + int(np.sign(hinge.position)),
            "lamps": np.array([track.velocity > 0, hinge.velocity > 0, True], np.int8),
            "cell": np.array([self.steps % 4, self.steps % 2]),
        }

    def outcome(self, observation: Any) -> Outcome:
        return Outcome(float(observation["side"] == 1) - 0.1, bool(abs(observation["positions"][1]) > 0.2))


class ChosenCartpole(NamedCartpole):
    """The same with a single choice as its observation."""

    observation_space = Discrete(3)
    observation_scale = 1.0

    def observe(self) -> Any:
        return super().observe()["side"]

    def outcome(self, observation: Any) -> Outcome:
        return Outcome(float(observation), False)


class FaultyNames(NamedCartpole):
    """The same, but from the second step on one array is replaced."""

    def __init__(self, name: str, value: Any) -> None:
        super().__init__()
        self._name, self._value = name, value

    def observe(self) -> Any:
        observation = super().observe()
        if self.steps < 2:
            return observation
        if self._value is None:
            return {name: array for name, array in observation.items() if name != self._name}
        return {**observation, self._name: np.array(self._value, np.asarray(observation.get(self._name, 0.0)).dtype)}


class Painter(NamedCartpole):
    """The same, with an array that has the name of a pass."""

    observation_space = Dict({"rgb": Box(0.0, 1.0, shape=(3,))})
    observation_scale = 1.0


class Lamps(NamedCartpole):
    """The same with nothing but the lamps."""

    observation_space = Dict({"lamps": MultiBinary(3)})
    observation_scale = 1.0

    def observe(self) -> Any:
        return {"lamps": super().observe()["lamps"]}


class NamedAfterAView(NamedCartpole):
    """Its agent reads an array that is called as if a view showed it."""

    observation_space = Dict({"side_rgb": Box(0.0, 1.0, shape=(2,))})
    observation_scale = 1.0
