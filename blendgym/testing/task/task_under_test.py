"""What the conformance kit checks: a task, in environments with a real Blender behind them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from types import TracebackType
from typing import Any
from unittest import SkipTest

import gymnasium as gym
from gymnasium.vector import AutoresetMode, VectorEnv

from blendgym.client.env import BlendEnv
from blendgym.errors import BlendgymError, InvalidOption
from blendgym.registry import environment_spec
from blendgym.scenario import Scenario
from blendgym.task import Task, task_class
from blendgym.testing.rollouts import Row, actions_for, rollout

STEPS = 25
"""How long an episode is played, if it does not end before."""

OF_SCENARIOS = {"obs_type": "state_rgb_segmentation"}
"""What is compared of the samples of a scenario, unless its arguments say otherwise."""

LIMIT = 8
"""Steps after which an episode is truncated where environments reset themselves."""


class TaskUnderTest:
    """A task, and the environments that its checks share. Blender is launched when a check first needs it.

    Args:
        task: ``module:Class`` of a task, or the id of an environment of blendgym.
        arguments: Of the environment and of the task, as for ``gym.make``.

    Attributes:
        spec: What the environments are made of.
        kind: The class of the task.
        is_scenario: Whether it is one without actions, whose episodes are single samples.
        beginning: The method in which its author sets up an episode.

    Raises:
        InvalidOption: If the environment is none of blendgym, or does not take the arguments.
        TaskNotFound: If there is no such task.
    """

    def __init__(self, task: str, **arguments: Any) -> None:
        self.spec = environment_spec(task)
        self.kind = task_class(self.spec.kwargs["task"])
        self.is_scenario = issubclass(self.kind, Scenario)
        self.beginning = "sample()" if self.is_scenario else "reset()"
        self.spec.kwargs.update({**(OF_SCENARIOS if self.is_scenario else {}), **arguments})
        self._made: list[gym.Env[Any, Any] | VectorEnv[Any, Any, Any]] = []
        self._vectors: dict[AutoresetMode, VectorEnv[Any, Any, Any]] = {}
        self._env: BlendEnv | None = None
        self._does_not_load = False

    def __enter__(self) -> TaskUnderTest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self) -> None:
        """Launches the shared environment. If that fails, all that needs one is skipped from then on.

        Raises:
            BlendgymError: If the task declares something wrong, or its scene cannot be used.
        """
        self._does_not_load = False
        try:
            self.env.reset(seed=0)
        except BlendgymError:
            self._does_not_load = True
            raise

    @property
    def env(self) -> BlendEnv:
        """The environment that the checks share.

        Raises:
            SkipTest: If the task does not load.
        """
        if self._env is None or self._does_not_load:
            self._env = self.make()
        return self._env

    @property
    def declared(self) -> Task:
        """The task, for its declarations."""
        return self.env.task

    def make(self, **changes: Any) -> BlendEnv:
        """Another environment, with a Blender of its own; closed with this object.

        Args:
            changes: Arguments that differ from those of the others.

        Raises:
            SkipTest: If the task does not load.
        """
        if self._does_not_load:
            raise SkipTest("the task does not load")
        made = gym.make(self.spec, **changes).unwrapped
        if not isinstance(made, BlendEnv):
            raise InvalidOption(f"{self.spec.id} is none of blendgym's environments, but a {type(made).__name__}.")
        self._made.append(made)
        return made

    def pair(self, mode: AutoresetMode) -> VectorEnv[Any, Any, Any]:
        """Two environments in slots of one server, which reset themselves; one pair for each mode."""
        if self._does_not_load:
            raise SkipTest("the task does not load")
        if mode not in self._vectors:
            self._vectors[mode] = gym.make_vec(
                self.spec,
                num_envs=2,
                vectorization_mode="vector_entry_point",
                autoreset_mode=mode,
                max_episode_steps=LIMIT,
            )
            self._made.append(self._vectors[mode])
        return self._vectors[mode]

    def actions(self, count: int = STEPS) -> list[Any]:
        """Actions that are always the same, all over the space; none for a scenario."""
        return [] if self.is_scenario else actions_for(self.env.action_space, count)

    def episode(self, seed: int, parameters: Mapping[str, float] | None = None) -> list[Row]:
        """An episode in the shared environment."""
        return rollout(self.env, seed, self.actions(), parameters)

    def close(self) -> None:
        """Ends every Blender."""
        while self._made:
            with contextlib.suppress(Exception):  # Whether closing works is for a check to say.
                self._made.pop().close()
