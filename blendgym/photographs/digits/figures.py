"""What the study of digits has to show besides numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.study import Arrays, Photographs
from blendgym.studies.style import SEQUENTIAL, drawn

ROWS, COLUMNS = 6, 15


def draw_all(folder: Path, photographs: Photographs, answers: Mapping[str, Sequence[Arrays]]) -> list[Path]:
    """Draws the figures of the first arm.

    Returns:
        The files.
    """
    first = next((runs for runs in answers.values() if runs), [])
    if not first:
        return []
    read = np.array([each["answers"] for each in first])
    confusion, examples = folder / "confusion.png", folder / "examples.png"
    draw_confusion(confusion, photographs.truths, read)
    draw_examples(examples, photographs, read[0])
    return [confusion, examples]


def draw_confusion(file: Path, truths: NDArray[Any], read: NDArray[Any]) -> None:
    """Which digits are taken for which, in percent of those that were written.

    Args:
        file: PNG to write.
        truths: What was written, (digits,).
        read: What was read, (runs, digits).
    """
    counts = np.zeros((10, 10))
    for answers in read:
        np.add.at(counts, (truths, answers), 100.0 / len(read))
    percent = counts / np.maximum(np.bincount(truths, minlength=10), 1)[:, None]
    with drawn(file, (5.2, 4.9), "What was written, and what was read (%)") as figure:
        axes = figure.subplots()
        axes.imshow(percent, cmap=SEQUENTIAL, vmin=0.0, vmax=100.0)
        for (row, column), share in np.ndenumerate(percent):
            if share >= 0.5:
                colour = "white" if share < 60.0 else "black"
                axes.text(column, row, f"{share:.0f}", ha="center", va="center", fontsize=8, color=colour)
        axes.set(xlabel="read", ylabel="written", xticks=range(10), yticks=range(10))


def draw_examples(file: Path, photographs: Photographs, read: NDArray[Any]) -> None:
    """Real digits at random, with what one network reads; what is wrong is red.

    Args:
        file: PNG to write.
        photographs: The real digits.
        read: What was read, (digits,).
    """
    count = min(ROWS * COLUMNS, len(photographs.truths))
    chosen = keyed_generator("examples").choice(len(photographs.truths), count, replace=False)
    with drawn(file, (0.62 * COLUMNS, 0.8 * ROWS + 0.4), "Real digits at random, and what was read") as figure:
        panels = figure.subplots(ROWS, COLUMNS).ravel()
        for axes in panels:
            axes.set_axis_off()
        for axes, number in zip(panels, chosen.tolist(), strict=False):
            axes.imshow(photographs.images[number], cmap="gray_r", vmin=0.0, vmax=1.0)
            is_right = read[number] == photographs.truths[number]
            axes.set_title(str(read[number]), fontsize=9, color="#333333" if is_right else "#CC3311", pad=2)
