"""The figures of all runs, in a CSV, and how they have changed, in a picture."""

from __future__ import annotations

import csv
import statistics
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from blendgym.benchmarks.contest import Seconds
from blendgym.benchmarks.whole.contests import ContestName
from blendgym.benchmarks.whole.machine import Machine
from blendgym.studies.style import COLOURS, drawn, grid_of

COLUMNS = ("time", *Machine._fields, "contest", "contestant", "seconds", "share")
"""``seconds`` per unit, the median; ``share`` of the rate of the first contestant of the same run."""

Lines = dict[str, dict[str, list[tuple[datetime, float]]]]


def append(file: Path, time: datetime, machine: Machine, measured: Mapping[ContestName, Seconds]) -> None:
    """Adds a run.

    Args:
        file: The CSV; it is made if it is not there.
        time: When the run was.
        machine: What it was on.
        measured: Seconds by contest.
    """
    is_new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        if is_new:
            writer.writerow(COLUMNS)
        for contest, seconds in measured.items():
            medians = {name: statistics.median(values) for name, values in seconds.items()}
            first = next(iter(medians.values()))
            for name, median in medians.items():
                share = f"{first / median:.4f}"
                writer.writerow((time.isoformat(timespec="minutes"), *machine, contest, name, f"{median:.4g}", share))


def shares(file: Path) -> Lines:
    """The share of every contestant but the first, over time, by contest and name."""
    lines: Lines = defaultdict(lambda: defaultdict(list))
    with file.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            point = datetime.fromisoformat(row["time"]), float(row["share"])
            lines[row["contest"]][row["contestant"]].append(point)
    return {contest: dict(list(names.items())[1:]) for contest, names in lines.items()}


def plot(file: Path, picture: Path) -> None:
    """Draws the shares of a history, a panel for each contest.

    Args:
        file: The CSV.
        picture: PNG to write.
    """
    lines = shares(file)
    size = 9.0, 0.5 + 2.4 * len(lines)
    with drawn(picture, size, "Speed over time, as a share of raw Blender loops in the same run") as figure:
        for axes, (contest, names) in zip(figure.subplots(len(lines), squeeze=False)[:, 0], lines.items(), strict=True):
            for number, (name, points) in enumerate(names.items()):
                times, values = zip(*points, strict=True)
                axes.plot(times, values, marker="o", markersize=4, label=name, color=COLOURS[number % len(COLOURS)])
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
            axes.set_ylim(bottom=0)
            axes.set_title(contest, loc="left")
            axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
            axes.tick_params(axis="x", rotation=20)
            grid_of(axes)
