"""The chart of slots and servers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

NAME = re.compile(r"(\d+) slots × (\d+) servers")


def plot_scaling(file: Path, rates: Mapping[str, float], title: str) -> None:
    """Draws steps per second over slots, a line for each number of servers, and the raw loops.

    Args:
        file: PNG to write.
        rates: Steps per second, by ``S slots × N servers`` or any other name, which becomes a horizontal line.
        title: Of the chart.
    """
    from matplotlib.figure import Figure

    lines: dict[int, dict[int, float]] = defaultdict(dict)
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    for number, (name, rate) in enumerate(rates.items()):
        if match := NAME.fullmatch(name):
            lines[int(match[2])][int(match[1])] = rate
        else:
            axes.axhline(rate, color="black", linestyle=("--", ":")[number % 2], linewidth=1, label=name)
    for servers, points in sorted(lines.items()):
        axes.plot(list(points), list(points.values()), marker="o", label=f"{servers} server{'s' * (servers > 1)}")
    axes.set_xscale("log", base=2)
    axes.set_xticks(sorted({slots for points in lines.values() for slots in points}))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set(xlabel="slots of each server", ylabel="steps per second, all environments together", title=title)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    figure.legend(loc="outside lower center", ncols=4, fontsize="small")
    figure.savefig(file, dpi=150)
