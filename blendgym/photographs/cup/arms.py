"""What is compared in the study of the cup: a staircase, each step of which draws one more group of parameters."""

from __future__ import annotations

from itertools import pairwise

from blendgym.photographs.study import Arm

STEPS = {
    "plain": "cups of many shapes and colours, seen from anywhere",
    "background": "and another ground behind each",
    "light": "and other light",
    "dropped": "and dropped",
    "textured": "and with pictures on the table",
    "randomized": "and with clutter: all parameters drawn",
}
"""What each step of the staircase draws more than the one before, from the lowest on."""

GROUPS = ("subjects", "view", "background", "light", "drop", "texture", "clutter")
"""Of parameters. The lowest step draws the first two; a group that is not drawn keeps its nominal values."""

QUESTIONS = {
    "whole": "What networks find that have seen many renders",
    "stairs": "What each step of the randomization is worth",
    "teacher": "Who draws the renders",
}

MOST, FEW = 1024, 192
"""Renders of each run: of the whole, and of whatever is compared."""


def all_arms() -> tuple[Arm, ...]:
    """Those of the study: the whole, then the stairs from the top."""
    return (_whole(MOST), *reversed(_stairs(FEW)), _adaptive(FEW))


def few_arms() -> tuple[Arm, ...]:
    """Those of a rehearsal."""
    return (_arm("randomized", 32, ""),)


def _whole(images: int) -> Arm:
    return Arm(name="whole", what="all, many more renders", images=images, question="whole", randomize=GROUPS)


def _stairs(images: int) -> list[Arm]:
    return [_arm(name, images, below) for below, name in pairwise(("", *STEPS))]


def _arm(name: str, images: int, below: str) -> Arm:
    return Arm(
        name=name, what=STEPS[name], images=images, question="stairs", randomize=GROUPS[: 2 + list(STEPS).index(name)],
        against=below,
    )  # fmt: skip


def _adaptive(images: int) -> Arm:
    return Arm(
        name="adaptive", what="all, drawn by the network's losses", images=images, question="teacher",
        randomize=GROUPS, teacher="adaptive", against="randomized",
    )  # fmt: skip
