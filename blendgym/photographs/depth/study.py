"""The study of depth: networks that have seen none but rendered pairs find the disparities of a pair of photographs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.depth.arms import GROUPS, QUESTIONS, all_arms, few_arms
from blendgym.photographs.depth.block_matching import filled, matched, opencv
from blendgym.photographs.depth.figures import draw_all
from blendgym.photographs.depth.judging import BOUND, judged, share_right, tiled
from blendgym.photographs.depth.learner import Training
from blendgym.photographs.depth.network import disparities_of
from blendgym.photographs.depth.pairs import Pairs, doubled, halved, nearest_of
from blendgym.photographs.depth.photograph import drawn, photograph_folder, read_pair
from blendgym.photographs.depth.renders import kept_renders
from blendgym.photographs.depth.room import REACH
from blendgym.photographs.depth.training import Settings, taught, trained
from blendgym.photographs.grey import grey
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

PHOTOGRAPHS = "4598b7c2786739a28139e9895af3b5d02ced13d9a67cf33ecc8629203fe0206c"
"""SHA-256 of the pixels of scikit-image's pair and of its disparities."""

VALIDATION_SEED = 1_000_000_007

STEP = 16
"""Block matchers take a number of disparities that is a multiple of this."""

Disparities = NDArray[Any]
Picture = NDArray[np.uint8]


class DepthStudy(TrainedOnRendersAlone):
    """Rooms seen by two cameras, rendered; and a motorcycle that was photographed from two places."""

    name = "depth"
    title = "Depth: trained on rendered pairs, tested on a pair of photographs"
    score = f"within {BOUND:g} pixels"
    questions: Mapping[str, str] = MappingProxyType(QUESTIONS)

    def declaration(self, quick: bool) -> Declaration:
        """All arms; or, for a rehearsal, two with few renders, examined on a drawing.

        Raises:
            InvalidStudy: If the package with the photographs is missing, or OpenCV.
        """
        opencv()
        if not quick:
            photograph_folder()
        rehearsal = Settings(training=Training(steps_per_chunk=20, last_steps=10, width=96, height=64), validation=32)
        settings = rehearsal if quick else Settings()
        return Declaration(
            study=self.name,
            arms=few_arms() if quick else all_arms(settings.training),
            seeds=(0,) if quick else (0, 1, 2),
            settings=msgspec.to_builtins(settings),
            sources=sources_checksum(Path(__file__).parent),
            photographs=drawn().checksum if quick else PHOTOGRAPHS,
            quick=quick,
            resamples=100 if quick else 1000,
        )

    def train(
        self, declaration: Declaration, arm: Arm, seed: int, blenders: Blenders, renders: Path, report: Report
    ) -> Trained:
        """Trains a network on the pairs of a stream. Block matchers learn nothing, and are validated likewise."""
        settings = _settings_of(declaration, arm)
        validation = kept_renders(renders, GROUPS, VALIDATION_SEED, settings.validation, blenders)
        if settings.matcher:
            return Trained({}, _validated(settings, {}, validation), validation.shown)
        if arm.teacher:
            learner, first = taught(settings, arm, seed, blenders, report)
        else:
            first = kept_renders(renders, arm.randomize, seed, declaration.shared_images(arm), blenders, report)
            learner = trained(settings.training, first.part(0, arm.images), seed)
        weights = learner.weights()
        return Trained(weights, _validated(settings, weights, validation), first.shown)

    def photographs(self, quick: bool) -> Photographs:
        """The pair, uint8 (2, height, width, 3), and its disparities, float32 (height, width); or a drawing."""
        return drawn() if quick else read_pair(photograph_folder())

    def examine(self, declaration: Declaration, arm: Arm, weights: Arrays, photographs: Photographs) -> Arrays:
        """What is right in each tile of the left photograph, and how far off all of it is.

        Errors are in pixels of the photograph: of all that have a true disparity, of those that both cameras see, and
        of those that each block matcher answers by itself.
        """
        settings, (left, right), truth = _settings_of(declaration, arm), photographs.images, photographs.truths
        answers = _answered(settings, weights, left, right)
        whole, is_known = filled(answers), np.isfinite(truth)
        told = {"answered": float(np.isfinite(answers)[is_known].mean())}
        parts = {
            "": is_known,
            "_seen": nearest_of(truth),
            "_on_bm": np.isfinite(matched(left, right, 2 * REACH, "bm")),
            "_on_sgbm": np.isfinite(matched(left, right, 2 * REACH, "sgbm")),
        }
        for part, where in parts.items():
            error, (bad_1, bad_2, bad_4) = judged(whole, truth, where)
            told |= {f"EPE{part}": error, f"bad1{part}": bad_1, f"bad2{part}": bad_2, f"bad4{part}": bad_4}
        return {
            **tiled(whole, truth),
            "disparities": whole.astype(np.float16),
            **{name: np.array(number) for name, number in told.items()},
        }

    def worth(self, answers: Arrays, weights: NDArray[np.float64]) -> float:
        """The share of pixels with a true disparity that is off by two pixels at most."""
        return share_right(answers, weights)

    def figures(
        self,
        folder: Path,
        photographs: Photographs,
        examined: Mapping[str, Sequence[Examined]],
        verdicts: Mapping[str, Verdict],
    ) -> list[Figure]:
        """What is off by how much where, and disparities as pictures."""
        return draw_all(folder, photographs, examined, verdicts)


def _settings_of(declaration: Declaration, arm: Arm) -> Settings:
    return msgspec.convert({**declaration.settings, **arm.settings}, Settings)


def _answered(settings: Settings, weights: Arrays, left: Picture, right: Picture) -> Disparities:
    """What a network or a block matcher makes of photographs; not a number in holes."""
    if settings.matcher and not settings.is_halved:
        return matched(left, right, 2 * REACH, settings.matcher)
    return doubled(_found(settings, weights, halved(left), halved(right)), *left.shape[:2])


def _found(settings: Settings, weights: Arrays, left: Picture, right: Picture) -> Disparities:
    """The same at half the size, at which networks learn, in pixels of that."""
    if settings.matcher:
        return matched(left, right, -(-REACH // STEP) * STEP, settings.matcher)
    return disparities_of(weights, grey(left), grey(right))


def _validated(settings: Settings, weights: Arrays, pairs: Pairs) -> float:
    """The share of pixels of fresh renders that is off by as little as is right in a photograph."""
    errors = []
    for left, right, truth in zip(pairs.left, pairs.right, pairs.disparities, strict=True):
        colours = (np.repeat(each[..., None], 3, axis=-1) for each in (left, right))
        answers = filled(_found(settings, weights, *colours))
        errors.append(np.abs(answers - truth)[np.isfinite(truth)])
    return float((np.concatenate(errors) <= BOUND / 2.0).mean())
