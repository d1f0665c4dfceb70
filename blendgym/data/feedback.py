"""What a teacher is told about the samples that it has drawn: losses, as the outcomes of episodes."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blendgym.data.plain_states import packed, unpacked
from blendgym.data.updates import Drawing, taught
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import Episodes
from blendgym.parameters.sources import Taught
from blendgym.parameters.space import ParameterSpace
from blendgym.teachers.teacher import Teacher

MEMORY = 10_000
"""How many samples may wait for their losses; the oldest are forgotten."""


class Lesson(NamedTuple):
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
        self._lessons: OrderedDict[int, Lesson] = OrderedDict()
        self._lock = threading.Lock()

    def drawing(self) -> Drawing:
        """What the teacher teaches at this moment."""
        with self._lock:
            return taught(self._space, self._teacher)

    def source_of(self, state: Mapping[str, Any]) -> Taught:
        """Draws what the teacher taught when it was in a certain state."""
        with self._lock:
            teacher = copy.deepcopy(self._teacher)
        teacher.load_state_dict(unpacked(state))
        return Taught(self._space, teacher)

    def note(self, index: int, lesson: Lesson) -> None:
        """Remembers what a sample that is given out was drawn for."""
        with self._lock:
            self._lessons[index] = lesson
            if len(self._lessons) > MEMORY:
                self._lessons.popitem(last=False)

    def report(self, indices: ArrayLike, losses: ArrayLike) -> tuple[int, Drawing | None]:
        """Tells the teacher.

        Args:
            indices: Of the samples.
            losses: Of each.

        Returns:
            How many of them the teacher has heard of, and what it teaches from now on if that has changed.

        Raises:
            InvalidOption: If there are not as many losses as samples, or one is not finite; nothing has changed then.
        """
        rows = np.atleast_1d(np.asarray(indices))
        values = np.atleast_1d(np.asarray(losses, np.float64))
        if rows.shape != values.shape or rows.ndim != 1 or not np.isfinite(values).all():
            raise InvalidOption(
                f"A report has a finite loss for each index; got {values!r:.80} for {rows!r:.80}. Leave out samples "
                "whose loss is not a number."
            )
        with self._lock:
            heard = [
                (self._lessons.pop(index), loss)
                for index, loss in zip(rows.tolist(), values.tolist(), strict=True)
                if index in self._lessons
            ]
            if not heard:
                return 0, None
            before = self._teacher.version
            self._teacher.observe(self._episodes(*zip(*heard, strict=True)))
            self._teacher.update()
            has_changed = self._teacher.version != before
            return len(heard), taught(self._space, self._teacher) if has_changed else None

    def state(self) -> Any:
        """Of the teacher, as plain data."""
        with self._lock:
            return packed(self._teacher.state_dict())

    def load(self, state: Mapping[str, Any]) -> None:
        """Takes back what ``state`` has said."""
        with self._lock:
            self._teacher.load_state_dict(unpacked(state))
            self._lessons.clear()

    def _episodes(self, lessons: tuple[Lesson, ...], losses: tuple[float, ...]) -> Episodes:
        values = np.array(losses)
        return Episodes(
            unit=np.array([lesson.unit for lesson in lessons]),
            tags=np.array([lesson.tag for lesson in lessons], np.int64),
            versions=np.array([lesson.version for lesson in lessons], np.int64),
            returns=-values,
            scores=np.clip(0.5 ** (values / self._passing_loss), 0.0, 1.0),
            successes=values <= self._passing_loss,
            lengths=np.ones(len(values), np.int64),
        )
