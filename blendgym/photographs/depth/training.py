"""How the networks of this study are trained: in chunks of pairs, whoever has drawn them."""

from __future__ import annotations

from typing import Literal

import msgspec

from blendgym.photographs.depth.learner import StereoLearner, Training
from blendgym.photographs.depth.pairs import Pairs
from blendgym.photographs.depth.renders import gathered
from blendgym.photographs.depth.scenario import Room
from blendgym.photographs.streams import CHUNK, chunks_of, taught_stream
from blendgym.photographs.study import Arm, Report


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained, or what takes their place.

    Args:
        training: Of each network.
        passing_loss: Of teachers, which aim at losses that are a good two times as large.
        warm_up: Renders before a teacher adapts.
        validation: Renders, with all parameters drawn, that networks are validated on.
        matcher: OpenCV's block matcher instead of a network; empty for a network.
        is_halved: Whether the block matcher is given photographs at half their size, as networks are.
    """

    training: Training = Training()
    passing_loss: float = 1.0
    warm_up: int = 64
    validation: int = 64
    matcher: Literal["", "bm", "sgbm"] = ""
    is_halved: bool = False


def trained(training: Training, pairs: Pairs, seed: int) -> StereoLearner:
    """A network that has learned from pairs which came in chunks."""
    starts = range(0, len(pairs.left), CHUNK)
    learner = StereoLearner(training, len(starts), seed)
    for start in starts:
        learner.learn(pairs.part(start, start + CHUNK))
    learner.finish()
    return learner


def taught(settings: Settings, arm: Arm, seed: int, producers: int, report: Report) -> tuple[StereoLearner, Pairs]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first of it.

    Each chunk is drawn by the losses on all before it, so that they do not depend on how far Blenders are ahead.
    """
    learner, parts = StereoLearner(settings.training, -(-arm.images // CHUNK), seed), list[Pairs]()
    with taught_stream(Room, arm, seed, producers, settings.passing_loss, settings.warm_up) as stream:
        for samples in chunks_of(stream, report):
            pairs = gathered(samples)
            stream.report([sample.index for sample in samples], learner.losses(pairs), "lockstep")
            learner.learn(pairs)
            parts.append(pairs)
    learner.finish()
    return learner, parts[0]
