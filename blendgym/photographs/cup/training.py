"""How the networks of this study are trained: in chunks of pictures, whoever has drawn them."""

from __future__ import annotations

import msgspec

from blendgym.photographs.cup.network import CupLearner, Training
from blendgym.photographs.cup.renders import Pictures, gathered
from blendgym.photographs.cup.scenario import Coffee
from blendgym.photographs.streams import CHUNK, chunks_of, taught_stream
from blendgym.photographs.study import Arm, Report


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained.

    Args:
        training: Of each network.
        passing_loss: Of teachers, which aim at losses that are a good two times as large.
        warm_up: Renders before a teacher adapts.
        validation: Renders, with all parameters drawn, that networks are validated on.
    """

    training: Training = Training()
    passing_loss: float = 0.2
    warm_up: int = 64
    validation: int = 64


def trained(training: Training, pictures: Pictures, seed: int) -> CupLearner:
    """A network that has learned from pictures which came in chunks."""
    starts = range(0, len(pictures.colours), CHUNK)
    learner = CupLearner(training, len(starts), seed)
    for start in starts:
        learner.learn(pictures.part(start, start + CHUNK))
    learner.finish()
    return learner


def taught(settings: Settings, arm: Arm, seed: int, producers: int, report: Report) -> tuple[CupLearner, Pictures]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first of it.

    Each chunk is drawn by the losses on all before it, so that they do not depend on how far Blenders are ahead.
    """
    learner, parts = CupLearner(settings.training, -(-arm.images // CHUNK), seed), list[Pictures]()
    with taught_stream(Coffee, arm, seed, producers, settings.passing_loss, settings.warm_up) as stream:
        for samples in chunks_of(stream, report):
            pictures = gathered(samples)
            stream.report([sample.index for sample in samples], learner.losses(pictures), "lockstep")
            learner.learn(pictures)
            parts.append(pictures)
    learner.finish()
    return learner, parts[0]
