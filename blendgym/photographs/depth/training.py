"""How the networks of this study are trained: in chunks of pairs, whoever has drawn them."""

from __future__ import annotations

from typing import Literal

from blendgym.photographs.depth.learner import StereoLearner, Training
from blendgym.photographs.depth.pairs import Pairs
from blendgym.photographs.depth.renders import gathered
from blendgym.photographs.depth.scenario import Room
from blendgym.photographs.lessons import Lessons, learned, learned_as_drawn
from blendgym.photographs.study import Arm, Blenders, Report


class Settings(Lessons, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained, or what takes their place.

    Args:
        training: Of each network.
        matcher: OpenCV's block matcher instead of a network; empty for a network.
        is_halved: Whether the block matcher is given photographs at half their size, as networks are.

    The other arguments are those of ``Lessons``.
    """

    training: Training = Training()
    matcher: Literal["", "bm", "sgbm"] = ""
    is_halved: bool = False


def trained(training: Training, pairs: Pairs, seed: int) -> StereoLearner:
    """A network that has learned from pairs which came in chunks."""
    return learned(lambda chunks: StereoLearner(training, chunks, seed), pairs, len(pairs.left))


def taught(settings: Settings, arm: Arm, seed: int, blenders: Blenders, report: Report) -> tuple[StereoLearner, Pairs]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first of it."""

    def make(chunks: int) -> StereoLearner:
        return StereoLearner(settings.training, chunks, seed)

    return learned_as_drawn(make, Room, gathered, arm, seed, blenders, settings, report)
