"""The learning curve of a teacher."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from blendgym.meta.judging import Standing

WINDOW = 25  # meta-episodes
COLOURS = ("#00798c", "#edae49", "#d1495b", "#6c757d")
STYLES = ("-", "-.", "--", ":")


def plot_learning_curve(file: Path, gains: Sequence[float], standings: Sequence[Standing], title: str) -> None:
    """Draws the gain of every meta-episode with its moving mean, and the mean gains of teachers with 95% intervals.

    Args:
        file: PNG to write.
        gains: The gain of each meta-episode, in the order of training.
        standings: Of the learned teacher and the references, each a horizontal line; at most four.
        title: The title of the figure.
    """
    figure = Figure(figsize=(7.5, 4.2), layout="constrained")
    axes = figure.subplots()
    number = np.arange(1, len(gains) + 1)
    axes.scatter(number, gains, s=6, color="black", alpha=0.25, linewidths=0, label="meta-episode, while learning")
    if len(gains) >= WINDOW:
        means = np.convolve(gains, np.ones(WINDOW) / WINDOW, mode="valid")
        axes.plot(number[WINDOW - 1 :], means, color="black", linewidth=2, label=f"mean of {WINDOW}")
    for (name, gain, _), colour, style in zip(standings, COLOURS, STYLES, strict=False):
        axes.axhspan(gain.low, gain.high, color=colour, alpha=0.15, linewidth=0)
        axes.axhline(gain.estimate, color=colour, linestyle=style, linewidth=1.8, label=f"{name}: {gain.estimate:+.2f}")
    axes.set(xlabel="meta-episodes (trainings of a student)", ylabel="gain of the probe's score", title=title)
    axes.set_xlim(0, max(1, len(gains)))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=3, fontsize="small", frameon=False)
    figure.savefig(file, dpi=150)
