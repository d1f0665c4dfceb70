"""How the networks of this study are trained: in chunks of pictures, whoever has drawn them."""

from __future__ import annotations

from blendgym.photographs.cup.network import CupLearner, Training
from blendgym.photographs.cup.renders import Pictures, gathered
from blendgym.photographs.cup.scenario import Coffee
from blendgym.photographs.lessons import Lessons, learned, learned_as_drawn
from blendgym.photographs.study import Arm, Blenders, Report


class Settings(Lessons, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained.

    Args:
        training: Of each network.

    The other arguments are those of ``Lessons``.
    """

    training: Training = Training()
    passing_loss: float = 0.2


def trained(training: Training, pictures: Pictures, seed: int) -> CupLearner:
    """A network that has learned from pictures which came in chunks."""
    return learned(lambda chunks: CupLearner(training, chunks, seed), pictures, len(pictures.colours))


def taught(settings: Settings, arm: Arm, seed: int, blenders: Blenders, report: Report) -> tuple[CupLearner, Pictures]:
    """A network by whose losses the teacher of an arm has drawn what it has learned from, and the first of it."""

    def make(chunks: int) -> CupLearner:
        return CupLearner(settings.training, chunks, seed)

    return learned_as_drawn(make, Coffee, gathered, arm, seed, blenders, settings, report)
