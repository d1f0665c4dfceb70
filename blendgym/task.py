"""The one class that an author of an environment writes.

A task is read on both sides of the wire. The trainer reads its attributes (spaces, parameters, rates) without
Blender; the server calls its methods inside Blender, with a ``World`` as the only thing they touch. So a task's file
imports no ``bpy``.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.declarations import check_task
from blendgym.errors import InvalidSpace, TaskNotFound, UnknownArgument
from blendgym.names import did_you_mean, namesake, split_task
from blendgym.parameters.space import ParameterSpace
from blendgym.parameters.tables import with_table
from blendgym.spaces import Leaf, Space, leaves

if TYPE_CHECKING:
    from blendgym.layout import Item
    from blendgym.world import World

Scale = tuple[float, ...] | float


class Outcome(NamedTuple):
    """What a step led to.

    Args:
        reward: Of the step.
        terminated: Whether the task has come to its end. Time limits are not the task's: they belong to the id.
        success: Whether the episode would count as a success if it ended with this step: ``info["is_success"]``.
    """

    reward: float
    terminated: bool
    success: bool = False


class Task:
    """What an agent has to do in a scene. Subclasses fill in the attributes and the five methods.

    One step is ``apply``, one control period of physics, ``observe``, ``outcome``.

    Where its docstring has the line ``{parameters}``, the table of the declared parameters takes its place.
    """

    scene: ClassVar[str | PathLike[str]]
    """A module with ``build(scene)``: the name of one beside this task's, or with its package; or a ``.blend``, whose
    path is relative to the file of the task; or the name of a room of this suite, such as ``cartpole``."""

    control_rate: ClassVar[float]
    """Steps per simulated second, in Hz."""

    substeps: ClassVar[int] = 10
    """Physics steps in one frame of Blender."""

    frames_per_step: ClassVar[int] = 1
    """Frames in one step. Servos are updated in every frame, and none costs a request."""

    templates: ClassVar[tuple[str, ...]] = ()
    """Objects of the scene, by name, of which each episode has as many copies as ``layout`` says, and none itself."""

    camera: ClassVar[str] = "Camera"
    """The camera that ``render()`` looks through."""

    action_space: Leaf
    """What an action lies in: a single array, no ``Dict``."""

    observation_space: Space
    """What an observation lies in: a ``Dict`` of named arrays, or a single array."""

    parameters: ClassVar[ParameterSpace] = ParameterSpace()

    keyboard: Mapping[str, Any] = {}
    """Actions by the key that takes them, for people who play: a character, such as ``"a"``. Of keys that are pressed
    together, the actions of a ``Box`` add up, within its bounds. ``""`` is for no key; without it that is zeros."""

    observation_scale: Scale | Mapping[str, Scale] = 1.0
    """Typical size of the observation, or of each of its elements: what sensor noise is a share of. For a ``Dict`` of
    arrays by name; those that are not named have 1."""

    return_range: ClassVar[tuple[float, float]]
    """The mean returns of a policy that acts at random and of a very good one, between which scores are shares.

    Students, teachers and exams need this and ``success_return``; environments do not.
    """

    success_return: ClassVar[float]
    """The lowest return of an episode that counts as a success."""

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if cls.__doc__:
            cls.__doc__ = with_table(cls.__doc__, cls.parameters)

    def declaration_faults(self) -> Iterator[str]:
        """What is wrong with declarations that only some kind of tasks has, a sentence each."""
        yield from ()

    @classmethod
    def scores(cls, returns: NDArray[Any]) -> NDArray[np.float64]:
        """Returns as shares of the way from random to very good ones, from 0 to 1."""
        floor, best = cls.return_range
        return np.clip((np.asarray(returns, np.float64) - floor) / (best - floor), 0.0, 1.0)

    @classmethod
    def successes(cls, returns: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether episodes with these returns are successes."""
        return np.asarray(returns) >= cls.success_return

    def scale_of_observations(self) -> dict[str, NDArray[np.float64]]:
        """``observation_scale`` in the shape of each array of an observation, by name."""
        given, spaces = self.observation_scale, leaves(self.observation_space)
        scales = given if isinstance(given, Mapping) else dict.fromkeys(spaces, given)
        if unknown := set(scales) - set(spaces):
            raise InvalidSpace(
                f"observation_scale names {', '.join(sorted(unknown))}; the arrays of an observation are "
                f"{', '.join(spaces)}."
            )
        return {name: _broadcast(scales.get(name, 1.0), space.shape, name) for name, space in spaces.items()}

    def bind(self, world: World) -> None:
        """Looks up the bodies, joints and motors that the other methods use.

        Called once, after the scene is built; with ``templates``, after every layout. Servos and wrenches are made
        here, and nothing is set yet: what an episode begins with is the business of ``reset``.
        """
        raise NotImplementedError

    def layout(self, rng: np.random.Generator) -> Iterable[Item]:
        """What stands in the scene of the coming episode, beside what was built; only asked for with ``templates``.

        Called before ``reset``, with the parameters of the episode in effect.

        Args:
            rng: The same as that of ``reset``.

        Returns:
            Copies of templates: how many, of which size, where, and called what.
        """
        raise NotImplementedError

    def reset(self, world: World, rng: np.random.Generator) -> None:
        """Sets the initial state. The parameters of the episode are in effect already.

        Args:
            world: The scene at rest.
            rng: The only source of randomness; seeded by ``reset(seed=...)``.
        """
        raise NotImplementedError

    def apply(self, action: NDArray[Any]) -> None:
        """Acts on the world for the coming control period.

        Actions may be late (``ActionLatency``): until the first one arrives this is not called, and what motors, servos
        and the attributes of the task say is what ``reset`` has left.

        Args:
            action: An element of ``action_space``.
        """
        raise NotImplementedError

    def observe(self) -> Any:
        """The observation of the present state: a new array of ``observation_space``'s shape and dtype.

        If that is a ``Dict``, a dict of such arrays. An integer will do for a ``Discrete``.
        """
        raise NotImplementedError

    def outcome(self, observation: Any) -> Outcome:
        """Reward, termination and success of the step that led to ``observation``, as ``observe`` has returned it."""
        raise NotImplementedError


def make_task(entry_point: str, options: dict[str, Any], others: Iterable[str] = ()) -> Task:
    """Makes the task that ``module:class`` names.

    Args:
        entry_point: The task, as ``module:Class``.
        options: Keyword arguments of the task.
        others: Names of arguments beside those of the task; one of them may be meant by an option that is unknown.

    Raises:
        TaskNotFound: If there is no such class, or it is no task.
        UnknownArgument: If the class does not take these options.
        InvalidTask: If what the class declares is incomplete or wrong; the message has all of that.
    """
    cls = task_class(entry_point)
    try:
        task = cls(**options)
    except TypeError as error:
        raise UnknownArgument(
            f"Task {entry_point!r} does not take the options {options}: {error}.{_meant(cls, options, others)} What "
            "every environment takes is described at blendgym.client.settings.Settings."
        ) from error
    check_task(task, Task, entry_point)
    return task


def _meant(cls: type[Task], options: Mapping[str, Any], others: Iterable[str]) -> str:
    """What was meant perhaps by options that a task does not take, after a space; empty if nothing is similar."""
    own = inspect.signature(cls).parameters
    unknown = {name: value for name, value in options.items() if name not in own}
    packed = [key for value in unknown.values() if isinstance(value, Mapping) for key in value if key in own]
    if packed:
        return f" Each argument of a task is given by its name: {', '.join(f'{name}=…' for name in packed)}."
    return "".join(did_you_mean(name, [*own, *others]) for name in unknown)


def task_class(entry_point: str) -> type[Task]:
    """The class that ``module:class`` names.

    Raises:
        TaskNotFound: If there is no such class, or it is no task.
    """
    module_name, class_name = split_task(entry_point)
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise TaskNotFound(
            f"The module of task {entry_point!r} cannot be imported: {error}.{namesake(module_name)}"
        ) from error
    cls = getattr(module, class_name, None)
    if cls is None:
        raise TaskNotFound(f"Task {entry_point!r} is not in {_whereabouts(module, class_name)}")
    if not (isinstance(cls, type) and issubclass(cls, Task)):
        raise TaskNotFound(f"Task {entry_point!r} is no subclass of blendgym.task.Task, but {cls!r}.")
    return cls


def _whereabouts(module: ModuleType, missing: str) -> str:
    """Where a class was looked for in vain, and what is there instead."""
    name, file = module.__name__, module.__file__
    if file is None:  # A namespace package: a folder on Python's path.
        folder = Path(next(iter(module.__path__)))
        modules = sorted(f"{name}.{each.stem}" for each in folder.glob("*.py"))
        return f"the folder {folder} itself; name a module of it: {', '.join(modules) or 'it has none'}."
    if name in sys.stdlib_module_names:
        return f"{file}; call yours otherwise than {name!r}."
    tasks = [key for key, value in vars(module).items() if isinstance(value, type) and value.__module__ == name]
    return f"{file}.{did_you_mean(missing, tasks)}"


def _broadcast(scale: Scale, shape: tuple[int, ...], name: str) -> NDArray[np.float64]:
    try:
        return np.broadcast_to(np.asarray(scale, np.float64), shape)
    except ValueError:
        raise InvalidSpace(
            f"observation_scale of {name!r} is {scale}; expected one number, or one for each element of an array of "
            f"shape {shape}."
        ) from None
