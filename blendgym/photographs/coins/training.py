"""How the networks of this study are trained: in chunks of pictures, whoever has made them."""

from __future__ import annotations

from blendgym.photographs.coins.detector import Detector, Training
from blendgym.photographs.coins.renders import Pictures, gathered
from blendgym.photographs.coins.scenario import Table
from blendgym.photographs.lessons import Lessons, learned, learned_as_drawn
from blendgym.photographs.study import Arm, Blenders, Report


class Settings(Lessons, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained.

    Args:
        training: Of each network.

    The other arguments are those of ``Lessons``.
    """

    training: Training = Training()
    validation: int = 96


def trained(training: Training, pictures: Pictures, seed: int) -> Detector:
    """A network that has learned from pictures which came in chunks."""
    return learned(lambda chunks: Detector(training, chunks, seed), pictures, len(pictures.grey))


def taught(settings: Settings, arm: Arm, seed: int, blenders: Blenders, report: Report) -> tuple[Detector, Pictures]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first of it."""

    def make(chunks: int) -> Detector:
        return Detector(settings.training, chunks, seed)

    return learned_as_drawn(make, Table, gathered, arm, seed, blenders, settings, report)
