"""What the study of coins has to show besides numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.coins.boxes import OVERLAPS, RECALLS, Found, average_precisions, precisions
from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Arrays, Examined, Figure, Photographs
from blendgym.studies.style import COLOURS, INK, drawn, grid_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RIGHT, WRONG, MISSED = "#33BBEE", "#CC3311", "#EE7733"
LEVELS = (0, 5)
"""Numbers of the overlaps that precision is drawn at: 0.50 and 0.75."""

SIDE = 3.4
"""Width in inches of a photograph with what is found."""

MEASURES = ("AP", "AP50", "AP75")


def draw_all(
    folder: Path, question: str, photographs: Photographs, examined: Mapping[str, Sequence[Examined]],
    verdicts: Mapping[str, Verdict],
) -> list[Figure]:  # fmt: skip
    """Draws all that there is of one photograph, for the arms that have runs that are finished.

    Args:
        folder: For the files.
        question: Name of the photograph.
        photographs: The photograph and its boxes.
        examined: What became of the runs that are finished, by arm.
        verdicts: What each arm is worth in this photograph, by its name.
    """
    answers = {arm: [run.answers for run in examined[arm]] for arm in verdicts}
    names = {arm: verdict.what for arm, verdict in verdicts.items()}
    figures = [
        draw_measures(folder / f"{question}_measures.png", answers, names),
        draw_precisions(folder / f"{question}_precision.png", answers, names),
        draw_detections(folder / f"{question}_detections.png", photographs, answers, names),
    ]
    return [figure._replace(question=question) for figure in figures]


def found_of(answers: Arrays) -> Found:
    """What a run has found in the photograph."""
    return Found(answers["confidences"], answers["hits"], answers["owners"], len(answers["scores"]))


def draw_measures(file: Path, answers: Mapping[str, Sequence[Arrays]], names: Mapping[str, str]) -> Figure:
    """AP, AP50 and AP75 of each arm with their deviation between runs, and a dot for each run."""
    with drawn(file, (6.4, 3.2), "Average precision in the photograph (%)") as figure:
        axes = figure.subplots()
        width = 0.8 / len(answers)
        for number, (arm, runs) in enumerate(answers.items()):
            levels = 100.0 * np.array([average_precisions(found_of(run)) for run in runs])
            values = np.stack([levels.mean(axis=1), levels[:, LEVELS[0]], levels[:, LEVELS[1]]], axis=1)
            places = np.arange(len(MEASURES)) + (number - (len(answers) - 1) / 2.0) * width
            deviations = values.std(axis=0, ddof=1) if len(runs) > 1 else np.zeros(len(MEASURES))
            axes.bar(
                places, values.mean(axis=0), 0.9 * width, yerr=deviations, color=COLOURS[number], alpha=0.8,
                ecolor=INK, label=names[arm],
            )  # fmt: skip
            axes.plot(np.tile(places, len(runs)), values.ravel(), ".", color=INK, markersize=3)
        axes.set_xticks(range(len(MEASURES)), MEASURES)
        axes.set_ylim(0.0, 104.0)
        axes.tick_params(axis="x", length=0)
        figure.legend(loc="outside lower center", ncols=2)
        grid_of(axes, "y")
    return Figure(
        file, "Bars: means, with the standard deviation between runs. Dots: runs. All by the definitions of COCO.",
    )  # fmt: skip


def draw_precisions(file: Path, answers: Mapping[str, Sequence[Arrays]], names: Mapping[str, str]) -> Figure:
    """Precision by recall, at two overlaps."""
    with drawn(file, (7.2, 3.2), "Precision by recall in the photograph") as figure:
        for axes, level in zip(figure.subplots(1, 2, sharey=True), LEVELS, strict=True):
            for number, (arm, runs) in enumerate(answers.items()):
                _draw_precision(axes, np.array([precisions(found_of(run))[level] for run in runs]), number, names[arm])
            axes.set(xlabel="recall", title=f"overlap of {OVERLAPS[level]:.2f} or more", ylim=(0.0, 1.04))
            grid_of(axes)
        figure.axes[0].set_ylabel("precision")
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return Figure(file, "Lines: means of runs. Bands: one standard deviation to both sides.")


def draw_detections(
    file: Path, photographs: Photographs, answers: Mapping[str, Sequence[Arrays]], names: Mapping[str, str]
) -> Figure:
    """What the first network of each arm finds."""
    height, width = photographs.images.shape[1:]
    size = (SIDE * len(answers), SIDE * height / width + 0.6)
    with drawn(file, size, "What is found by the first network of each arm") as figure:
        for axes, (arm, runs) in zip(figure.subplots(1, len(answers), squeeze=False)[0], answers.items(), strict=True):
            axes.imshow(photographs.images[0], cmap="gray", vmin=0, vmax=255)
            axes.set_axis_off()
            axes.set_title(names[arm])
            first = runs[0]
            right = first["hits"][0] & first["is_sure"]
            for box in photographs.truths[np.setdiff1d(np.arange(len(photographs.truths)), first["owners"][right])]:
                _draw_box(axes, box, MISSED, "--")
            for box, is_right in zip(first["boxes"][first["is_sure"]], right[first["is_sure"]], strict=True):
                _draw_box(axes, box, RIGHT if is_right else WRONG)
    return Figure(
        file,
        "Sure enough by the confidence that was chosen on renders. Blue: right, by half of both areas in common. Red: "
        "wrong. Orange: missed.",
    )


def _draw_precision(axes: Axes, runs: NDArray[np.float64], number: int, name: str) -> None:
    mean, deviation = runs.mean(axis=0), runs.std(axis=0, ddof=1) if len(runs) > 1 else np.zeros(runs.shape[1])
    low, high = np.clip(mean - deviation, 0.0, 1.0), np.clip(mean + deviation, 0.0, 1.0)
    axes.fill_between(RECALLS, low, high, color=COLOURS[number], alpha=0.2, linewidth=0)
    axes.plot(RECALLS, mean, color=COLOURS[number], label=name)


def _draw_box(axes: Axes, box: NDArray[np.float64], colour: str, line: str = "-") -> None:
    left, top, right, bottom = box - 0.5
    axes.plot([left, right, right, left, left], [top, top, bottom, bottom, top], line, color=colour, linewidth=1.3)
