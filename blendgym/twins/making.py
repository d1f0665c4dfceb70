"""Making twins by the id of their environment."""

from __future__ import annotations

from typing import Any, cast

from blendgym.checks import check_positive, read_time_limit
from blendgym.errors import InvalidOption
from blendgym.names import class_named
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import Selection, select
from blendgym.parameters.specs import ALL
from blendgym.registry import environment_spec, room_of, rooms
from blendgym.task import make_task
from blendgym.twins.twin import Twin


def make_twin(
    env_id: str,
    num_envs: int,
    parameters: ParameterSpace | Selection = ALL,
    **task_options: Any,
) -> Twin:
    """Makes the twin of an environment.

    Args:
        env_id: Id of the environment in Blender, such as ``BlendCartpole-v0``.
        num_envs: How many environments.
        parameters: The parameters that are randomized: a selection, as ``gym.make(id, randomize=...)`` takes it, or the
            space of some of the task's parameters.
        task_options: Keyword arguments of the task, such as ``action_type``.

    Raises:
        InvalidOption: If there is no such environment with a twin, or the task does not take an option.
        InvalidParameter: If a name is unknown, or bounds are not within the parameter's own.
    """
    room = room_of(env_id)
    if room is None or room.twin is None:
        known = ", ".join(room.id for room in rooms().values() if room.twin)
        raise InvalidOption(f"env_id is {env_id!r}; expected an environment with a twin: {known}.")
    check_positive(num_envs=num_envs)
    task = make_task(room.entry_point, {**room.ids[environment_spec(env_id).id], **task_options})
    space = parameters if isinstance(parameters, ParameterSpace) else select(task.parameters, parameters)
    return twin_class(room.twin)(task, num_envs, read_time_limit(room.max_episode_steps), space)


def twin_class(entry_point: str) -> type[Twin]:
    """The class that ``module:class`` names."""
    return cast("type[Twin]", class_named(entry_point))
