"""The study of the cup: networks that have seen none but rendered ones find one in a photograph, pixel by pixel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from blendgym.photographs.cup.arms import GROUPS, QUESTIONS, all_arms, few_arms
from blendgym.photographs.cup.figures import draw_all
from blendgym.photographs.cup.judging import overlap, overlap_of, tiled
from blendgym.photographs.cup.network import Training, odds_of
from blendgym.photographs.cup.photograph import LABELS, drawn, photograph_file, read_photograph
from blendgym.photographs.cup.renders import kept_renders
from blendgym.photographs.cup.scenario import HEIGHT, WIDTH
from blendgym.photographs.cup.training import Settings, taught, trained
from blendgym.photographs.results import Verdict
from blendgym.photographs.sources import sources_checksum
from blendgym.photographs.study import (
    Arm,
    Arrays,
    Blenders,
    Declaration,
    Examined,
    Figure,
    Photographs,
    Report,
    Trained,
    TrainedOnRendersAlone,
)

PHOTOGRAPH = "0180957bdaed6c1dc99b03d0fcd77953d0fff7a12dd73012e3c8339bd5130f3c"
"""SHA-256 of the pixels of scikit-image's photograph and of the mask of its cup."""

VALIDATION_SEED = 1_000_000_007

Mask = NDArray[np.bool_]


class CupStudy(TrainedOnRendersAlone):
    """Cups that were modelled, dropped and rendered; and an espresso on a wooden table, photographed."""

    name = "cup"
    title = "A cup: trained on rendered cups, tested on a photograph of a real one"
    score = "intersection over union"
    questions: Mapping[str, str] = MappingProxyType(QUESTIONS)

    def declaration(self, quick: bool) -> Declaration:
        """All arms; or, for a rehearsal, one with few renders, examined on a drawing.

        Raises:
            InvalidStudy: If the package with the photograph is missing.
        """
        if not quick:
            photograph_file()
        rehearsal = Settings(training=Training(steps_per_chunk=20, last_steps=20), validation=32)
        return Declaration(
            study=self.name,
            arms=few_arms() if quick else all_arms(),
            seeds=(0,) if quick else (0, 1, 2),
            settings=msgspec.to_builtins(rehearsal if quick else Settings()),
            sources=sources_checksum(Path(__file__).parent, LABELS),
            photographs=drawn().checksum if quick else PHOTOGRAPH,
            quick=quick,
            resamples=100 if quick else 1000,
        )

    def train(
        self, declaration: Declaration, arm: Arm, seed: int, blenders: Blenders, renders: Path, report: Report
    ) -> Trained:
        """Trains a network on the renders of a stream."""
        settings = msgspec.convert(declaration.settings, Settings)
        validation = kept_renders(renders, GROUPS, VALIDATION_SEED, settings.validation, blenders)
        if arm.teacher:
            learner, first = taught(settings, arm, seed, blenders, report)
        else:
            shared = kept_renders(renders, arm.randomize, seed, declaration.shared_images(arm), blenders, report)
            first = shared.part(0, arm.images)
            learner = trained(settings.training, first, seed)
        weights = learner.weights()
        found = odds_of(weights, validation.colours) > 0.0
        return Trained(weights, overlap_of(found, validation.masks), first.shown)

    def photographs(self, quick: bool) -> Photographs:
        """The photograph, uint8 (1, height, width, 3), and where its cup is, bool (1, height, width); or a drawing."""
        return drawn() if quick else read_photograph(photograph_file())

    def examine(self, _: Declaration, arm: Arm, weights: Arrays, photographs: Photographs) -> Arrays:  # noqa: ARG002
        """What is right in each tile of the photograph, and which pixels are taken for the cup."""
        found, truth = found_in(weights, photographs.images[0]), photographs.truths[0]
        return {
            **tiled(found, truth), "found": found, "precision": np.array((found & truth).sum() / max(found.sum(), 1)),
            "recall": np.array((found & truth).sum() / truth.sum()),
        }  # fmt: skip

    def worth(self, answers: Arrays, weights: NDArray[np.float64]) -> float:
        """Intersection over union of what is found and of the cup."""
        return overlap(answers, weights)

    def figures(
        self, folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]],
        verdicts: Mapping[str, Verdict],
    ) -> list[Figure]:  # fmt: skip
        """The staircase, and what is found in the photograph."""
        return draw_all(folder, photographs, examined, verdicts)


def found_in(weights: Arrays, photograph: NDArray[np.uint8]) -> Mask:
    """Which pixels of a photograph a network takes for a cup, (height, width).

    The network sees it as small as a render; its odds are enlarged, and are even at the edge of what is found.

    Args:
        weights: Of the network.
        photograph: Of any size, (height, width, 3), and about as wide for its height as renders are.
    """
    height, width = photograph.shape[:2]
    small = np.asarray(Image.fromarray(photograph).resize((WIDTH, HEIGHT), Image.Resampling.BOX))
    odds = odds_of(weights, small[None])[0].astype(np.float32)
    return np.asarray(Image.fromarray(odds).resize((width, height), Image.Resampling.BILINEAR)) > 0.0
