"""The study of coins: networks that have seen none but rendered ones find 24 in each of two photographs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.coins.arms import GROUPS, QUESTIONS, all_arms, few_arms
from blendgym.photographs.coins.boxes import MOST, Found, average_precisions, match, sure_enough, together
from blendgym.photographs.coins.cuttings import border_of, cuttings, halves_of
from blendgym.photographs.coins.detector import SURE, Training, detect
from blendgym.photographs.coins.figures import draw_all, found_of
from blendgym.photographs.coins.photograph import BRONZE, BRONZE_FILE, LABELS, drawn, photograph_file, read_photographs
from blendgym.photographs.coins.realistic import surroundings
from blendgym.photographs.coins.renders import Pictures, kept_renders, randomized, realistic
from blendgym.photographs.coins.training import Settings, taught, trained
from blendgym.photographs.results import Verdict
from blendgym.photographs.sources import sources_checksum
from blendgym.photographs.study import (  # fmt: skip
    ONE,
    Arm,
    Arrays,
    Blenders,
    Declaration,
    Examined,
    Figure,
    Photographs,
    Report,
    Trained,
)

PHOTOGRAPHS = "480674e31793d85c19603fd9c4fc401d829ccc21188dd4668b7482c0bf181d6b"
"""SHA-256 of the pixels of both photographs and of their labels."""

TRAINING_SEED, VALIDATION_SEED = 0, 1_000_000_007
"""Of renders and of pictures that are pasted: all runs of an arm have the same ones, but for those of a teacher."""

RUNS = 10


class CoinStudy:
    """Coins that were struck, dropped and rendered; Greek ones in an old photograph, and bronze ones in another."""

    name = "coins"
    title = "Coins: trained on rendered coins, tested on photographs of real ones"
    score = "average precision"
    questions: Mapping[str, str] = MappingProxyType(QUESTIONS)

    def declaration(self, quick: bool) -> Declaration:
        """All arms; or, for a rehearsal, two with few renders, examined on a drawing.

        Raises:
            InvalidStudy: If the package with a photograph is missing, or the one with surroundings.
        """
        surroundings()
        if not quick:
            photograph_file()
        rehearsal = Settings(training=Training(steps_per_chunk=50, last_steps=50), validation=32)
        return Declaration(
            study=self.name,
            arms=few_arms() if quick else all_arms(),
            seeds=(0,) if quick else tuple(range(RUNS)),
            settings=msgspec.to_builtins(rehearsal if quick else Settings()),
            sources=sources_checksum(Path(__file__).parent, *LABELS, BRONZE_FILE),
            photographs=drawn().checksum if quick else PHOTOGRAPHS,
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
            detector, first = taught(settings, arm, seed, blenders, report)
        else:
            render = randomized if "light" in arm.randomize else realistic
            first = kept_renders(renders, arm.randomize, TRAINING_SEED, arm.images, blenders, report, render)
            detector = trained(settings.training, first, seed)
        weights = detector.weights()
        found = _found_in(weights, validation)
        weights[SURE] = np.array(sure_enough(found))
        return Trained(weights, float(average_precisions(found).mean()), first.shown)

    def photographs(self, quick: bool) -> Photographs:
        """Each photograph, uint8 (1, height, width), and the boxes of its coins, (coins, 4); or drawings."""
        return drawn() if quick else read_photographs()

    def train_on(
        self, photographs: Photographs, declaration: Declaration, arm: Arm, seed: int, renders: Path
    ) -> Trained:
        """Trains a network for each half, on as many pictures made of the other half."""
        settings = msgspec.convert(declaration.settings, Settings)
        validation = kept_renders(renders, GROUPS, VALIDATION_SEED, settings.validation, ONE)
        networks, scores = [], []
        for fold, (_, half) in enumerate(halves_of(photographs)):
            pictures = cuttings(half, arm.images, fold, TRAINING_SEED)
            weights = trained(settings.training, pictures, seed).weights()
            found = _found_in(weights, validation)
            networks.append({**weights, SURE: np.array(sure_enough(found))})
            scores.append(average_precisions(found).mean())
        stacked = {name: np.stack([each[name] for each in networks]) for name in networks[0]}
        return Trained(stacked, float(np.mean(scores)), pictures.shown)

    def examine(self, _: Declaration, arm: Arm, weights: Arrays, photographs: Photographs) -> Arrays:
        """What is found in the photograph; in each half by the network that has not learned from it.

        Scores are the share of ``OVERLAPS`` at which each coin is found.
        """
        photograph = _asked(arm, photographs)
        boxes, confidences, is_sure = _seen(arm, weights, photograph)
        found, coins = match(boxes, confidences, photograph.truths), range(len(photograph.truths))
        levels, right = average_precisions(found), found.hits[0] & is_sure
        return {
            "scores": np.array([found.hits[:, found.owners == coin].any(axis=1).mean() for coin in coins]),
            "boxes": boxes, "confidences": confidences, "is_sure": is_sure, "hits": found.hits, "owners": found.owners,
            "AP50": levels[0], "AP75": levels[5], "found": right.sum(), "false": (is_sure & ~right).sum(),
        }  # fmt: skip

    def worth(self, answers: Arrays, weights: NDArray[np.float64]) -> float:
        """COCO's average precision, from overlaps of 0.5 to 0.95."""
        times = np.round(weights * len(weights), 9)
        return float(average_precisions(found_of(answers), times).mean())

    def figures(
        self, folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]],
        verdicts: Mapping[str, Verdict],
    ) -> list[Figure]:  # fmt: skip
        """What is found in each photograph, measures with their deviation, and precision by recall."""
        both = dict(zip(QUESTIONS, (photographs, *photographs.others), strict=True))
        arms = {arm.name: arm.question for arm in all_arms()}
        return [
            figure
            for question, photograph in both.items()
            for figure in draw_all(
                folder, question, photograph, examined,
                {name: verdict for name, verdict in verdicts.items() if arms[name] == question},
            )
        ]  # fmt: skip


def _asked(arm: Arm, photographs: Photographs) -> Photographs:
    """The photograph that an arm is examined on."""
    return photographs.others[0] if arm.question == BRONZE else photographs


def _seen(
    arm: Arm, weights: Arrays, photographs: Photographs
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """What is found, the surest first: boxes, confidences, and whether they are sure enough."""
    boxes, confidences, is_sure = [], [], []
    for own, rows in _networks_of(arm, weights, photographs):
        detected, confidence = detect(own, photographs.images[0])
        middles = detected[:, [1, 3]].mean(axis=1)
        is_here = (middles >= rows.start) & (middles < rows.stop)
        boxes.append(detected[is_here])
        confidences.append(confidence[is_here])
        is_sure.append(confidence[is_here] >= own[SURE])
    all_confidences = np.concatenate(confidences)
    order = np.argsort(-all_confidences, kind="stable")[:MOST]
    return np.concatenate(boxes)[order], all_confidences[order], np.concatenate(is_sure)[order]


def _networks_of(arm: Arm, weights: Arrays, photographs: Photographs) -> Iterator[tuple[Arrays, slice]]:
    """Networks, and the rows of the photograph that each is examined on."""
    height = photographs.images.shape[1]
    if not arm.on_photographs:
        yield weights, slice(0, height)
        return
    border = border_of(photographs.truths)
    for fold, rows in enumerate((slice(0, border), slice(border, height))):
        yield {name: np.asarray(array[fold]) for name, array in weights.items()}, rows


def _found_in(weights: Arrays, pictures: Pictures) -> Found:
    """What a network finds in renders."""
    seen = zip(pictures.grey, pictures.boxes, strict=True)
    return together([match(*detect(weights, grey), boxes) for grey, boxes in seen])
