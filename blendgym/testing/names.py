"""What users call a task: ``module:Class``, or the id of an environment."""

from __future__ import annotations

import copy
import importlib

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec

from blendgym.envs import ENTRY_POINT, VECTOR_ENTRY_POINT
from blendgym.errors import InvalidOption


def environment_spec(name: str) -> EnvSpec:
    """What environments of a task are made of.

    Args:
        name: ``module:Class`` of a task, or the id of an environment of blendgym, perhaps with ``module:`` before it.

    Raises:
        InvalidOption: If it is neither.
    """
    module, _, last = name.rpartition(":")
    if "-v" not in last:
        return EnvSpec(
            f"{last}-v0",
            entry_point=ENTRY_POINT,
            vector_entry_point=VECTOR_ENTRY_POINT,
            kwargs={"task": name},
            disable_env_checker=True,
        )
    if module:
        importlib.import_module(module)
    try:
        spec = copy.deepcopy(gym.spec(last))
    except gym.error.Error as error:
        raise InvalidOption(
            f"{name!r} is neither a task, module:Class, nor the id of an environment: {error}"
        ) from None
    if "task" not in spec.kwargs:
        raise InvalidOption(f"{name!r} is no environment of blendgym: it is registered without a task.")
    return spec
