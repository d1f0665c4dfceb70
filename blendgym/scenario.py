"""The one class that an author of annotated images writes: a task without actions.

Like a task it is read on both sides of the wire, and its file imports no ``bpy``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.declarations import missing_methods, misspelt
from blendgym.errors import RenderError, TaskError
from blendgym.faults import Faults
from blendgym.images.views import make_view
from blendgym.names import did_you_mean
from blendgym.spaces import Dict, Discrete, Leaf
from blendgym.task import Outcome, Task

if TYPE_CHECKING:
    from blendgym.world import World

NUMBERS = {"f": "biuf", "i": "biu", "u": "biu"}
"""Kinds of NumPy dtypes that a label may come in, by the kind that is declared: no number is rounded to a whole one."""


class Scenario(Task):
    """A scene that is set up anew for each sample. Subclasses fill in ``scene`` and ``sample``.

    It is a task in which nobody acts. What there is for tasks is there for scenarios, too: ``templates`` with
    ``layout``, ``parameters``, ``camera``, ``control_rate`` and ``substeps`` (of the physics that things fall by), and
    every command. Whatever is said of ``Task.reset`` holds for ``sample``.
    """

    labels: Mapping[str, Leaf] = {}
    """What each of the arrays lies in that ``sample`` returns, by name; scalars have a ``Discrete``, or a ``Box`` of
    shape ``()``."""

    views: Mapping[str, Mapping[str, Any]] = {}
    """Arguments of ``View`` by the name of each view that a stream renders unless it is told otherwise; ``""`` is the
    name of a single one. What one does not say is as the stream says."""

    control_rate = 50.0
    substeps = 5
    action_space = Discrete(1)

    @cached_property
    def observation_space(self) -> Dict:  # type: ignore[override]  # It follows from the labels.
        """The labels. Those that are none are left out here, and told with all that is wrong with the declaration."""
        labels = self.labels if isinstance(self.labels, Mapping) else {}
        return Dict({name: space for name, space in labels.items() if not _fault_of_label(name, space)})

    def sample(self, world: World, rng: np.random.Generator) -> Mapping[str, Any] | None:
        """Sets up the scene of one sample: places bodies, lets them settle, turns cameras.

        The parameters of the sample are in effect already, and so is its ``layout``.

        Args:
            world: The scene at rest.
            rng: The only source of randomness, seeded for each sample.

        Returns:
            What there is to say about the scene: an array, or a number, for each of the ``labels``; nothing if there
            are none. Poses, boxes and masks of everything in sight come with the images by themselves.
        """
        raise NotImplementedError

    def bind(self, world: World) -> None:
        """Looks up what ``sample`` uses; only needed for servos and wrenches, which are made here."""

    def reset(self, world: World, rng: np.random.Generator) -> None:
        """Sets up a sample, and keeps what is said about it.

        Raises:
            TaskError: If that is not what the labels declare; the message has all that is wrong.
        """
        self._said = _checked(self.sample(world, rng), self.labels, type(self).__name__)

    def apply(self, action: NDArray[Any]) -> None:
        """Does nothing: nobody acts."""

    def observe(self) -> dict[str, NDArray[Any]]:
        """What is said about the sample, by label."""
        return self._said

    def outcome(self, observation: Any) -> Outcome:  # noqa: ARG002 (nothing is rewarded)
        """The end: a sample is complete when it has begun."""
        return Outcome(reward=0.0, terminated=True)

    def declaration_faults(self) -> Iterator[str]:
        """What is wrong with the declarations of a scenario, a sentence each."""
        yield from missing_methods(self, Scenario, ("sample",))
        yield from misspelt(self, ("labels", "views", "sample"))
        yield from _faults_of_labels(self.labels)
        yield from _faults_of_views(self.views)


def _faults_of_labels(labels: Any) -> Iterator[str]:
    if not isinstance(labels, Mapping):
        yield f"labels is {labels!r:.80}; expected spaces by name, as {{'cubes': Discrete(20)}}."
        return
    for name, space in labels.items():
        if fault := _fault_of_label(name, space):
            yield fault


def _fault_of_label(name: Any, space: Any) -> str:
    """What is wrong with the declaration of a label, empty if nothing is."""
    if not isinstance(name, str) or not name.isidentifier():
        return f"labels names {name!r}; expected letters, digits and underscores."
    if not isinstance(space, Leaf):
        kind = type(space)
        return (
            f"labels has a {kind.__module__}.{kind.__name__} under {name!r}; expected one of blendgym.spaces: Box, "
            "Discrete, MultiDiscrete or MultiBinary."
        )
    return ""


def _faults_of_views(views: Any) -> Iterator[str]:
    if not isinstance(views, Mapping) or not all(isinstance(view, Mapping) for view in views.values()):
        yield f"views is {views!r:.80}; expected arguments of View by the name of each, as {{'left': {{…}}}}."
        return
    common = {"camera": Task.camera, "width": 64, "height": 64}
    for name, arguments in views.items():
        try:
            make_view(**{**common, **arguments, "name": name})
        except RenderError as error:
            yield f"views has one called {name!r} that makes no sense: {error}"


def _checked(said: Any, labels: Mapping[str, Leaf], scenario: str) -> dict[str, NDArray[Any]]:
    """What is said about a sample, as the arrays that are declared.

    Raises:
        TaskError: If it is something else; the message has all that is wrong.
    """
    said = {} if said is None else said
    if not isinstance(said, Mapping):
        raise TaskError(f"{scenario}.sample() returned {said!r:.80}; expected {_expected(labels)}.")
    faults = Faults(f"What {scenario}.sample() returned", TaskError)
    for name in said:
        if name not in labels:
            hint = did_you_mean(str(name), labels)
            faults.add(
                f"{scenario}.sample() returned {name!r:.80}, which is none of its labels: {_listed(labels)}.{hint}"
            )
    arrays = {}
    for name, space in labels.items():
        if name not in said:
            faults.add(f"{scenario}.sample() did not return the label {name!r}.")
        elif fault := _fault_of(array := _array(said[name]), space):
            faults.add(f"{scenario}.sample() returned a label {name!r} that {fault}; labels declares {space}.")
        else:
            arrays[name] = array.astype(space.lowest.dtype)
    faults.report()
    return arrays


def _array(value: Any) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError:  # Lists of different lengths.
        return np.array(None)


def _fault_of(array: NDArray[Any], space: Leaf) -> str:
    """Continues a message about a label: what is wrong with it, empty if nothing is."""
    dtype, shape = space.lowest.dtype, space.lowest.shape
    if array.dtype.kind not in NUMBERS.get(dtype.kind, dtype.kind):
        return f"is {array.dtype}, expected {dtype}"
    if array.shape != shape:
        return f"has the shape {array.shape}, expected {shape}"
    return "" if space.holds(array) else f"is out of bounds: {space.violation(array)}"


def _expected(labels: Mapping[str, Leaf]) -> str:
    return f"a dict of its labels: {_listed(labels)}" if labels else "None, for it declares no labels"


def _listed(labels: Mapping[str, Leaf]) -> str:
    return ", ".join(labels) or "it declares none"
