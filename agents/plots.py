"""Plots of training runs."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from blendgym.agents.run_folder import RunFolder
from blendgym.registry import environment_spec

WINDOW = 20  # episodes


def plot_learning_curve(folder: RunFolder, env_id: str) -> None:
    """Draws the return of every training episode over the steps, with its moving median, into the run folder."""
    steps, returns = episodes_of(folder)
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.scatter(steps, returns, s=5, color="tab:blue", alpha=0.35, linewidths=0, label="episode")
    if len(returns) >= WINDOW:
        medians = [np.median(returns[end - WINDOW : end]) for end in range(WINDOW, len(returns) + 1)]
        axes.plot(steps[WINDOW - 1 :], medians, color="tab:blue", linewidth=2, label=f"median of {WINDOW} episodes")
    threshold = environment_spec(env_id).reward_threshold
    if threshold is not None:
        axes.axhline(threshold, color="tab:green", linestyle="--", linewidth=1, label="solved")
    axes.set(xlabel="environment steps", ylabel="return", title=env_id)
    if not (returns < 0).any():
        axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(folder.learning_curve, dpi=150)


def episodes_of(folder: RunFolder) -> tuple[NDArray[Any], NDArray[Any]]:
    """Steps at the end of every episode, and its return, from the monitor's CSV (one line of JSON, then a table)."""
    if not folder.monitor.exists():
        return np.array([]), np.array([])
    with folder.monitor.open() as file:
        next(file)
        rows = list(csv.DictReader(file))
    steps = np.cumsum([int(row["l"]) for row in rows])
    return steps, np.array([float(row["r"]) for row in rows])
