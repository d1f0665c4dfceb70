"""What came of a study: one number for each run and metric, intervals and tests for each arm, as tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidStudy
from blendgym.files import atomically_written
from blendgym.parameters.draws import keyed_generator
from blendgym.statistics import (
    Interval,
    area_under_curve,
    bootstrap,
    conditional_value_at_risk,
    holm,
    interquartile_mean,
    probability_of_improvement,
    welch,
)
from blendgym.studies.arms import BASELINE, ORACLE
from blendgym.studies.claims import Finding, finding_of
from blendgym.studies.exams import HARD_TEST, UNIFORM, Exam
from blendgym.studies.runs import Record, record_of, results_of
from blendgym.studies.study import Rules, Study, StudyFolder

AREA = "area under the curve: "

GO_ON = "`blendgym dr compare` with its arguments goes on with it"

Array = NDArray[Any]


class Arm(NamedTuple):
    """The runs of one arm that are over, those among them whose students have diverged.

    Args:
        name: The name of the arm.
        seeds: The seeds of the runs.
        steps: int64 (checkpoints,). Charged, of the first run; those of others differ by an update at most.
        successes: bool (runs, checkpoints, questions).
        scores: float32 (runs, checkpoints, questions).
        played_steps: int64 (portions,).
        played: float32 (portions, quantiles, dimensions). Mean over the runs that came so far.
    """

    name: str
    seeds: list[int]
    steps: Array
    successes: Array
    scores: Array
    played_steps: Array
    played: Array


class Outcome(NamedTuple):
    """All that came of a study so far.

    Args:
        study: The study.
        exam: The exam that all runs sat.
        arms: The arms with at least one run that is over.
        records: The records of all runs that have begun.
    """

    study: Study
    exam: Exam
    arms: list[Arm]
    records: list[Record]

    @property
    def failed(self) -> list[Record]:
        """The runs that failed, and do not count."""
        return [record for record in self.records if record.status == "failed"]

    @property
    def diverged(self) -> list[Record]:
        """The runs whose students have diverged, and count as having mastered nothing from then on."""
        return [record for record in self.records if record.status == "diverged"]

    @property
    def steps(self) -> int:
        """What the longest run was charged so far."""
        return max((point.steps for record in self.records for point in record.checkpoints), default=0)

    def arm(self, name: str) -> Arm | None:
        """The arm of that name, if it has runs that are over."""
        return next((arm for arm in self.arms if arm.name == name), None)


class Verdict(NamedTuple):
    """One arm by one metric.

    Args:
        arm: The name of the arm.
        metric: The name of the metric.
        runs: How many are over.
        diverged: In how many runs the student has diverged.
        failed: How many failed besides; they are left out.
        mean: Over the runs.
        iqm: Interquartile mean over the runs.
        improvement: Probability that a run is better than one of the baseline.
        p_value: The p-value of Welch's test against the baseline, with Holm's correction for the number of arms.
        regret: What is missing to the interquartile mean of the oracle; not a number without one.
    """

    arm: str
    metric: str
    runs: int
    diverged: int
    failed: int
    mean: float
    iqm: Interval
    improvement: Interval
    p_value: float
    regret: float


def load_outcome(folder: StudyFolder) -> Outcome:
    """Reads the runs of a study.

    Raises:
        InvalidStudy: If the folder has no study, its exam or a run has been changed, or no run is over.
    """
    study = folder.study
    if not folder.exam.exists():
        raise InvalidStudy(f"The study {folder.path} has no exam yet; {GO_ON}.")
    exam = Exam.load(folder.exam)
    records = {job: record for job in folder.jobs(study) if (record := record_of(job.folder))}
    arms = []
    for name in study.arms:
        over = [job for job, record in records.items() if job.arm == name and record.is_over]
        if over:
            arms.append(_arm(name, [job.seed for job in over], [job.folder for job in over]))
    outcome = Outcome(study, exam, arms, list(records.values()))
    if not arms:
        failed = f" {len(outcome.failed)} failed; the first says: {outcome.failed[0].error}" if outcome.failed else ""
        raise InvalidStudy(f"No run of the study {folder.path} is over; {GO_ON}.{failed}")
    return outcome


def metrics(arm: Arm, exam: Exam, rules: Rules) -> dict[str, Array]:
    """One number for each run (runs,), by name of the metric.

    Final success in each section of the exam; the area under the learning curves on uniform and hard questions; and
    the conditional value at risk of the score over uniform questions that are known to be feasible.
    """
    counted, last = exam.counted, slice(-rules.final_checkpoints, None)
    found = {name: arm.successes[:, last, rows].mean(axis=(1, 2)) for name, rows in counted.items()}
    for name in (UNIFORM, HARD_TEST):
        if name in counted:
            found[AREA + name] = area_under_curve(arm.steps, curve(arm, counted[name]))
    if (feasible := _feasible(exam)) is not None:
        finals = arm.scores[:, last, feasible].mean(axis=1)
        found[f"worst {rules.worst:.0%} of {UNIFORM}"] = conditional_value_at_risk(finals, rules.worst)
    return found


def curve(arm: Arm, rows: Array) -> Array:
    """Share of some questions that were mastered: (runs, checkpoints)."""
    return np.asarray(arm.successes[:, :, rows].mean(axis=2))


def judge(outcome: Outcome) -> list[Verdict]:
    """All arms by all metrics."""
    numbers = {arm.name: metrics(arm, outcome.exam, outcome.study.rules) for arm in outcome.arms}
    names = next(iter(numbers.values()), {})
    return [
        verdict
        for metric in names
        for verdict in _judge({arm: of_arm[metric] for arm, of_arm in numbers.items()}, metric, outcome)
    ]


def findings(outcome: Outcome) -> list[Finding]:
    """What has come of the study's claims, as far as there are runs of both arms, and such a metric."""
    rules = outcome.study.rules
    numbers = {arm.name: metrics(arm, outcome.exam, rules) for arm in outcome.arms}
    return [
        finding_of(
            claim, numbers[claim.arm][claim.metric], numbers[claim.against][claim.metric],
            rules.resamples, rules.confidence,
        )
        for claim in outcome.study.claims
        if claim.metric in numbers.get(claim.arm, {}) and claim.metric in numbers.get(claim.against, {})
    ]  # fmt: skip


def headroom_of(verdicts: Iterable[Verdict]) -> tuple[float, float]:
    """By how much the oracle's interquartile mean on the hard test exceeds that of the baseline, and the p-value.

    Raises:
        InvalidStudy: If one of them has no run that is over, or the exam has no hard questions.
    """
    hard = {verdict.arm: verdict for verdict in verdicts if verdict.metric == HARD_TEST}
    if not {BASELINE, ORACLE} <= hard.keys():
        raise InvalidStudy(
            f"Headroom is that of {ORACLE!r} over {BASELINE!r} in the section {HARD_TEST!r}; runs with such "
            f"questions have {', '.join(hard) or 'none'}."
        )
    return hard[ORACLE].iqm.estimate - hard[BASELINE].iqm.estimate, hard[ORACLE].p_value


def write_tables(folder: StudyFolder, outcome: Outcome, verdicts: Iterable[Verdict]) -> None:
    """Writes every checkpoint of every run, and every verdict, as CSV."""
    header = ["arm", "seed", "status", "error", "steps", "seconds", "section", "success"]
    _write(folder.results, header, _rows(outcome.records))
    header = [
        "metric", "arm", "runs", "diverged", "failed", "mean", "iqm", "iqm_low", "iqm_high",
        "improvement", "improvement_low", "improvement_high", "p_value_holm", "regret",
    ]  # fmt: skip
    rows = [
        (v.metric, v.arm, v.runs, v.diverged, v.failed, v.mean, *v.iqm, *v.improvement, v.p_value, v.regret)
        for v in verdicts
    ]
    _write(folder.summary, header, rows)


def _judge(numbers: dict[str, Array], metric: str, outcome: Outcome) -> list[Verdict]:
    rules, baseline, oracle = outcome.study.rules, numbers.get(BASELINE), numbers.get(ORACLE)
    others = [name for name in numbers if name != BASELINE]
    p_values = holm([1.0 if baseline is None else welch(numbers[name], baseline) for name in others])
    corrected = dict(zip(others, p_values, strict=True))
    best = np.nan if oracle is None else float(interquartile_mean(oracle[:, None]))
    verdicts = []
    for name, of_arm in numbers.items():
        against = of_arm if baseline is None else baseline
        generator = keyed_generator("bootstrap", metric, name)
        options: dict[str, Any] = {
            "generator": generator, "resamples": rules.resamples, "confidence": rules.confidence,
        }  # fmt: skip
        iqm = bootstrap(interquartile_mean, of_arm[:, None], **options)
        verdicts.append(
            Verdict(
                arm=name,
                metric=metric,
                runs=len(of_arm),
                diverged=sum(record.arm == name for record in outcome.diverged),
                failed=sum(record.arm == name for record in outcome.failed),
                mean=float(of_arm.mean()),
                iqm=iqm,
                improvement=bootstrap(probability_of_improvement, of_arm[:, None], against[:, None], **options),
                p_value=corrected.get(name, 1.0),
                regret=best - iqm.estimate,
            )
        )
    return verdicts


def _arm(name: str, seeds: list[int], folders: Sequence[Path]) -> Arm:
    results = [results_of(folder) for folder in folders]
    longest = max(results, key=lambda result: len(result.played_steps))
    return Arm(
        name=name,
        seeds=seeds,
        steps=results[0].steps,
        successes=np.stack([result.successes for result in results]),
        scores=np.stack([result.scores for result in results]),
        played_steps=longest.played_steps,
        played=_mean([result.played for result in results], longest.played.shape),
    )


def _mean(arrays: Sequence[Array], shape: tuple[int, ...]) -> Array:
    """Of arrays that end early, row by row over those that have the row."""
    padded = np.full((len(arrays), *shape), np.nan, np.float32)
    for number, array in enumerate(arrays):
        padded[number, : len(array)] = array
    return np.asarray(np.nanmean(padded, axis=0))


def _feasible(exam: Exam) -> Array | None:
    section = exam.section(UNIFORM)
    if section is None or not section.certified.any():
        return None
    return np.asarray(exam.rows[UNIFORM].start + np.flatnonzero(section.certified))


def _rows(records: Iterable[Record]) -> Iterable[Sequence[Any]]:
    for record in records:
        if record.error:
            yield record.arm, record.seed, record.status, record.error, "", "", "", ""
        for point in record.checkpoints:
            for section, success in point.success.items():
                seconds = round(point.seconds, 2)
                yield record.arm, record.seed, record.status, "", point.steps, seconds, section, success


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with atomically_written(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
