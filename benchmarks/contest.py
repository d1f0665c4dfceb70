"""Contestants that take turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import contextlib
import csv
import itertools
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import IO, cast

from rich.progress import track
from rich.table import Table

Seconds = dict[str, list[float]]
"""Seconds for one step, of every round, by contestant."""

GOODBYE = "goodbye"
"""What a contestant is told last."""


class Child:
    """A process that does something of its own: it is told how many steps, and says how many seconds they took.

    It prints ``ready`` first, then a number for every line that it reads.

    Args:
        script: Of Python.
        arguments: Of the script.
        environment: Variables that it has beside those of this process.

    Raises:
        RuntimeError: If it ends before it is ready.
    """

    def __init__(self, script: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, str(script), *arguments]
        # Linux shares processors among sessions first (autogroup), and every server is in one of its own.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
        self._questions = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)
        for line in self._answers:
            if line.strip() == "ready":
                return
        self.close()
        raise RuntimeError(f"{script} {' '.join(arguments)} ended with exit code {self._process.returncode}.")

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def begin(self, steps: int) -> None:
        """Starts the steps."""
        print(steps, file=self._questions, flush=True)

    def end(self) -> float:
        """Waits for them; the seconds that they took."""
        return float(self._answers.readline())

    def seconds(self, steps: int) -> float:
        """The seconds that some steps take."""
        self.begin(steps)
        return self.end()

    def close(self) -> None:
        """Ends the process."""
        # Forked workers of other contestants may hold the pipe, too: that it is closed here does not tell it.
        with contextlib.suppress(BrokenPipeError):
            print(GOODBYE, file=self._questions, flush=True)
        with contextlib.suppress(BrokenPipeError):
            self._questions.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()


def side_by_side(children: Sequence[Child], steps: int) -> float:
    """The seconds that some steps take if the children share them and work at the same time."""
    for child in children:
        child.begin(steps // len(children))
    return max(child.end() for child in children)


def teams(children: Mapping[str, Sequence[Child]]) -> dict[str, Callable[[int], float]]:
    """Contestants each of which is some children that work side by side."""
    return {name: partial(side_by_side, together) for name, together in children.items()}


def close_teams(children: Mapping[str, Sequence[Child]]) -> None:
    """Ends all children of teams, of which one may be in several."""
    for child in {id(child): child for together in children.values() for child in together}.values():
        child.close()


def answer_questions(seconds: Callable[[int], float]) -> None:
    """The other end of a ``Child``: answers every number of steps on standard input with the seconds they took.

    Whatever else is printed, such as what Blender reports of every frame, goes nowhere.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    print("ready", file=answers, flush=True)
    for line in itertools.takewhile(lambda line: line.strip() != GOODBYE, sys.stdin):
        print(seconds(int(line)), file=answers, flush=True)


def compete(contestants: Mapping[str, Callable[[int], float]], rounds: int, steps: int, title: str) -> Seconds:
    """Lets the contestants take turns, after one round of warming up.

    Args:
        contestants: By name: the seconds that some steps take.
        rounds: How often each has its turn.
        steps: In one turn.
        title: Of the progress bar.
    """
    seconds: Seconds = {name: [] for name in contestants}
    for run in contestants.values():
        run(steps)
    for _ in track(range(rounds), description=f"{title}: {rounds} rounds of {steps} steps"):
        for name, run in contestants.items():
            seconds[name].append(run(steps) / steps)
    return seconds


def table(seconds: Seconds, title: str, unit: str = "step") -> Table:
    """Medians, and their share of the first contestant's rate.

    Args:
        seconds: Of every round.
        title: Of the table.
        unit: What is counted.
    """
    first = statistics.median(next(iter(seconds.values())))
    made = Table("", f"µs per {unit}", f"{unit}s/s", "share of the first", title=title)
    for name, values in seconds.items():
        median = statistics.median(values)
        made.add_row(name, f"{median * 1e6:.1f}", f"{1 / median:,.0f}", f"{first / median:.0%}")
    return made


def save(folder: Path, name: str, seconds: Seconds, title: str, unit: str = "step") -> None:
    """Writes every round as CSV, and a chart of the rates.

    Args:
        folder: Where to; it is made.
        name: Of both files, without what says their kind.
        seconds: Of every round.
        title: Of the chart.
        unit: What is counted.
    """
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"{contestant} [s/{unit}]" for contestant in seconds])
        writer.writerows(zip(*seconds.values(), strict=True))
    figure = Figure(figsize=(7, 1.2 + 0.35 * len(seconds)), layout="constrained")
    axes = figure.subplots()
    rates = [[1 / value for value in values] for values in seconds.values()]
    axes.boxplot(rates, orientation="horizontal", tick_labels=list(seconds), widths=0.6)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel(f"{unit}s per second (box: quartiles over rounds)")
    figure.suptitle(title, fontsize="medium")
    figure.savefig(folder / f"{name}.png", dpi=150)
