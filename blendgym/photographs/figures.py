"""The figures that all studies on photographs have: what each arm is worth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from blendgym.photographs.results import Verdict
from blendgym.photographs.study import Declaration, Figure, Study
from blendgym.studies.style import COLOURS, FAINT, INK, drawn, grid_of


def draw_verdicts(
    folder: Path, study: Study, declaration: Declaration, verdicts: Sequence[Verdict], others: Sequence[Figure]
) -> list[Figure]:  # fmt: skip
    """Draws the arms of each question that has no figure yet.

    Args:
        folder: For the files.
        study: What is studied.
        declaration: What was declared.
        verdicts: What each arm is worth.
        others: Figures that there are.

    Returns:
        One for each of these questions.
    """
    drawn_already = {figure.question for figure in others}
    questions = {arm.name: arm.question for arm in declaration.arms}
    figures = []
    for question, title in study.questions.items():
        own = [verdict for verdict in verdicts if questions[verdict.arm] == question]
        if own and question not in drawn_already:
            file = folder / f"{question}.png"
            _draw(file, title, study.score, with_references(own, verdicts))
            figures.append(Figure(file, _caption(declaration), question))
    return figures


def with_references(own: Sequence[Verdict], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Some arms, and what they are compared with, which comes before the first that is compared with it."""
    named, rows = {each.arm: each for each in verdicts}, dict[str, Verdict]()
    members = {each.arm for each in own}
    for each in own:
        if each.difference and each.against not in members:
            rows.setdefault(each.against, named[each.against])
        rows[each.arm] = each
    return list(rows.values())


def _caption(declaration: Declaration) -> str:
    return (
        f"Lines: means on photographs. Bars: {declaration.confidence:.0%} intervals over runs and objects. "
        "Grey: on fresh renders."
    )


def _draw(file: Path, title: str, score: str, verdicts: Sequence[Verdict]) -> None:
    with drawn(file, (7.2, 0.36 * len(verdicts) + 1.3), title) as figure:
        axes = figure.subplots()
        axes.use_sticky_edges = False
        for row, each in enumerate(verdicts):
            colour = COLOURS[1] if each.difference else COLOURS[0]
            axes.barh(row, 100 * (each.mean.high - each.mean.low), 0.6, 100 * each.mean.low, color=colour, alpha=0.35)
            axes.vlines(100 * each.mean.estimate, row - 0.3, row + 0.3, color=colour, linewidth=2.2)
            axes.plot(100 * each.validation, row, marker="|", color=FAINT, markersize=11, markeredgewidth=2)
        axes.set_yticks(range(len(verdicts)), [f"{each.what} ({each.images:,})" for each in verdicts])
        axes.invert_yaxis()
        axes.set_xlabel(f"% {score}", color=INK)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        grid_of(axes, "x")
