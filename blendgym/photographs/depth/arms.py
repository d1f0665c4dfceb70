"""What is compared in the study of depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from blendgym.photographs.depth.learner import Training
from blendgym.photographs.streams import CHUNK
from blendgym.photographs.study import Arm

GROUPS = ("rig", "layout", "texture", "light", "sensors")
"""Of parameters; without one of them, that one keeps its nominal values."""

WITHOUT = {
    "texture": "no pictures on things and walls",
    "layout": "one number of things, none of them thin",
    "sensors": "two cameras alike, without blur and noise",
}

QUESTIONS = {
    "whole": "Networks that have seen renders alone, and block matching",
    "parts": "What each part of the randomization is worth",
    "numbers": "How many renders it takes, and who draws them",
}

MOST, FEW = 192, 32
"""Pairs of most arms, and of the one with fewer."""


def all_arms(training: Training) -> tuple[Arm, ...]:
    """Those of the study, whose networks are trained so."""
    return tuple(_arms(training))


def few_arms() -> tuple[Arm, ...]:
    """Those of a rehearsal."""
    return _randomized(32), _matching("sgbm", "OpenCV's StereoSGBM")


def _arms(training: Training) -> Iterator[Arm]:
    yield _randomized(MOST)
    yield _matching("bm", "OpenCV's StereoBM")
    yield _matching("sgbm", "OpenCV's StereoSGBM")
    yield _matching("sgbm_halved", "OpenCV's StereoSGBM, at half the size", matcher="sgbm", is_halved=True)
    for group, what in WITHOUT.items():
        rest = tuple(each for each in GROUPS if each != group)
        yield Arm(name=f"no_{group}", what=what, images=MOST, question="parts", randomize=rest, against="randomized")
    last_steps = training.last_steps + (MOST - FEW) // CHUNK * training.steps_per_chunk
    yield Arm(
        name="fewer",
        what="all drawn, as many updates",
        images=FEW,
        question="numbers",
        randomize=GROUPS,
        settings={"training": msgspec.to_builtins(msgspec.structs.replace(training, last_steps=last_steps))},
        against="randomized",
    )
    yield Arm(
        name="adaptive",
        what="drawn by the network's losses",
        images=MOST,
        question="numbers",
        randomize=GROUPS,
        teacher="adaptive",
        against="randomized",
    )


def _randomized(images: int) -> Arm:
    return Arm(name="randomized", what="all parameters drawn", images=images, question="whole", randomize=GROUPS)


def _matching(name: str, what: str, **settings: Any) -> Arm:
    return Arm(
        name=name,
        what=what,
        images=0,
        question="whole",
        randomize=GROUPS,
        settings={"matcher": name, **settings},
        against="randomized",
    )
