"""Two arms in several studies: in how many one wins, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from blendgym.errors import InvalidStudy
from blendgym.statistics import Interval
from blendgym.studies.claims import Claim, finding_of
from blendgym.studies.results import Outcome, metrics
from blendgym.studies.study import Study
from blendgym.studies.style import COLOURS, FAINT, INK, drawn, grid_of, label

VERDICTS = {"win": COLOURS[0], "tie": INK, "lose": COLOURS[3], "open": FAINT}
"""What may come of a comparison, and its colour."""


class Comparison(NamedTuple):
    """Two arms in one study.

    Args:
        study: The study.
        runs: Of the arm with the fewest.
        ratio: Of the interquartile means of the arms.
    """

    study: Study
    runs: int
    ratio: Interval

    @property
    def vehicle(self) -> str:
        """The environment, the student, and what it is told besides."""
        options = [f"{name} {value}" for name, value in self.study.student_options.items()]
        return ", ".join([self.study.env_id, self.study.student, *options])

    @property
    def seeds(self) -> str:
        """How many are done of those that were declared."""
        return f"{self.runs} of {len(self.study.seeds)}"

    @property
    def verdict(self) -> str:
        """``"win"`` or ``"lose"`` if the whole interval says so, or else ``"tie"``; ``"open"`` before the last seed."""
        if self.runs < len(self.study.seeds):
            return "open"  # an interval that is looked at until it pleases proves nothing
        if self.ratio.low > 1.0:
            return "win"
        return "lose" if self.ratio.high < 1.0 else "tie"


def compare_across(outcomes: Sequence[Outcome], arm: str, against: str, metric: str) -> list[Comparison]:
    """Compares two arms in each of several studies.

    Args:
        outcomes: What has come of the studies so far.
        arm: The arm.
        against: The arm that it is compared with.
        metric: By which, such as ``"hard, test"``.

    Raises:
        InvalidStudy: If there is no study or just one arm, or a study has no runs of one of them that are over, or no
            such metric.
    """
    if not outcomes:
        raise InvalidStudy("There are no studies to compare arms in; name the folders of some.")
    if arm == against:
        raise InvalidStudy(f"{arm!r} would be compared with itself; name another arm.")
    return [_compare(outcome, arm, against, metric) for outcome in outcomes]


def draw_across(file: Path, comparisons: Sequence[Comparison], arm: str, against: str, metric: str) -> None:
    """Draws the ratio of two arms in each study, with its interval: one row for each, wins and losses apart from ties.

    Args:
        file: PNG to write.
        comparisons: The rows, from the top.
        arm: The arm.
        against: The arm that it is compared with.
        metric: By which.
    """
    title = f"{metric}: {label(arm)} ÷ {label(against)}, ratio of interquartile means"
    with drawn(file, (7.2, 0.5 * len(comparisons) + 1.2), title) as figure:
        axes = figure.subplots()
        axes.axvline(1.0, color=INK, linewidth=1.0, linestyle="--", zorder=1)
        for row, each in enumerate(comparisons):
            colour = VERDICTS[each.verdict]
            axes.hlines(row, each.ratio.low, each.ratio.high, color=colour, linewidth=2.2)
            axes.plot(each.ratio.estimate, row, "o", color=colour, markersize=6)
            axes.annotate(
                f"{each.ratio.estimate:.2f}", (each.ratio.estimate, row), (0, 6), textcoords="offset points",
                ha="center", fontsize=8,
            )  # fmt: skip
        axes.set_yticks(range(len(comparisons)), [f"{each.vehicle}\n{each.seeds} seeds" for each in comparisons])
        axes.set_ylim(len(comparisons) - 0.4, -0.6)
        axes.set_xlabel("ratio; above 1 it wins")
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        grid_of(axes, "x")


def _compare(outcome: Outcome, arm: str, against: str, metric: str) -> Comparison:
    rules = outcome.study.rules
    numbers = {each.name: metrics(each, outcome.exam, rules) for each in outcome.arms}
    if not all(metric in numbers.get(name, {}) for name in (arm, against)):
        raise InvalidStudy(
            f"The study of {outcome.study.env_id} has no {metric!r} of both {arm!r} and {against!r}; the arms with "
            f"runs that are over are {', '.join(numbers) or 'none'}."
        )
    claim = Claim(arm=arm, against=against, metric=metric, ratio=1.0, lower_end=1.0)
    found = finding_of(claim, numbers[arm][metric], numbers[against][metric], rules.resamples, rules.confidence)
    return Comparison(outcome.study, found.runs, found.ratio)
