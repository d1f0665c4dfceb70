"""What came of a study on photographs: means and intervals, over runs and over objects, as tables."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.files import replaced
from blendgym.parameters.draws import keyed_generator
from blendgym.photographs.study import Declaration, Examined, StudyFolder
from blendgym.statistics import Interval

Scores = NDArray[np.float64]
"""(runs, objects), from 0 to 1."""


class Verdict(NamedTuple):
    """What one arm is worth on photographs.

    Args:
        arm: Its name.
        what: What is different about it.
        images: Rendered for each of its runs.
        runs: How many are finished.
        mean: Of all scores, with its interval over runs and objects.
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


def judge(declaration: Declaration, examined: Mapping[str, Sequence[Examined]]) -> list[Verdict]:
    """Judges the arms that have runs that are finished, in the order of their declaration."""
    scores = {arm: np.array([each.answers["scores"] for each in runs]) for arm, runs in examined.items() if runs}
    verdicts = []
    for arm in declaration.arms:
        if arm.name not in scores:
            continue
        own, other = scores[arm.name], scores.get(arm.against)
        verdicts.append(
            Verdict(
                arm.name, arm.what, arm.images, len(own), mean_of(own, declaration), _deviation(own.mean(axis=1)),
                float(np.mean([each.record.validation for each in examined[arm.name]])),
                None if other is None else difference_of(own, other, declaration), arm.against,
            )
        )  # fmt: skip
    return verdicts


def mean_of(scores: Scores, declaration: Declaration) -> Interval:
    """The mean score, with an interval that covers other runs and other objects."""
    return _interval(float(scores.mean()), _resampled(declaration, scores)[0], declaration)


def difference_of(own: Scores, other: Scores, declaration: Declaration) -> Interval:
    """By how much the mean is higher than that of others, on the same objects."""
    first, second = _resampled(declaration, own, other)
    return _interval(float(own.mean() - other.mean()), first - second, declaration)


def write_tables(folder: StudyFolder, examined: Mapping[str, Sequence[Examined]], verdicts: Sequence[Verdict]) -> None:
    """Writes a row for each run, and one for each arm."""
    _write(
        folder.results, ("arm", "seed", "score", "validation", "seconds"),
        (
            (
                arm, each.record.seed, f"{each.answers['scores'].mean():.5f}", f"{each.record.validation:.5f}",
                f"{each.record.seconds:.1f}",
            )
            for arm, runs in examined.items() for each in runs
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


def _resampled(declaration: Declaration, *groups: Scores) -> list[NDArray[np.float64]]:
    """Means of scores with runs and objects drawn with replacement; of all groups with the same objects."""
    generator = keyed_generator("photographs", declaration.study)
    objects = groups[0].shape[1]
    means = np.empty((len(groups), declaration.resamples))
    for draw in range(declaration.resamples):
        weights = np.bincount(generator.integers(objects, size=objects), minlength=objects) / objects
        for number, scores in enumerate(groups):
            rows = generator.integers(len(scores), size=len(scores))
            means[number, draw] = (scores[rows] @ weights).mean()
    return list(means)


def _interval(estimate: float, draws: NDArray[np.float64], declaration: Declaration) -> Interval:
    tail = (1.0 - declaration.confidence) / 2.0
    low, high = np.quantile(draws, [tail, 1.0 - tail])
    return Interval(estimate, float(low), float(high))


def _deviation(means: NDArray[np.float64]) -> float:
    return float(means.std(ddof=1)) if len(means) > 1 else float("nan")


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with replaced(path) as part, part.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
