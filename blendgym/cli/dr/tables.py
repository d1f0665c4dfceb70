"""Tables of ``blendgym dr``."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from blendgym.studies.arms import BASELINE
from blendgym.studies.figures import draw_all
from blendgym.studies.results import Outcome, Verdict
from blendgym.studies.study import StudyFolder


def show_outcome(console: Console, folder: StudyFolder, outcome: Outcome, verdicts: list[Verdict]) -> None:
    """Draws the figures of a study, and prints its table: arms by metrics."""
    with console.status("Drawing"):
        files = draw_all(folder.figures, outcome, verdicts)
    metrics = list(dict.fromkeys(verdict.metric for verdict in verdicts))
    table = Table("Interquartile mean", *(arm.name for arm in outcome.arms), title=f"{outcome.study.env_id}")
    for column in table.columns[1:]:
        column.justify = "right"
    for metric in metrics:
        of_metric = {verdict.arm: verdict for verdict in verdicts if verdict.metric == metric}
        table.add_row(metric, *(_cell(of_metric[arm.name], outcome) for arm in outcome.arms))
    console.print(table)
    console.print(
        f"{outcome.study.rules.confidence:.0%} bootstrap intervals; bold: differs from {BASELINE} "
        f"(p < {outcome.study.rules.significance:g}, Welch's test, Holm's correction)."
    )
    for record in outcome.diverged:
        console.print(
            f"Diverged, and counted as having mastered nothing from then on: {record.arm}, seed {record.seed}: "
            f"{record.error}",
            style="red",
        )
    for record in outcome.failed:
        console.print(f"Failed, and left out: {record.arm}, seed {record.seed}: {record.error}", style="red")
    show_certificates(console, outcome)
    console.print(f"{folder.summary}\n{folder.results}", soft_wrap=True, highlight=False)
    console.print("\n".join(map(str, files)), soft_wrap=True, highlight=False)


def show_certificates(console: Console, outcome: Outcome) -> None:
    """Prints how many questions of each section are known to be feasible."""
    for section in outcome.exam.sections:
        known = int(section.certified.sum())
        left_out = "; the others do not count" if section.only_certified else ""
        console.print(f"{section.name}: {known} of {len(section.values)} questions are certified{left_out}.")


def show_scores(console: Console, title: str, scores: Mapping[str, tuple[int, float, float]]) -> None:
    """Prints questions, success and score by section."""
    table = Table("Section", "Questions", "Success", "Score", title=title)
    for column in table.columns[1:]:
        column.justify = "right"
    for section, (questions, success, score) in scores.items():
        table.add_row(section, f"{questions}", f"{success:.3f}", f"{score:.3f}")
    console.print(table)


def _cell(verdict: Verdict, outcome: Outcome) -> str:
    text = f"{verdict.iqm.estimate:.3f}\n{verdict.iqm.low:.2f}–{verdict.iqm.high:.2f}"
    differs = verdict.arm != BASELINE and verdict.p_value < outcome.study.rules.significance
    return f"[bold]{text}[/bold]" if differs else text
