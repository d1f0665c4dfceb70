"""What the study of the cup has to show besides numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.cup.arms import STEPS
from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Examined, Figure, Photographs
from blendgym.studies.style import COLOURS, FAINT, INK, drawn, grid_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RIGHT, WRONG, MISSED = (0.2, 0.73, 0.93), (0.8, 0.2, 0.07), (0.93, 0.47, 0.2)
COLUMNS = 4


def draw_all(
    folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]
) -> list[Figure]:
    """Draws all of it, for the arms that have runs that are finished.

    Args:
        folder: For the files.
        photographs: The photograph and the mask of its cup.
        examined: What became of the runs that are finished, by arm.
        verdicts: What each arm is worth, by its name.
    """
    return [
        draw_stairs(folder / "stairs.png", examined, verdicts),
        draw_found(folder / "found.png", photographs, examined, verdicts),
    ]


def draw_stairs(
    file: Path, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]
) -> Figure:  # fmt: skip
    """What each step is worth, from the lowest on: means with their intervals, and a dot for each run."""
    own = [verdicts[step] for step in STEPS if step in verdicts]
    with drawn(file, (7.2, 0.5 * len(own) + 1.3), "The staircase of what is drawn at random") as figure:
        axes = figure.subplots()
        axes.use_sticky_edges = False
        for row, each in enumerate(own):
            low, high = 100.0 * each.mean.low, 100.0 * each.mean.high
            axes.barh(row, high - low, 0.6, low, color=COLOURS[0], alpha=0.35)
            axes.vlines(100.0 * each.mean.estimate, row - 0.3, row + 0.3, color=COLOURS[0], linewidth=2.2)
            axes.plot(100.0 * each.validation, row, marker="|", color=FAINT, markersize=11, markeredgewidth=2)
            runs = [100.0 * _worth(run) for run in examined[each.arm]]
            axes.plot(runs, [row] * len(runs), ".", color=INK, markersize=5)
        axes.set_yticks(range(len(own)), [each.what for each in own])
        axes.invert_yaxis()
        axes.set_xlabel("% intersection over union", color=INK)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        grid_of(axes, "x")
    return Figure(
        file, "Lines: means on the photograph. Bars: intervals over runs and tiles. Dots: runs. Grey: fresh renders.",
        "stairs",
    )  # fmt: skip


def draw_found(
    file: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]], verdicts: Mapping[str, Verdict]
) -> Figure:
    """What the first network of each arm takes for the cup."""
    photograph, truth = photographs.images[0], photographs.truths[0]
    arms = [*(step for step in STEPS if step in verdicts), *(arm for arm in verdicts if arm not in STEPS)]
    columns = min(COLUMNS, len(arms) + 1)
    rows = -(-(len(arms) + 1) // columns)
    height, width = truth.shape
    size = (2.9 * columns, rows * (2.9 * height / width + 0.3) + 0.4)
    with drawn(file, size, "What the first network of each arm finds") as figure:
        places = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes in places:
            axes.set_axis_off()
        _show(places[0], photograph, "the photograph")
        for axes, arm in zip(places[1:], arms, strict=False):
            first = examined[arm][0]
            title = f"{arm}: {100.0 * _worth(first):.0f}%"
            _show(axes, _coloured(photograph, first.answers["found"], truth), title)
    return Figure(file, "Blue: found. Red: found, and no cup. Orange: missed.", "stairs")


def _worth(run: Examined) -> float:
    return float(run.answers["both"].sum() / max(run.answers["either"].sum(), 1))


def _show(axes: Axes, picture: NDArray[np.uint8], title: str) -> None:
    axes.imshow(picture)
    axes.set_title(title)


def _coloured(
    photograph: NDArray[np.uint8], found: NDArray[np.bool_], truth: NDArray[np.bool_]
) -> NDArray[np.uint8]:  # fmt: skip
    """A photograph in grey, with what is found, wrong or missed in colours."""
    shown = np.repeat(photograph.mean(axis=2, keepdims=True), 3, axis=2)
    for where, colour in ((found & truth, RIGHT), (found & ~truth, WRONG), (truth & ~found, MISSED)):
        shown[where] = 0.45 * shown[where] + 0.55 * 255.0 * np.array(colour)
    return shown.astype(np.uint8)
