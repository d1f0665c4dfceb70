"""What a teacher is told about the samples that it has drawn: losses, as the outcomes of episodes."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.data.streams.updates import Drawing, taught
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes
from blendgym.parameters.selection import ADAPTIVE
from blendgym.parameters.sources import Taught
from blendgym.parameters.space import ParameterSpace
from blendgym.teachers.adaptive import adaptive_teacher
from blendgym.teachers.plain_states import packed, unpacked
from blendgym.teachers.teacher import Teacher

TeacherMaker = Callable[[NDArray[np.float64]], Teacher] | Literal["adaptive"]
"""Makes a teacher from the place of the nominal values in the cube; or the word for the default one."""

MEMORY = 10_000
"""How many samples may wait for their losses; the oldest are forgotten."""


class TeacherTask(NamedTuple):
    """A task that a teacher has set.

    Args:
        unit: Its place in the cube, (dimensions,).
        tag: What it was for.
        version: Of the teacher.
    """

    unit: NDArray[np.float64]
    tag: int
    version: int


class Feedback:
    """Remembers which sample was which task, and tells the teacher what came of it. Any thread may call.

    Args:
        teacher: Draws the parameters of samples.
        space: The parameters.
        passing_loss: The loss whose score is ½, and up to which a sample counts as a success.
    """

    def __init__(self, teacher: Teacher, space: ParameterSpace, passing_loss: float) -> None:
        self._teacher, self._space, self._passing_loss = teacher, space, passing_loss
        self._waiting: OrderedDict[int, TeacherTask] = OrderedDict()
        self._lock = threading.Lock()

    def drawing(self) -> Drawing:
        """What the teacher teaches at this moment."""
        with self._lock:
            return taught(self._space, self._teacher)

    def source_of(self, state: Mapping[str, Any]) -> Taught:
        """Draws what the teacher taught when it was in a certain state.

        Raises:
            InvalidOption: If the teacher does not take it.
        """
        with self._lock:
            teacher = copy.deepcopy(self._teacher)
        load_packed(teacher, state, "The teacher of this stream")
        return Taught(self._space, teacher)

    def note(self, index: int, task: TeacherTask) -> None:
        """Remembers what a sample that is given out was drawn for."""
        with self._lock:
            self._waiting[index] = task
            if len(self._waiting) > MEMORY:
                self._waiting.popitem(last=False)

    def report(self, indices: ArrayLike, losses: ArrayLike) -> Drawing | None:
        """Tells the teacher.

        Args:
            indices: Of the samples.
            losses: Of each.

        Returns:
            What the teacher teaches from now on, if that has changed.

        Raises:
            InvalidOption: If there is not a finite loss of 0 or more for each sample, or nothing is known of one;
                nothing has changed then.
        """
        rows, values = _pairs(indices, losses)
        with self._lock:
            unknown = [index for index in rows if index not in self._waiting]
            if unknown or len(set(rows)) < len(rows):
                raise InvalidOption(
                    f"Nothing is to be reported of {(unknown or rows)!r:.80}: each index once, after it was taken, at "
                    f"most {MEMORY:,} samples later, and not after a state was loaded."
                )
            if not rows:
                return None
            before = self._teacher.version
            self._teacher.observe(self._episodes([self._waiting.pop(index) for index in rows], values))
            self._teacher.update()
            return taught(self._space, self._teacher) if self._teacher.version != before else None

    def state(self) -> Any:
        """Of the teacher, as plain data."""
        with self._lock:
            return packed(self._teacher.state_dict())

    def load(self, state: Mapping[str, Any]) -> None:
        """Takes back what ``state`` has said.

        Raises:
            InvalidOption: If the teacher does not take it; nothing has changed then.
        """
        self.source_of(state)
        with self._lock:
            self._teacher.load_state_dict(unpacked(state))
            self._waiting.clear()

    def _episodes(self, tasks: list[TeacherTask], values: NDArray[np.float64]) -> Episodes:
        return Episodes(
            unit=np.array([task.unit for task in tasks]),
            tags=np.array([task.tag for task in tasks], np.int64),
            versions=np.array([task.version for task in tasks], np.int64),
            returns=-values,
            scores=np.clip(0.5 ** (values / self._passing_loss), 0.0, 1.0),
            successes=values <= self._passing_loss,
            lengths=np.ones(len(values), np.int64),
        )


def load_packed(holder: Any, state: Any, name: str) -> None:
    """Gives a teacher or a source its state back.

    Args:
        holder: Has ``load_state_dict``, and may be the user's own.
        state: As plain data.
        name: Of the holder; it begins the message.

    Raises:
        InvalidOption: If the holder does not take it.
    """
    try:
        holder.load_state_dict(unpacked(state))
    except Exception as error:
        raise InvalidOption(f"{name} does not take the state {state!r:.80}: {type(error).__name__}: {error}") from error


def make_feedback(make: TeacherMaker | None, drawing: Drawing, passing_loss: float) -> Feedback | None:
    """What tells the teacher of a stream, if it has one.

    Args:
        make: Makes the teacher from the place of the nominal values in the cube; ``"adaptive"`` for the default one.
        drawing: What the stream would draw from without it.
        passing_loss: As for ``Feedback``.

    Raises:
        InvalidOption: If there is nothing to teach, nothing that makes a teacher, or the loss makes no sense.
    """
    if make is None:
        return None
    space = drawing.source.space
    if not space or drawing.fixed:
        raise InvalidOption("A teacher draws what randomize= selects, which has to be something, and no fixed value.")
    if not passing_loss > 0.0:
        raise InvalidOption(f"passing_loss is {passing_loss}; expected a positive number.")
    if make == ADAPTIVE:
        return Feedback(adaptive_teacher(space, "scores"), space, passing_loss)
    if isinstance(make, str):
        raise InvalidOption(f"teacher is {make!r}; expected {ADAPTIVE!r}, or what makes a teacher, such as its class.")
    return Feedback(make(space.nominal_unit), space, passing_loss)


def _pairs(indices: ArrayLike, losses: ArrayLike) -> tuple[list[Any], NDArray[np.float64]]:
    """Indices and their losses, if there is one for each."""
    try:
        rows = np.atleast_1d(np.asarray(_detached(indices)))
        values = np.atleast_1d(np.asarray(_detached(losses), np.float64))
    except (TypeError, ValueError):
        rows, values = np.empty(0), np.empty(1)
    if rows.shape != values.shape or rows.ndim != 1 or not np.all(np.isfinite(values) & (values >= 0.0)):
        raise InvalidOption(
            f"A report has a finite loss for each index, 0 or more; got {losses!r:.80} for {indices!r:.80}. Leave out "
            "samples whose loss is not a number."
        )
    return rows.tolist(), values


def _detached(given: Any) -> Any:
    """Tensors, alone or in a list, as plain numbers, without the gradients they may have."""
    if isinstance(given, list | tuple):
        return [_detached(each) for each in given]
    return given.detach().tolist() if hasattr(given, "detach") else given
