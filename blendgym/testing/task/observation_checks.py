"""What a task hands out: elements of the declared spaces, finite, and nobody else's memory."""

from __future__ import annotations

import copy
import math
from typing import Any

import gymnasium as gym
import numpy as np

from blendgym.testing.checks import require
from blendgym.testing.rollouts import Row, bits, parts
from blendgym.testing.task.task_under_test import TaskUnderTest

EPISODES = 3


def check_observations_are_elements_of_their_space(task: TaskUnderTest) -> None:
    """Holds every observation of some episodes to dtype, shape and bounds."""
    spaces = task.env.observation_space
    for row in _rows(task):
        given = parts(row.observation)
        declared = parts(spaces.spaces) if isinstance(spaces, gym.spaces.Dict) else {"": spaces}
        require(
            given.keys() == declared.keys(),
            f"An observation has the parts {', '.join(given)}; its space declares {', '.join(declared)}.",
        )
        for name, space in declared.items():
            _require_element(f"Observation {name}".strip(), given[name], space)


def check_rewards_are_finite_numbers(task: TaskUnderTest) -> None:
    """Looks at the reward of every step of some episodes."""
    for row in _rows(task):
        require(
            math.isfinite(row.reward),
            f"A reward should be a finite number, but is {row.reward}; outcome() must not return NaN or infinity.",
        )


def check_success_is_told_in_every_step(task: TaskUnderTest) -> None:
    """Looks for ``is_success`` in the infos of an episode: ``False`` at first, and always a ``bool``."""
    told = [task.env.reset(seed=0)[1].get("is_success")]
    require(told == [False], f"info['is_success'] of a reset should be False, but is {told[0]!r}.")
    for action in task.actions():
        _, _, terminated, _, info = task.env.step(action)
        success = info.get("is_success")
        require(
            isinstance(success, bool),
            f"info['is_success'] should be True or False in every step, but is {success!r}. Leave infos as they come.",
        )
        if terminated:
            break


def check_observations_handed_out_are_never_changed(task: TaskUnderTest) -> None:
    """Keeps the observations of an episode, and looks at them again when another one has begun."""
    handed_out = [task.env.reset(seed=0)[0]]
    kept = copy.deepcopy(handed_out)
    for action in task.actions():
        observation, _, terminated, _, _ = task.env.step(action)
        handed_out.append(observation)
        kept.append(copy.deepcopy(observation))
        if terminated:
            break
    task.env.reset(seed=1)
    for step, (now, before) in enumerate(zip(handed_out, kept, strict=True)):
        require(
            bits(now) == bits(before),
            f"The observation of row {step} (0 is the reset) should stay what it was, but was changed by what came "
            "later. Return a new array every time, or a copy.",
        )


def _rows(task: TaskUnderTest) -> list[Row]:
    return [row for seed in range(EPISODES) for row in task.episode(seed)]


def _require_element(what: str, value: Any, space: gym.Space[Any]) -> None:
    require(
        isinstance(value, np.ndarray | np.generic) and value.dtype == space.dtype and value.shape == space.shape,
        f"{what} should be an array of {space.dtype} {space.shape}, but is {type(value).__name__} of "
        f"{np.asarray(value).dtype} {np.shape(value)}. Convert it in observe().",
    )
    require(
        space.contains(np.asarray(value)),
        f"{what} should lie within the bounds of its space, but is {np.array2string(value, threshold=8)}; the space is "
        f"{space}. Widen observation_space, or end the episode before.",
    )


OBSERVATION_CHECKS = (
    check_observations_are_elements_of_their_space,
    check_rewards_are_finite_numbers,
    check_success_is_told_in_every_step,
    check_observations_handed_out_are_never_changed,
)
