"""Teachers whose distribution is set by actions, and what the policy that acts on them sees."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from blendgym.meta.observations import Observer, observation_size
from blendgym.parameters import ParameterSpace
from blendgym.parameters.episodes import Episodes
from blendgym.teachers.mix import Mix
from blendgym.teachers.teacher import Teacher

FLOOR = 0.2
"""Share of the uniform distribution under teachers that have none of their own."""


class SteeredTeacher(Teacher):
    """A teacher whose distribution is set by actions."""

    @classmethod
    @abstractmethod
    def begin(cls, parameters: ParameterSpace, uniform: bool) -> Self:
        """Makes one that begins at the place of the nominal values, or else with the whole cube."""

    @staticmethod
    @abstractmethod
    def action_space(dimensions: int) -> gym.Space[Any]:
        """What actions look like, for that many parameters."""

    @staticmethod
    @abstractmethod
    def observation_size(dimensions: int) -> int:
        """Length of observations with room for that many parameters."""

    @abstractmethod
    def steer(self, action: NDArray[Any]) -> None:
        """Applies an action that has been checked."""

    @abstractmethod
    def observation(self, budget_left: float, slots: int) -> NDArray[np.float32]:
        """What a policy sees before it acts: numbers from -1 to 1.

        Args:
            budget_left: Share of the student's steps that are still to come.
            slots: Number of parameters that there is room for.
        """

    @property
    @abstractmethod
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the distribution is: low and high (dimensions,)."""

    def over_floor(self) -> Teacher:
        """What a student is taught by: this teacher over a uniform floor."""
        return Mix(self, FLOOR)


class ParameterwiseTeacher(SteeredTeacher):
    """One whose policy sees every parameter on its own, and where the student passes along it.

    Args:
        dimensions: Of the cube.
    """

    def __init__(self, dimensions: int) -> None:
        super().__init__(dimensions)
        self._observer = Observer(dimensions)

    @staticmethod
    def observation_size(dimensions: int) -> int:
        """A row for each parameter, and what there is once."""
        return observation_size(dimensions)

    def observation(self, budget_left: float, slots: int) -> NDArray[np.float32]:
        """What the last episodes say, as ``Observation.flat`` has it."""
        return self._observer.observation(*self.bounds, budget_left).flat(slots)

    def observe(self, episodes: Episodes) -> None:
        """Takes note of episodes, whatever they were played for."""
        super().observe(episodes)
        self._observer.observe(episodes)

    def state_dict(self) -> dict[str, Any]:
        """The episodes that are remembered, too."""
        return super().state_dict() | {"observer": self._observer.state_dict()}

    def state_form(self) -> dict[str, Any]:
        """That of the episodes that are remembered, too."""
        return super().state_form() | {"observer": self._observer.state_form()}

    def take_state(self, state: dict[str, Any]) -> None:
        """Takes over what ``state_dict`` gave."""
        super().take_state(state)
        self._observer.load_state_dict(state["observer"])
