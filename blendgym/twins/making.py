"""Making twins by the id of their environment."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from blendgym.envs import ENVIRONMENTS
from blendgym.errors import InvalidOption
from blendgym.randomization import ParameterSpace
from blendgym.randomization.space import Range
from blendgym.task import make_task
from blendgym.twins.twin import Twin


def make_twin(
    env_id: str,
    num_envs: int,
    parameters: Iterable[str] | Mapping[str, Range | None] | None = None,
    **task_options: Any,
) -> Twin:
    """Makes the twin of an environment.

    Args:
        env_id: Of the environment in Blender, such as ``BlendCartpole-v0``.
        num_envs: How many environments.
        parameters: Those that ``reset`` randomizes: a space of some of the task's parameters, or their names, or bounds
            by name; ``None`` for all of them.
        task_options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        InvalidOption: If there is no such environment with a twin, or the task does not take an option.
        InvalidParameter: If a name is unknown, or bounds are not within the parameter's own.
    """
    entry = ENVIRONMENTS.get(env_id, {})
    if "twin" not in entry:
        known = ", ".join(known for known, entry in ENVIRONMENTS.items() if "twin" in entry)
        raise InvalidOption(f"env_id is {env_id!r}; expected an environment with a twin: {known}.")
    if num_envs < 1:
        raise InvalidOption(f"num_envs is {num_envs}; expected at least 1.")
    task = make_task(entry["task"], task_options)
    space = _space(task.parameters, parameters)
    return twin_class(entry["twin"])(task, num_envs, entry["max_episode_steps"], space)


def twin_class(entry_point: str) -> type[Twin]:
    """The class that ``module:class`` names."""
    module, _, name = entry_point.partition(":")
    return cast("type[Twin]", getattr(importlib.import_module(module), name))


def _space(own: ParameterSpace, given: Iterable[str] | Mapping[str, Range | None] | None) -> ParameterSpace:
    if given is None:
        return own
    return given if isinstance(given, ParameterSpace) else own.restricted(given)
