"""How good is a learned teacher? Always told together with what has learned nothing, on the same students."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from rich.progress import track

from blendgym.errors import InvalidOption
from blendgym.meta.policies import Policy
from blendgym.meta.pool import REFERENCES, Play, Pool
from blendgym.statistics import Interval, bootstrap

EVALUATION_SEED = 1_000_000
"""Of the first meta-episode that judges; training draws its own."""

LEARNED = "learned"

FEWEST = 5
"""Students below which nothing is said: of fewer a bootstrap interval is far too narrow, and of one it has no width."""

Gains = Mapping[str, Sequence[float]]
"""By the name of the teacher, of each student; students are the same for all teachers, in the same order."""


class Standing(NamedTuple):
    """How a teacher did.

    Args:
        name: Of the teacher.
        gain: Mean gain.
        learned_more: By how much the learned teacher gained more from the same students; ``None`` for itself.
    """

    name: str
    gain: Interval
    learned_more: Interval | None


def played(pool: Pool, name: str, teacher: str | Policy, judged: int) -> list[float]:
    """The gains of a teacher with fresh students, each with a probe of its own.

    Args:
        pool: Who plays.
        name: What it is called on the screen.
        teacher: One of ``REFERENCES``, or a policy.
        judged: How many students.
    """
    plays = [Play(teacher, EVALUATION_SEED + number) for number in range(judged)]
    return list(track(pool.gains(plays), f"{name.capitalize()} teacher", total=judged))


def standings(gains: Gains) -> list[Standing]:
    """What the gains say, with 95% bootstrap intervals over students: the learned teacher first, then references.

    Raises:
        InvalidOption: If one of them is missing.
    """
    names = (LEARNED, *reversed(REFERENCES))
    if missing := [name for name in names if name not in gains]:
        raise InvalidOption(f"A learned teacher is told with all references; there are no gains of {missing}.")
    learned = np.asarray(gains[LEARNED])
    return [
        Standing(
            name,
            _mean(np.asarray(gains[name])),
            _mean(learned - np.asarray(gains[name])) if name != LEARNED else None,
        )
        for name in names
    ]


def verdict(ranking: Sequence[Standing], judged: int) -> str:
    """Whether learning was worth it, in a sentence.

    Args:
        ranking: Of all teachers.
        judged: On how many students.
    """
    if judged < FEWEST:
        return f"On {judged} students nothing can be told of the learned teacher; judge at least {FEWEST}."
    told = []
    for each in ranking:
        if each.learned_more and each.name != REFERENCES[0]:
            low, high = each.learned_more.low, each.learned_more.high
            relation = "better than" if low > 0.0 else "worse than" if high < 0.0 else "not told apart from"
            told.append(f"{relation} {each.name}")
    return f"On the same students, the learned teacher is {' and '.join(told)}."


def _mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Interval:
    return bootstrap(lambda scores: scores.mean(axis=(-2, -1)), values[:, None], generator=np.random.default_rng(0))
