"""What the class of a task declares, checked before anything is launched."""

from __future__ import annotations

import difflib
import inspect
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from blendgym.errors import InvalidAction, InvalidSpace, InvalidTask
from blendgym.faults import Faults
from blendgym.parameters.bindings import TaskAttribute, TaskElement
from blendgym.parameters.space import ParameterSpace
from blendgym.spaces import Leaf, Space

if TYPE_CHECKING:
    from blendgym.task import Task

METHODS = ("bind", "reset", "apply", "observe", "outcome")
MOST_SUBSTEPS = 32_767
"""Of a frame; Blender has no more (4.5, 5.0, 5.2)."""


def check_task(task: Task, base: type[Task], name: str) -> None:
    """Checks all that a task declares.

    Args:
        task: An instance, for spaces may depend on its options.
        base: The class in which all attributes and methods of tasks are described.
        name: As ``module:Class``, for the message.

    Raises:
        InvalidTask: If something is missing, misspelt or of a wrong type or value; the message has all of that.
    """
    faults = Faults(f"Task {name!r}", InvalidTask)
    described = [known for known in (*base.__annotations__, *METHODS) if hasattr(task, known)]
    for fault in (
        *_missing(task, base), *misspelt(task, described), *_numbers(task), *_others(task), *_scales(task),
        *task.declaration_faults(),
    ):  # fmt: skip
        faults.add(fault)
    faults.report()


def _missing(task: Task, base: type[Task]) -> Iterator[str]:
    own = [attribute for attribute in dir(task) if not attribute.startswith("_")]
    for attribute in ("scene", "control_rate", "action_space", "observation_space"):
        if not hasattr(task, attribute):
            similar = difflib.get_close_matches(attribute, own, cutoff=0.8)
            hint = f" {similar[0]!r} looks like it." if similar else ""
            yield f"The attribute {attribute!r} is missing; it is described at blendgym.task.Task.{hint}"
    yield from missing_methods(task, base, (*METHODS, "layout") if task.templates else METHODS)


def missing_methods(task: Task, base: type[Task], methods: Iterable[str]) -> Iterator[str]:
    """What is to be said of methods that a task should have of its own, and has not.

    Args:
        task: The task.
        base: The class in which they are described.
        methods: Their names.
    """
    for method in methods:
        if getattr(type(task), method) is getattr(base, method):
            yield f"The method {method}() is missing; it is described at {base.__module__}.{base.__name__}."


def misspelt(task: Task, described: Iterable[str]) -> Iterator[str]:
    """What is to be said of attributes whose names differ from those described in nothing but case or underscores.

    Args:
        task: The task.
        described: Names that have an effect.
    """
    declared = {_folded(known): known for known in described}
    for attribute in dir(task):
        known = declared.get(_folded(attribute))
        if known and attribute != known:
            yield f"The attribute {attribute!r} has no effect; it is called {known!r}."


def _numbers(task: Task) -> Iterator[str]:
    yield from _number(task, "control_rate", Real, 0.0, math.inf, "a rate above 0, in Hz")
    for attribute in ("substeps", "frames_per_step"):
        yield from _number(task, attribute, Integral, 0, MOST_SUBSTEPS + 1, f"an integer from 1 to {MOST_SUBSTEPS:,}")
    yield from _number(task, "success_return", Real, -math.inf, math.inf, "a number")


def _number(task: Task, attribute: str, kind: type, above: float, below: float, expected: str) -> Iterator[str]:
    value = getattr(task, attribute, None)
    if value is None:
        return
    is_number = isinstance(value, kind) and not isinstance(value, bool)
    if not is_number or not above < value < below:
        yield f"{attribute} is {value!r}; expected {expected}."


def _others(task: Task) -> Iterator[str]:
    scene: Any = getattr(task, "scene", "missing")
    if not isinstance(scene, str | os.PathLike) or not str(scene):
        yield f"scene is {task.scene!r}; expected the name of a module with build(scene), or the path of a .blend."
    if not (isinstance(task.camera, str) and task.camera):
        yield f"camera is {task.camera!r}; expected the name of a camera of the scene."
    yield from _templates(task)
    for attribute, allowed in (("action_space", Leaf), ("observation_space", Space)):
        space = getattr(task, attribute, None)
        if space is not None and not isinstance(space, allowed):
            given, kinds = type(space), ", ".join(kind.__name__ for kind in get_args(allowed))
            module = "blendgym.spaces" if isinstance(space, Space) else given.__module__
            yield f"{attribute} is a {module}.{given.__name__}; expected one of blendgym.spaces: {kinds}."
    yield from _keys(task)
    parameters: Any = task.parameters
    if not isinstance(parameters, ParameterSpace):
        yield f"parameters is {parameters!r}; expected a ParameterSpace of Parameters."
        return
    yield from _attributes(task)


def _templates(task: Task) -> Iterator[str]:
    """Templates that are no names, and layouts of none, or none of templates."""
    templates: Any = task.templates
    if isinstance(templates, str) or not all(isinstance(name, str) for name in templates):
        yield f"templates is {templates!r}; expected a tuple of names of objects, such as ('Crate',)."
    elif templates and not _has_layout(task):
        yield "The method layout() is missing; it says which copies of the templates an episode has."
    elif not templates and _has_layout(task):
        yield "layout() is never asked; templates has to name the objects that it has copies of."


def _has_layout(task: Task) -> bool:
    own: Any = type(task).layout
    return str(own.__module__) != "blendgym.task"


def _keys(task: Task) -> Iterator[str]:
    """Keys that are none, or whose actions are not in the action space."""
    if not isinstance(getattr(task, "action_space", None), Leaf):
        return
    keyboard: Any = task.keyboard
    if not isinstance(keyboard, Mapping):
        yield f"keyboard is {keyboard!r}; expected actions by key, as {{'a': -1.0, 'd': 1.0}}."
        return
    form = task.action_space.lowest
    for key, action in keyboard.items():
        if not isinstance(key, str) or len(key) > 1:
            yield f"keyboard names {key!r}; expected a character for each key, or '' for none."
            continue
        try:
            task.action_space.validate(np.broadcast_to(np.asarray(action, form.dtype), form.shape))
        except (InvalidAction, TypeError, ValueError) as error:
            yield f"keyboard gives the action {action!r} for {key!r}: {error}"


def _attributes(task: Task) -> Iterator[str]:
    """What parameters of the task itself would change, and is not there."""
    annotated = {attribute for cls in type(task).__mro__ for attribute in inspect.get_annotations(cls)}
    for name, parameter in task.parameters.items():
        binding = parameter.binding
        if not isinstance(binding, TaskAttribute | TaskElement):
            continue
        if binding.attribute not in annotated | set(dir(task)):
            yield f"Parameter {name!r} changes the attribute {binding.attribute!r}, which the task does not have."
        elif isinstance(binding, TaskElement) and np.size(getattr(task, binding.attribute, ())) <= binding.index:
            held = np.size(getattr(task, binding.attribute, ()))
            yield (
                f"Parameter {name!r} changes element {binding.index} of the attribute {binding.attribute!r}, which "
                f"holds {held} numbers."
            )


def _scales(task: Task) -> Iterator[str]:
    bounds = getattr(task, "return_range", (0.0, 1.0))
    if not _is_range(bounds):
        yield f"return_range is {bounds!r}; expected the lowest and the highest return, two finite numbers."
    if not isinstance(getattr(task, "observation_space", None), Space):
        return
    try:
        scales: Any = task.scale_of_observations()
    except InvalidSpace as error:
        yield str(error)
        return
    except (TypeError, ValueError):
        yield _wrong_scale(task)
        return
    arrays = scales.values() if isinstance(scales, dict) else [scales]
    if not all((np.isfinite(array) & (array > 0)).all() for array in arrays):
        yield _wrong_scale(task)


def _wrong_scale(task: Task) -> str:
    return f"observation_scale is {task.observation_scale!r}; expected a number above 0, or one for each element."


def _is_range(bounds: Any) -> bool:
    try:
        low, high = map(float, bounds)
    except (TypeError, ValueError):
        return False
    return -math.inf < low < high < math.inf


def _folded(name: str) -> str:
    return name.lower().replace("_", "")
