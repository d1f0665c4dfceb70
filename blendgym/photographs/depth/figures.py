"""What the study of depth has to show besides numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Examined, Figure, Photographs
from blendgym.studies.style import COLOURS, INK, SEQUENTIAL, drawn, grid_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COMPARED = ("randomized", "bm", "sgbm", "sgbm_halved")
SHOWN = ("randomized", "sgbm")
PARTS = {
    "": "all pixels",
    "_seen": "seen by\nboth cameras",
    "_on_bm": "answered\nby StereoBM",
    "_on_sgbm": "answered\nby StereoSGBM",
}
"""Of the pixels with a true disparity, by how answers end that are about them."""

MEASURES = {"EPE": ("end-point error (pixels)", 1.0), "bad2": ("off by more than 2 pixels (%)", 100.0)}
"""Titles of measures, and what they are multiplied by, by how answers begin that are about them."""

ERROR = 8.0
"""Pixels from which on errors are drawn as bright as any."""

HIDDEN = "#DDDDDD"
"""Where the truth is unknown."""


def draw_all(
    folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]
) -> list[Figure]:
    """Draws all of it, for the arms that have runs that are finished.

    Args:
        folder: For the files.
        photographs: The pair and its disparities.
        examined: What became of the runs that are finished, by arm.
        verdicts: What each arm is worth, by its name.
    """
    return [
        draw_errors(folder / "errors.png", examined, verdicts),
        draw_disparities(folder / "disparities.png", photographs, examined, verdicts),
    ]


def draw_errors(file: Path, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]) -> Figure:
    """End-point errors and shares that are off by more than some pixels, on several parts of the photograph."""
    arms = [arm for arm in COMPARED if arm in verdicts]
    with drawn(file, (9.0, 3.6), "How far off disparities are") as figure:
        for axes, (measure, (title, scale)) in zip(figure.subplots(1, 2), MEASURES.items(), strict=True):
            for number, arm in enumerate(arms):
                runs = np.array([[run.answers[f"{measure}{part}"] for part in PARTS] for run in examined[arm]]) * scale
                _draw_bars(axes, runs, number, len(arms), verdicts[arm].what)
            axes.set_title(title)
            axes.set_xticks(range(len(PARTS)), list(PARTS.values()))
            axes.tick_params(axis="x", length=0)
            grid_of(axes, "y")
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Figure(
        file,
        "Bars: means, with the standard deviation between runs. Dots: runs. Holes of block matching are filled.",
        "whole",
    )


def draw_disparities(
    file: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]
) -> Figure:
    """The photograph and its true disparities; what the first network and block matching find, and where they err."""
    arms, truth = [arm for arm in SHOWN if arm in verdicts], photographs.truths.astype(np.float64)
    height, width = truth.shape
    low, high = float(np.nanmin(truth)), float(np.nanmax(truth))
    rows = 1 + len(arms)
    with drawn(file, (8.0, 4.0 * rows * height / width + 0.3 * rows), "Disparities") as figure:
        grid = figure.subplots(rows, 2, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        grid[0, 0].imshow(photographs.images[0])
        grid[0, 0].set_title("left photograph")
        _draw_map(grid[0, 1], truth, "true disparities", low, high)
        for (found, errors), arm in zip(grid[1:], arms, strict=True):
            disparities = examined[arm][0].answers["disparities"].astype(np.float64)
            _draw_map(found, disparities, verdicts[arm].what, low, high)
            off = np.abs(disparities - truth)
            _draw_map(errors, off, f"off by {np.nanmean(off):.1f} pixels", 0.0, ERROR, "magma")
    return Figure(
        file,
        f"From {low:.0f} (dark) to {high:.0f} pixels (bright); errors from 0 (dark) to {ERROR:.0f} pixels or more. "
        "Grey: the truth is unknown. The network is that of the first run.",
        "whole",
    )


def _draw_bars(axes: Axes, runs: NDArray[np.float64], number: int, count: int, name: str) -> None:
    width = 0.84 / count
    places = np.arange(runs.shape[1]) + (number - (count - 1) / 2.0) * width
    deviations = runs.std(axis=0, ddof=1) if len(runs) > 1 else np.zeros(runs.shape[1])
    axes.bar(
        places,
        runs.mean(axis=0),
        0.9 * width,
        yerr=deviations,
        color=COLOURS[number],
        alpha=0.8,
        ecolor=INK,
        label=name,
    )
    axes.plot(np.tile(places, len(runs)), runs.ravel(), ".", color=INK, markersize=3)


def _draw_map(
    axes: Axes, values: NDArray[np.float64], title: str, low: float, high: float, colours: str = SEQUENTIAL
) -> None:
    from matplotlib import colormaps

    axes.imshow(values, cmap=colormaps[colours].with_extremes(bad=HIDDEN), vmin=low, vmax=high)
    axes.set_title(title)
