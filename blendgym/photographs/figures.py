"""The figure that all studies on photographs have: what each arm is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Declaration
from blendgym.studies.style import COLOURS, FAINT, INK, drawn, grid_of


def draw_verdicts(file: Path, score: str, verdicts: Sequence[Verdict], declaration: Declaration) -> None:
    """Means on photographs with their intervals, and on fresh renders.

    Args:
        file: PNG to write.
        score: What a score says.
        verdicts: What each arm is worth.
        declaration: Of the study.
    """
    title = f"{declaration.study}: {score}, with {declaration.confidence:.0%} intervals over runs and objects"
    with drawn(file, (7.2, 0.36 * len(verdicts) + 1.4), title) as figure:
        axes = figure.subplots()
        for row, each in enumerate(verdicts):
            colour = COLOURS[0] if not each.difference else COLOURS[1]
            axes.barh(row, 100 * (each.mean.high - each.mean.low), 0.6, 100 * each.mean.low, color=colour, alpha=0.35)
            axes.vlines(100 * each.mean.estimate, row - 0.3, row + 0.3, color=colour, linewidth=2.2)
            axes.plot(100 * each.validation, row, marker="|", color=FAINT, markersize=11, markeredgewidth=2)
        axes.set_yticks(range(len(verdicts)), [f"{each.what} ({each.images:,})" for each in verdicts])
        axes.invert_yaxis()
        axes.set_xlabel(f"% {score} (grey: on fresh renders)", color=INK)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        grid_of(axes, "x")
