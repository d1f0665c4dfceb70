"""A figure of a meta-episode: what was randomized over time, and where the student passed."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from numpy.typing import NDArray

from blendgym.meta.history import History

COLUMNS = 3
RIBBON = "#d1495b"
COLOURS = "YlGnBu"


def drawn(history: History) -> NDArray[np.uint8]:
    """The figure as an image (height, width, 3)."""
    canvas = FigureCanvasAgg(figure_of(history))
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib's own, not typed there
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()  # type: ignore[no-untyped-call]


def figure_of(history: History) -> Figure:
    """One panel for each parameter: pass rates over its range and over time, with the distribution's bounds on top.

    Below them, what the probe and the uniform episodes say.
    """
    rows = math.ceil(len(history.names) / COLUMNS)
    figure = Figure(figsize=(10.0, 2.1 * rows + 2.4), dpi=100, layout="constrained")
    grid = figure.add_gridspec(rows + 1, COLUMNS, height_ratios=[1.0] * rows + [1.1])
    panels = [figure.add_subplot(grid[divmod(number, COLUMNS)]) for number in range(len(history.names))]
    for number, (panel, name) in enumerate(zip(panels, history.names, strict=True)):
        _draw_parameter(panel, history, number)
        panel.set_title(name, fontsize=10, loc="left")
        panel.set_ylabel("share of range" if number % COLUMNS == 0 else "", fontsize=9)
    bar = figure.colorbar(ScalarMappable(cmap=COLOURS), ax=panels, pad=0.01, aspect=30)
    bar.set_label("pass rate of the step's episodes", fontsize=9)
    _draw_scores(figure.add_subplot(grid[rows, :]), history)
    return figure


def _draw_parameter(panel: Axes, history: History, number: int) -> None:
    panel.set(ylim=(0.0, 1.0), xlim=(0.0, max(1, len(history.moments))), facecolor="#f0f0f0")
    panel.tick_params(labelsize=8)
    if not history.moments:
        return
    rates = np.array([moment.pass_rates[number] for moment in history.moments]).T
    edges = np.arange(len(history.moments) + 1), np.linspace(0.0, 1.0, len(rates) + 1)
    panel.pcolormesh(*edges, rates, cmap=COLOURS, vmin=0.0, vmax=1.0)
    for name in ("low", "high"):
        bound = [getattr(moment, name)[number] for moment in history.moments]
        panel.stairs(bound, edges[0], baseline=None, color=RIBBON, linewidth=2)


def _draw_scores(axes: Axes, history: History) -> None:
    steps = np.arange(1, len(history.moments) + 1)
    axes.plot(
        steps, [moment.score for moment in history.moments], color="black", linewidth=2, label="score of the probe"
    )
    rates = [moment.uniform_success for moment in history.moments]
    axes.plot(steps, rates, color="#00798c", linewidth=1.5, label="success in uniform tasks")
    axes.set(xlim=(0.0, max(1, len(steps))), ylim=(0.0, 1.0), xlabel="steps of the meta-episode")
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.25)
    axes.legend(loc="upper left", fontsize=9, frameon=False)
