"""What came of a study on photographs: means and intervals, over runs and over objects, as tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.files import atomically_written
from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.folder import StudyFolder
from blendgym.photographs.study import Arrays, Declaration, Examined, Worth
from blendgym.statistics import Interval


class Verdict(NamedTuple):
    """What one arm is worth on photographs.

    Args:
        arm: Its name.
        what: What is different about it.
        images: Rendered for each of its runs.
        runs: How many are finished.
        mean: What its runs are worth, with its interval over runs and objects.
        deviation: Between runs; not a number for a single one.
        validation: Mean on fresh renders.
        difference: To the arm that it is compared with, with its interval over runs and over the same objects of both;
            ``None`` without one.
        against: Name of that arm; empty without one.
    """

    arm: str
    what: str
    images: int
    runs: int
    mean: Interval
    deviation: float
    validation: float
    difference: Interval | None
    against: str = ""


def judge(declaration: Declaration, examined: Mapping[str, Sequence[Examined]], worth: Worth) -> list[Verdict]:
    """Judges the arms that have runs that are finished, in the order of their declaration."""
    answers = {arm: [each.answers for each in runs] for arm, runs in examined.items() if runs}
    verdicts = []
    for arm in declaration.arms:
        if arm.name not in answers:
            continue
        own, other = answers[arm.name], answers.get(arm.against)
        verdicts.append(
            Verdict(
                arm.name, arm.what, arm.images, len(own), mean_of(own, declaration, worth), _deviation(own, worth),
                float(np.mean([each.record.validation for each in examined[arm.name]])),
                None if other is None else difference_of(own, other, declaration, worth), arm.against,
            )
        )  # fmt: skip
    return verdicts


def mean_of(runs: Sequence[Arrays], declaration: Declaration, worth: Worth) -> Interval:
    """What runs are worth on average, with an interval that covers other runs and other objects."""
    return _interval(_mean(runs, worth), _resampled(declaration, worth, runs)[0], declaration)


def difference_of(own: Sequence[Arrays], other: Sequence[Arrays], declaration: Declaration, worth: Worth) -> Interval:
    """By how much runs are worth more than others on average, on the same objects."""
    first, second = _resampled(declaration, worth, own, other)
    return _interval(_mean(own, worth) - _mean(other, worth), first - second, declaration)


def write_tables(
    folder: StudyFolder, examined: Mapping[str, Sequence[Examined]], verdicts: Sequence[Verdict], worth: Worth
) -> None:
    """Writes a row for each run, with whatever numbers its answers have, and one for each arm."""
    runs = [run for arm in examined.values() for run in arm]
    numbers = [name for name, answer in runs[0].answers.items() if answer.ndim == 0]
    _write(
        folder.results, ("arm", "seed", "score", *numbers, "validation", "seconds"),
        (
            (
                record.arm, record.seed, f"{_alone(answers, worth):.5f}",
                *(f"{float(answers[name]):.5g}" for name in numbers),
                f"{record.validation:.5f}", f"{record.seconds:.1f}",
            )
            for record, _, answers in runs
        ),
    )  # fmt: skip
    _write(
        folder.summary,
        ("arm", "images", "runs", "mean", "low", "high", "deviation", "validation", "difference", "from", "to"),
        (
            (each.arm, each.images, each.runs, *(f"{number:.5f}" for number in _numbers(each)))
            for each in verdicts
        ),
    )  # fmt: skip


def _numbers(verdict: Verdict) -> tuple[float, ...]:
    difference = verdict.difference or Interval(np.nan, np.nan, np.nan)
    return *verdict.mean, verdict.deviation, verdict.validation, *difference


def _resampled(declaration: Declaration, worth: Worth, *groups: Sequence[Arrays]) -> list[NDArray[np.float64]]:
    """Means of runs with runs and objects drawn with replacement; of all groups with the same objects."""
    generator = keyed_generator("photographs", declaration.study)
    objects = len(groups[0][0]["scores"])
    means = np.empty((len(groups), declaration.resamples))
    for draw in range(declaration.resamples):
        weights = np.bincount(generator.integers(objects, size=objects), minlength=objects) / objects
        for number, runs in enumerate(groups):
            rows = generator.integers(len(runs), size=len(runs))
            means[number, draw] = np.mean([worth(runs[row], weights) for row in rows])
    return list(means)


def _mean(runs: Sequence[Arrays], worth: Worth) -> float:
    return float(np.mean([_alone(answers, worth) for answers in runs]))


def _alone(answers: Arrays, worth: Worth) -> float:
    """What a run is worth on the objects as they are."""
    objects = len(answers["scores"])
    return worth(answers, np.full(objects, 1.0 / objects))


def _interval(estimate: float, draws: NDArray[np.float64], declaration: Declaration) -> Interval:
    tail = (1.0 - declaration.confidence) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail])
    return Interval(estimate, float(low), float(high))


def _deviation(runs: Sequence[Arrays], worth: Worth) -> float:
    return float(np.std([_alone(answers, worth) for answers in runs], ddof=1)) if len(runs) > 1 else float("nan")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with atomically_written(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
