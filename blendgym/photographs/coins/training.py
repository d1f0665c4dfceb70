"""How the networks of this study are trained: in chunks of pictures, whoever has made them."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.coins.detector import Detector, Training
from blendgym.photographs.coins.renders import Pictures, gathered
from blendgym.photographs.coins.scenario import Table
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
    passing_loss: float = 1.0
    warm_up: int = 64
    validation: int = 96


def trained(training: Training, pictures: Pictures, seed: int) -> Detector:
    """A network that has learned from pictures which came in chunks."""
    starts = range(0, len(pictures.grey), CHUNK)
    detector = Detector(training, len(starts), seed)
    for start in starts:
        detector.learn(*pictures.part(start, start + CHUNK))
    detector.finish()
    return detector


def taught(
    settings: Settings, arm: Arm, seed: int, producers: int, report: Report
) -> tuple[Detector, NDArray[np.uint8]]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first of it.

    Each chunk is drawn by the losses on all before it, so that they do not depend on how far Blenders are ahead.
    """
    detector, shown = Detector(settings.training, -(-arm.images // CHUNK), seed), []
    with taught_stream(Table, arm, seed, producers, settings.passing_loss, settings.warm_up) as stream:
        for samples in chunks_of(stream, report):
            pictures = gathered(samples)
            stream.report([sample.index for sample in samples], detector.losses(*pictures), "lockstep")
            detector.learn(*pictures)
            shown.append(pictures.shown)
    detector.finish()
    return detector, shown[0]
