"""Tables of ``blendgym dr``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from blendgym.meta.judging import Standing, verdict
from blendgym.statistics import Interval
from blendgym.studies.arms import BASELINE
from blendgym.studies.claims import Finding
from blendgym.studies.efficiency import Arrival, arrivals
from blendgym.studies.figures import draw_all
from blendgym.studies.results import Outcome, Verdict, findings
from blendgym.studies.study import StudyFolder

ROUNDED = 1.1
"""How many times the steps that are declared a run may take before it is worth a word."""


def show_outcome(console: Console, folder: StudyFolder, outcome: Outcome, verdicts: list[Verdict]) -> None:
    """Draws the figures of a study, and prints its tables."""
    with console.status("Drawing"):
        files = draw_all(folder.figures, outcome, verdicts)
    metrics = list(dict.fromkeys(verdict.metric for verdict in verdicts))
    sections = [metric for metric in metrics if outcome.exam.section(metric)]
    console.print(_table(f"{outcome.study.env_id}: share of questions mastered", sections, outcome, verdicts))
    console.print(_table("and besides", [metric for metric in metrics if metric not in sections], outcome, verdicts))
    console.print(
        f"Interquartile means, {outcome.study.rules.confidence:.0%} bootstrap intervals; bold: differs from {BASELINE} "
        f"(p < {outcome.study.rules.significance:g}, Welch's test, Holm's correction)."
    )
    for arrival in arrivals(outcome):
        console.print(_efficiency(arrival, outcome.study.steps))
    for finding in findings(outcome):
        console.print(_sentence(finding))
    if outcome.steps > ROUNDED * outcome.study.steps:
        console.print(
            f"Runs took {outcome.steps:,} steps, and not {outcome.study.steps:,}: a student learns from so many at a "
            "time that fewer, or more checkpoints, make no difference.",
            style="red",
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


def _sentence(finding: Finding) -> str:
    """A claim, what was found, and whether it holds."""
    claim, (ratio, low, high) = finding.claim, finding.ratio
    asked = f"at least {claim.ratio:g}" + (f", from {claim.lower_end:g} on" if claim.lower_end else "")
    verdict = "[bold green]holds[/bold green]" if finding.holds else "[bold red]does not hold[/bold red]"
    return (
        f"{claim.arm} ÷ {claim.against}, {claim.metric}: {ratio:.2f} ({low:.2f}–{high:.2f}) with {finding.runs} runs; "
        f"claimed {asked}: {verdict}."
    )


def _efficiency(arrival: Arrival, budget: int) -> str:
    """When an arm has come to where the baseline ends."""
    steps, low, high = (f"{each:,.0f}" if each < math.inf else "never" for each in arrival.steps)
    when = f"after {steps} of {budget:,} steps" if steps != "never" else f"never within {budget:,} steps"
    return f"{arrival.arm} has {BASELINE}'s final {arrival.level:.3f} of {arrival.section} {when} ({low} to {high})."


def show_standings(console: Console, ranking: Sequence[Standing], judged: int) -> None:
    """Prints what a learned teacher and the references gain."""
    table = Table("teacher", "gain", "learned gains more by", title=f"{judged} fresh students, the same for all")
    for name, gain, more in ranking:
        table.add_row(name, _interval(gain), _interval(more) if more else "")
    console.print(table)
    console.print(f"Means, 95% bootstrap intervals. {verdict(ranking, judged)}")


def _interval(interval: Interval) -> str:
    return f"{interval.estimate:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})"


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


def _table(title: str, metrics: Sequence[str], outcome: Outcome, verdicts: Sequence[Verdict]) -> Table:
    """Arms by metrics."""
    cells = {(verdict.arm, verdict.metric): _cell(verdict, outcome) for verdict in verdicts}
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("arm", no_wrap=True)
    for metric in metrics:
        table.add_column(metric, justify="right")
    for arm in outcome.arms:
        table.add_row(arm.name, *(cells[arm.name, metric] for metric in metrics))
    return table


def _cell(verdict: Verdict, outcome: Outcome) -> str:
    low, high = (f"{end:.2f}".removeprefix("0") for end in (verdict.iqm.low, verdict.iqm.high))
    text = f"{verdict.iqm.estimate:.3f}\n{low}–{high}"
    differs = verdict.arm != BASELINE and verdict.p_value < outcome.study.rules.significance
    return f"[bold]{text}[/bold]" if differs else text
