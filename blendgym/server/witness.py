"""A task that is watched: what it does to the world, and what the world answers, is written down.

Two episodes that should be the same and are not differ somewhere first: in something that the task did, or in an answer
of the world to the same deeds. The conformance kit tells the one from the other by these records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.task import Task, task_class
from blendgym.world import Pose

if TYPE_CHECKING:
    from blendgym.world import World

VALUES = (bool, int, float, str, bytes, tuple, list, type(None), np.ndarray, np.generic)
"""What the world answers with; everything else that it hands out is a part of it, and watched, too."""


PLACED = " placed"
"""Ends what an event is about that has two values: where the task has placed a part of the world, and where it is."""


class Event(msgspec.Struct, frozen=True, array_like=True):
    """Something that was done or answered.

    Args:
        by: ``"task"``, or ``"world"``.
        what: In the words of the task, such as ``world.joint('Hinge').place``.
        value: Arguments, or the answer.
    """

    by: str
    what: str
    value: Any


class Witness:
    """Writes down the events of episodes, each a line of JSON, and an empty line before each episode.

    The file is made when the first episode begins: the trainer makes the task, too, and only reads its declarations.

    Args:
        file: Where to.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: IO[bytes] | None = None
        self._placed: dict[str, tuple[Any, Any]] = {}

    def begin(self) -> None:
        """Begins the record of an episode."""
        if self._lines is None:
            self._lines = self._file.open("wb", buffering=0)
        self._lines.write(b"\n")
        self._placed.clear()

    def note(self, by: str, what: str, value: Any) -> None:
        """Writes down an event of an episode."""
        if self._lines:
            self._lines.write(msgspec.json.encode(Event(by, what, value), enc_hook=_plain) + b"\n")

    def note_place(self, name: str, part: Any) -> None:
        """Remembers where a body or joint has just been placed, to be looked at when the episode has begun.

        Cameras have no such place: they are put somewhere at once.
        """
        if hasattr(part, "placed"):
            self._placed[name] = part, np.array(part.placed.pose)
        elif hasattr(part, "position"):
            self._placed[name] = part, part.position

    def note_places(self) -> None:
        """Writes down where the world has what was placed."""
        for name, (part, asked) in self._placed.items():
            is_at = part.pose if hasattr(part, "placed") else part.position
            self.note("world", f"{name}{PLACED}", [asked, is_at])
        self._placed.clear()


class Watched:
    """A part of the world, and all that is reached through it, in front of a witness.

    Args:
        part: The part itself.
        name: What the task calls it.
        witness: Who watches.
    """

    def __init__(self, part: Any, name: str, witness: Witness) -> None:
        vars(self).update(_part=part, _name=name, _witness=witness)

    def __getattr__(self, attribute: str) -> Any:
        return self._shown(getattr(self._part, attribute), f"{self._name}.{attribute}")

    def __setattr__(self, attribute: str, value: Any) -> None:
        self._witness.note("task", f"{self._name}.{attribute}", value)
        setattr(self._part, attribute, value)

    def __getitem__(self, key: Any) -> Any:
        return self._shown(self._part[key], f"{self._name}[{key!r}]")

    def __iter__(self) -> Iterator[Any]:
        return iter(self._part)

    def __len__(self) -> int:
        return len(self._part)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Does what the task asks for."""
        given = ", ".join([*map(repr, arguments), *(f"{name}={value!r}" for name, value in options.items())])
        self._witness.note("task", self._name, given)
        answer = self._part(*arguments, **options)
        whole, _, deed = self._name.rpartition(".")
        if deed == "place":
            self._witness.note_place(whole, self._part.__self__)
        return self._shown(answer, f"{self._name}({given})")

    def _shown(self, value: Any, name: str) -> Any:
        if not isinstance(value, VALUES):
            return Watched(value, name, self._witness)
        self._witness.note("world", name, value)
        return value


class Watching(Task):
    """What comes before a task that is watched, and sees all that goes in and out."""

    _witness: Witness

    def bind(self, world: World) -> None:
        """Shows the task a world in front of the witness."""
        super().bind(self._show(world))

    def reset(self, world: World, rng: np.random.Generator) -> None:
        """Begins the record of an episode."""
        self._witness.begin()
        super().reset(self._show(world), rng)

    def apply(self, action: NDArray[Any]) -> None:
        """Lets the task act."""
        self._witness.note("agent", "action", action)
        super().apply(action)

    def observe(self) -> Any:
        """Looks where the world has what was placed, and writes down what the task makes of it all."""
        self._witness.note_places()
        observation = super().observe()
        self._witness.note("task", "observe", observation)
        return observation

    def _show(self, world: World) -> Any:
        return Watched(world, "world", self._witness)


class Witnessed(Task):
    """Makes a task that is watched: an instance of a class that derives from the task's own.

    Args:
        witnessed: The task, as ``module:Class``.
        record: File for what is seen.
        options: Keyword arguments of the task.
    """

    def __new__(cls, witnessed: str, record: str, **options: Any) -> Any:
        """Makes the task itself, which is none of this class."""
        own = task_class(witnessed)
        task = type(own.__name__, (Watching, own), {"__module__": own.__module__})(**options)
        task._witness = Witness(Path(record))
        return task


def episodes_in(record: Path) -> list[list[Event]]:
    """The events of each episode of a record, in their order."""
    _, *episodes = f"\n{record.read_text(encoding='utf-8')}".split("\n\n")
    return [[msgspec.json.decode(line, type=Event) for line in episode.splitlines()] for episode in episodes]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Pose | tuple | Mapping):
        return list(value)
    return repr(value)
