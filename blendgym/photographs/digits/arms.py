"""What is compared in the study of digits."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from blendgym.photographs.digits.network import Training
from blendgym.photographs.study import Arm

GROUPS = ("variants", "strokes", "pose", "light", "texture", "distractors", "imaging")
"""Of parameters; without one of them, that one keeps its nominal values."""

WITHOUT = {
    "variants": "one way to write each digit",
    "strokes": "one pen, no jitter",
    "pose": "upright, seen from one side",
    "light": "one light",
    "texture": "one ink on one paper",
    "distractors": "no specks",
    "imaging": "sharp, without noise",
}

QUESTIONS = {
    "whole": "What networks read that have seen renders alone",
    "parts": "What each part of the randomization is worth",
    "numbers": "How many renders it takes, and how many real digits",
    "kinds": "How many kinds of digits there are to be told apart",
}

MOST, TAUGHT, FEW = 1024, 512, 128
"""Pages of the whole, of the teacher, and of whatever else is compared."""

NUMBERS = (16, 32, 64, 128, 256, 512)
REAL_NUMBERS = (16, 32, 64, 128)
"""Pages in learning curves. There are hardly more real digits outside of an exam than 128 pages have."""

KINDS = (2, 4, 6, 8)


def all_arms(training: Training) -> tuple[Arm, ...]:
    """Those of the study, whose networks are trained so."""
    return tuple(_arms(training, MOST, TAUGHT, FEW, tuple(WITHOUT), NUMBERS, REAL_NUMBERS, KINDS))


def few_arms(training: Training) -> tuple[Arm, ...]:
    """Those of a rehearsal."""
    return tuple(_arms(training, 32, 32, 16, ("variants",), (16, 32), (16,), (2,)))


def _arms(
    training: Training, most: int, taught: int, few: int, groups: tuple[str, ...], numbers: tuple[int, ...],
    real: tuple[int, ...], kinds: tuple[int, ...],
) -> Iterator[Arm]:  # fmt: skip
    like = f"randomized_{few}"
    yield Arm(name="randomized", what="all parameters drawn", images=most, question="whole", randomize=GROUPS)
    yield Arm(
        name="adaptive", what="drawn by the network's losses", images=taught, question="whole", randomize=GROUPS,
        teacher="adaptive", against=f"randomized_{taught}",
    )  # fmt: skip
    for group in groups:
        rest = tuple(each for each in GROUPS if each != group)
        yield Arm(
            name=f"no_{group}", what=WITHOUT[group], images=few, question="parts", randomize=rest, against=like
        )  # fmt: skip
    yield Arm(
        name="no_dropout", what="all drawn, no dropout", images=few, question="parts", randomize=GROUPS,
        settings={"training": msgspec.to_builtins(msgspec.structs.replace(training, dropout=0.0))}, against=like,
    )  # fmt: skip
    for pages in numbers:
        yield Arm(
            name=f"randomized_{pages}", what="all parameters drawn", images=pages, question="numbers", randomize=GROUPS
        )  # fmt: skip
    for pages in real:
        yield Arm(
            name=f"real_{pages}", what="real digits, cross-validated", images=pages, question="numbers",
            on_photographs=True, against=f"randomized_{pages}",
        )  # fmt: skip
    for count in kinds:
        yield Arm(
            name=f"kinds_{count}", what=f"digits 0 to {count - 1}", images=few, question="kinds", randomize=GROUPS,
            settings={"kinds": count},
        )  # fmt: skip
