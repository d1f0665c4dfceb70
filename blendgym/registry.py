"""The environments that there are: one room each, a package that holds all that belongs to one environment.

A room declares itself in its ``__init__.py``; what else it has is found by the names of its files (``Room``). Whoever
has a package of rooms makes their ids known with one line in it: ``register_rooms(__name__)``.
"""

from __future__ import annotations

import copy
import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from blendgym.errors import InvalidOption
from blendgym.names import is_module, split_task

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

ENTRY_POINT = "blendgym.client.env:BlendEnv"
VECTOR_ENTRY_POINT = "blendgym.vector.vector_env:BlendVectorEnv"
TWIN_ENTRY_POINT = "blendgym.twins.env:TwinEnv"
TWIN_VECTOR_ENTRY_POINT = "blendgym.twins.vector_env:TwinVectorEnv"

META_ID = "BlendAdaptiveDR-v0"
META_ENTRY_POINT = "blendgym.meta.environment:AdaptiveDR"

SUITE = "blendgym.envs"


@dataclass(frozen=True)
class Room:
    """One environment: what Gymnasium is told of it, and where its parts lie.

    In its package are ``task.py`` and ``scene.py``, and what it has of ``parameters.py``, ``twin.py`` (a NumPy twin,
    whose class is called like the task with ``Twin`` behind), ``recipe.py`` (``RECIPES`` and ``STUDENTS``),
    ``domain.py`` (``RANGES``) and ``planner.py`` (``PLANNERS``). None of them is imported before it is asked for.

    Args:
        package: Dotted name of the package, which is ``__name__`` where the room declares itself.
        id: Id of the environment in Blender, such as ``BlendCartpole-v0``.
        task: Name of the class in ``task.py``.
        max_episode_steps: After how many steps Gymnasium truncates an episode; ``None`` for never.
        reward_threshold: Mean return of an episode from which the environment counts as solved; ``None`` if it cannot
            be said.
        arguments: What ``gym.make`` gives its environments unless it is told otherwise, such as ``obs_type``. In a room
            with a twin they are the task's, and the twin has them, too.
        variants: Further ids of the room, such as ``BlendCartpoleDiscrete-v0``, with the arguments of each; they go
            beside or before ``arguments``. Command-line trainers know an environment by nothing but its id.
    """

    package: str
    id: str
    task: str
    max_episode_steps: int | None = None
    reward_threshold: float | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the room lies."""
        return Path(importlib.import_module(self.package).__path__[0])

    @property
    def ids(self) -> dict[str, dict[str, Any]]:
        """Every id of the room, its own first, with the arguments that environments of that id are made with."""
        variants = {name: {**self.arguments, **own} for name, own in self.variants.items()}
        return {self.id: dict(self.arguments), **variants}

    @property
    def entry_point(self) -> str:
        """The task, as ``module:Class``."""
        return f"{self.package}.task:{self.task}"

    @property
    def twin(self) -> str | None:
        """The NumPy twin, as ``module:Class``, if there is one."""
        return f"{self.package}.twin:{self.task}Twin" if self.has("twin") else None

    @property
    def twin_id(self) -> str:
        """The id of the NumPy twin: that of ``BlendCartpole-v0`` is ``BlendCartpoleTwin-v0``."""
        return _twin_id(self.id)

    def has(self, part: str) -> bool:
        """Whether there is a module of that name in the room."""
        return importlib.util.find_spec(f"{self.package}.{part}") is not None

    def part(self, name: str) -> ModuleType | None:
        """Imports a module of the room, such as ``recipe``; ``None`` if the room has none of that name."""
        return importlib.import_module(f"{self.package}.{name}") if self.has(name) else None


_ROOMS: dict[str, Room] = {}
_ROOM_OF_ID: dict[str, Room] = {}


def rooms() -> dict[str, Room]:
    """All rooms that have been registered, by the id of their environment."""
    return dict(_ROOMS)


def suite_rooms() -> list[Room]:
    """Those of blendgym itself, in the order of their folders."""
    return [room for room in _ROOMS.values() if room.package.startswith(f"{SUITE}.")]


def room_of(env_id: str) -> Room | None:
    """The room of an environment, by an id as ``gym.make`` takes it; ``None`` if it is registered without a room."""
    return _ROOM_OF_ID.get(environment_spec(env_id).id)


def room_of_task(entry_point: str) -> Room | None:
    """The room of a task, as ``module:Class``; ``None`` if it has none."""
    return next((room for room in _ROOMS.values() if room.entry_point == entry_point), None)


def register_rooms(package: str) -> None:
    """Makes the environments of all rooms in a package known to Gymnasium.

    Blender's own Python, where the tasks are read too, has no Gymnasium and needs none: nothing happens there.

    Args:
        package: Dotted name of a package, whose subpackages with a ``ROOM`` are the rooms.
    """
    if importlib.util.find_spec("gymnasium") is None:
        return
    folders = importlib.import_module(package).__path__
    for found in pkgutil.iter_modules(folders, f"{package}."):
        room = getattr(importlib.import_module(found.name), "ROOM", None) if found.ispkg else None
        if isinstance(room, Room):
            register_room(room)


def register_room(room: Room) -> Room:
    """Makes the environment of a single room known to Gymnasium, where that is installed; gives the room back."""
    if importlib.util.find_spec("gymnasium") and _ROOMS.get(room.id) != room:
        _register(room)
    return room


def register_suite() -> None:
    """Makes the environments of blendgym known to Gymnasium, the meta-environment included."""
    register_rooms(SUITE)
    if importlib.util.find_spec("gymnasium"):
        from gymnasium.envs.registration import register

        register(META_ID, entry_point=META_ENTRY_POINT, disable_env_checker=True)


def _register(room: Room) -> None:
    _ROOMS[room.id] = room
    for env_id, arguments in room.ids.items():
        _ROOM_OF_ID[env_id] = room
        _register_id(env_id, room, arguments)


def _register_id(env_id: str, room: Room, arguments: dict[str, Any]) -> None:
    from gymnasium.envs.registration import register

    common: dict[str, Any] = {
        "max_episode_steps": room.max_episode_steps,
        "reward_threshold": room.reward_threshold,
        # Actions are checked by the environment itself, in every step and on both sides of the wire.
        "disable_env_checker": True,
    }
    given = {"task": room.entry_point, **arguments}
    register(env_id, ENTRY_POINT, vector_entry_point=VECTOR_ENTRY_POINT, kwargs=given, **common)
    if room.twin:
        register(
            _twin_id(env_id),
            TWIN_ENTRY_POINT,
            vector_entry_point=TWIN_VECTOR_ENTRY_POINT,
            kwargs={**given, "twin": room.twin},
            **common,
        )


def _twin_id(env_id: str) -> str:
    name, _, version = env_id.rpartition("-")
    return f"{name}Twin-{version}"


def environment_spec(name: str) -> EnvSpec:
    """What environments of a task are made of.

    Args:
        name: The id of an environment, perhaps with ``module:`` before it, as ``gym.make`` takes it; or
            ``module:Class`` of a task.

    Raises:
        TaskNotFound: If it is named like a task, but by no module and class.
        InvalidOption: If it is neither.
    """
    from gymnasium.envs.registration import EnvSpec

    if not isinstance(name, str):
        raise InvalidOption(f"An environment has a string as its id, got {name!r:.80}. {_what_there_is()}")
    module, _, last = name.rpartition(":")
    if ":" in name and ("-v" not in last or not is_module(module)):
        _, class_name = split_task(name)
        return EnvSpec(
            f"{class_name}-v0",
            entry_point=ENTRY_POINT,
            vector_entry_point=VECTOR_ENTRY_POINT,
            kwargs={"task": name},
            disable_env_checker=True,
        )
    spec = registered_spec(name)
    if "task" not in spec.kwargs or spec.entry_point == TWIN_ENTRY_POINT:
        raise InvalidOption(f"{name!r} is no environment in Blender. {_what_there_is()}")
    return spec


def registered_spec(env_id: str) -> EnvSpec:
    """What Gymnasium makes environments of an id of.

    Args:
        env_id: As ``gym.make`` takes it, perhaps with ``module:`` before it.

    Raises:
        InvalidOption: If it is registered nowhere.
    """
    import gymnasium as gym

    module, _, last = env_id.rpartition(":")
    try:
        if module:
            importlib.import_module(module)
        return copy.deepcopy(gym.spec(last))
    except (ImportError, gym.error.Error) as error:
        reason = str(error).rstrip(".?")
        raise InvalidOption(f"There is no environment {env_id!r}: {reason}. {_what_there_is()}") from None


def _what_there_is() -> str:
    return (
        f"There are {', '.join(_ROOM_OF_ID)}; your own are named as module:Id, whose module registers the id, or by "
        "their task as module:Class."
    )
