"""What a learner of teachers is given, and what it reports."""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import blendgym.envs  # noqa: F401  # registers the id

EnvMaker = Callable[[], gym.Env[Any, Any]]


class LearnerSettings(NamedTuple):
    """What is to be learned.

    Args:
        arguments: Those of the meta-environment, which are plain values; ``action`` is among them.
        meta_episodes: To learn from.
        seed: The seed of environments and learner.
        folder: Where the learner keeps what it needs to go on.
        processes: How many play at a time.
    """

    arguments: Mapping[str, Any]
    meta_episodes: int
    seed: int
    folder: Path
    processes: int = 1

    @property
    def make_env(self) -> EnvMaker:
        """Makes the meta-environment."""
        return maker_of(self.arguments)


class Returns:
    """The gains of the meta-episodes so far: in a file, on the screen, and from there back if learning goes on.

    Args:
        file: CSV that is written.
        report: Called with all of them after each.

    Attributes:
        gains: In the order in which they were reported.
    """

    def __init__(self, file: Path, report: Callable[[Sequence[float]], None]) -> None:
        self.gains: list[float] = []
        self._file, self._report = file, report
        self.take_back([])

    def take_back(self, gains: Sequence[float]) -> None:
        """Begins after these, which were reported before."""
        self.gains = list(gains)
        with self._file.open("w", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(["meta_episode", "gain"])
            writer.writerows(enumerate(gains, 1))
        self._report(self.gains)

    def note(self, gain: float) -> None:
        """Adds one."""
        self.gains.append(gain)
        with self._file.open("a", newline="") as lines:
            csv.writer(lines).writerow([len(self.gains), gain])
        self._report(self.gains)


def maker_of(arguments: Mapping[str, Any]) -> EnvMaker:
    """What makes the meta-environment with these arguments, in other processes, too."""
    return functools.partial(gym.make, "BlendAdaptiveDR-v0", **arguments)


@contextmanager
def shown_returns(file: Path, meta_episodes: int) -> Iterator[Returns]:
    """Returns with a progress bar."""
    columns = (TextColumn("Learning"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[gain]}"))
    with Progress(*columns, TimeRemainingColumn()) as progress:
        task = progress.add_task("", total=meta_episodes, gain="")

        def report(gains: Sequence[float]) -> None:
            shown = f"gain {np.mean(gains[-20:]):+.2f}" if gains else ""
            progress.update(task, completed=len(gains), gain=shown)

        yield Returns(file, report)
