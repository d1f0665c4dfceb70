"""What is compared in the study of coins."""

from __future__ import annotations

import msgspec

from blendgym.photographs.coins.photograph import BRONZE, GREEK
from blendgym.photographs.study import Arm

GROUPS = ("subjects", "distractors", "light", "texture", "camera", "imaging")
"""Of parameters; without one of them, that one keeps its nominal values."""

REALISTIC_GROUPS = ("subjects", "distractors", "texture", "camera", "imaging")
"""Likewise of the table under photographed surroundings, which light it."""

PICTURES = 384
"""That each network learns from, whoever has made them."""

QUESTIONS = {
    GREEK: "How well 24 Greek coins on dark ground are found",
    BRONZE: "How well 24 bronze coins on white ground are found",
}
"""One for each photograph, by its name."""


def all_arms() -> tuple[Arm, ...]:
    """Those of the study."""
    return _on_both(_randomized(PICTURES), _realistic(PICTURES), _adaptive(PICTURES), _pasted(PICTURES))


def few_arms() -> tuple[Arm, ...]:
    """Those of a rehearsal."""
    return _on_both(_randomized(64), _realistic(16), _pasted(64))


def _randomized(images: int) -> Arm:
    return Arm(name="randomized", what="all parameters drawn", images=images, question=GREEK, randomize=GROUPS)


def _realistic(images: int) -> Arm:
    return Arm(
        name="realistic", what="photorealistic, by Cycles", images=images, question=GREEK, randomize=REALISTIC_GROUPS,
        against="randomized",
    )  # fmt: skip


def _adaptive(images: int) -> Arm:
    return Arm(
        name="adaptive", what="drawn by the network's losses", images=images, question=GREEK, randomize=GROUPS,
        teacher="adaptive", against="randomized",
    )  # fmt: skip


def _pasted(images: int) -> Arm:
    return Arm(
        name="pasted", what="Greek coins, cut out and pasted", images=images, question=GREEK, on_photographs=True,
        against="randomized",
    )  # fmt: skip


def _on_both(*arms: Arm) -> tuple[Arm, ...]:
    """Arms, and their networks once more, on the bronze coins."""
    return *arms, *map(_on_bronze, arms)


def _on_bronze(arm: Arm) -> Arm:
    return msgspec.structs.replace(
        arm, name=f"{arm.name}_{BRONZE}", question=BRONZE, networks_of=arm.name,
        against=f"{arm.against}_{BRONZE}" if arm.against else "",
    )  # fmt: skip
