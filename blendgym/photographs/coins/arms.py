"""What is compared in the study of coins."""

from __future__ import annotations

from blendgym.photographs.study import Arm

GROUPS = ("subjects", "distractors", "light", "texture", "camera", "imaging")
"""Of parameters; without one of them, that one keeps its nominal values."""

QUESTIONS = {"whole": "How well the coins of a photograph are found"}


def all_arms() -> tuple[Arm, ...]:
    """Those of the study."""
    return (*_compared(192), _adaptive(192))


def few_arms() -> tuple[Arm, ...]:
    """Those of a rehearsal."""
    return _compared(64)


def _compared(images: int) -> tuple[Arm, ...]:
    return (
        Arm(name="randomized", what="all parameters drawn", images=images, question="whole", randomize=GROUPS),
        Arm(
            name="pasted", what="real coins, cut out and pasted", images=images, question="whole", on_photographs=True,
            against="randomized",
        ),
    )  # fmt: skip


def _adaptive(images: int) -> Arm:
    return Arm(
        name="adaptive", what="drawn by the network's losses", images=images, question="whole", randomize=GROUPS,
        teacher="adaptive", against="randomized",
    )  # fmt: skip
