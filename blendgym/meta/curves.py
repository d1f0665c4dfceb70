"""The learning curve of a teacher."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

WINDOW = 25  # meta-episodes
COLOURS = ("#00798c", "#d1495b", "#6c757d")
STYLES = ("-", "--", ":")


class Reference(NamedTuple):
    """Something to compare with.

    Args:
        name: The name of the teacher.
        gains: The gains of its meta-episodes.
    """

    name: str
    gains: Sequence[float]


def plot_learning_curve(file: Path, gains: Sequence[float], references: Sequence[Reference], title: str) -> None:
    """Draws the gain of every meta-episode with its moving mean, and the means of references with 95% intervals.

    Args:
        file: PNG to write.
        gains: The gain of each meta-episode, in the order of training.
        references: Each a horizontal line; at most three.
        title: The title of the figure.
    """
    figure = Figure(figsize=(7.5, 4.2), layout="constrained")
    axes = figure.subplots()
    number = np.arange(1, len(gains) + 1)
    axes.scatter(number, gains, s=6, color="black", alpha=0.25, linewidths=0, label="meta-episode, while learning")
    if len(gains) >= WINDOW:
        means = np.convolve(gains, np.ones(WINDOW) / WINDOW, mode="valid")
        axes.plot(number[WINDOW - 1 :], means, color="black", linewidth=2, label=f"mean of {WINDOW}")
    for reference, colour, style in zip(references, COLOURS, STYLES, strict=False):
        mean = float(np.mean(reference.gains))
        reach = 1.96 * float(np.std(reference.gains, ddof=1)) / np.sqrt(len(reference.gains))
        axes.axhspan(mean - reach, mean + reach, color=colour, alpha=0.2, linewidth=0)
        axes.axhline(mean, color=colour, linestyle=style, linewidth=1.8, label=f"{reference.name}: {mean:+.2f}")
    axes.set(xlabel="meta-episodes (trainings of a student)", ylabel="gain of the probe's score", title=title)
    axes.set_xlim(0, max(1, len(gains)))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=3, fontsize="small", frameon=False)
    figure.savefig(file, dpi=150)
