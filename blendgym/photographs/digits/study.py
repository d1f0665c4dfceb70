"""The study of digits: networks that have seen none but rendered ones read 1,797 that people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.digits.arms import GROUPS, QUESTIONS, all_arms, few_arms
from blendgym.photographs.digits.figures import draw_all
from blendgym.photographs.digits.network import Reader, Training, networks_of, read
from blendgym.photographs.digits.page import DIGITS
from blendgym.photographs.digits.real import drawn_from, folds_of, magnified, printed, written
from blendgym.photographs.digits.renders import SHOWN, Renders, kept_renders
from blendgym.photographs.digits.training import Labelled, Settings, taught, trained
from blendgym.photographs.results import Verdict
from blendgym.photographs.sources import sources_checksum
from blendgym.photographs.streams import CHUNK
from blendgym.photographs.study import (
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
    mean_score,
)

PHOTOGRAPHS = "5799c97b6c540ff1565093e5ec28cc86bcdfe8850560f9965f1a2f2589f031b0"
"""SHA-256 of ``sklearn.datasets.load_digits()``, as of scikit-learn 1.4 to 1.8."""

VALIDATION_SEED = 1_000_000_007


class DigitStudy:
    """Digits in ink, rendered; and those of the UCI repository, written by 13 people who wrote none of the rest."""

    name = "digits"
    title = "Digits: trained on rendered handwriting, tested on real handwriting"
    score = "read right"
    questions: Mapping[str, str] = MappingProxyType(QUESTIONS)

    def declaration(self, quick: bool) -> Declaration:
        """All arms; or, for a rehearsal, some with few renders, examined on printed digits."""
        settings = Settings(training=Training(last_steps=75), warm_up=16, validation=16) if quick else Settings()
        return Declaration(
            study=self.name,
            arms=few_arms(settings.training) if quick else all_arms(settings.training),
            seeds=(0,) if quick else (0, 1, 2, 3, 4),
            settings=msgspec.to_builtins(settings),
            sources=sources_checksum(Path(__file__).parent),
            photographs=printed().checksum if quick else PHOTOGRAPHS,
            quick=quick,
        )

    def train(
        self, declaration: Declaration, arm: Arm, seed: int, blenders: Blenders, renders: Path, report: Report
    ) -> Trained:
        """Trains a network on the pages of a stream, as they come or as they have come for another one."""
        settings = _settings_of(declaration, arm)
        if arm.teacher:
            reader, pictures = taught(settings, arm, seed, blenders, report)
        else:
            shared = kept_renders(renders, arm.randomize, seed, declaration.shared_images(arm), blenders, report)
            chunks = list(_chunks(shared.part(0, arm.images), settings.kinds))
            reader, pictures = trained(settings.training, chunks, seed), shared.pictures
        return Trained(reader.weights(), _validated(reader, settings, renders, blenders), pictures)

    def photographs(self, quick: bool) -> Photographs:
        """The real digits, as shares of ink, (digits, 8, 8); or printed ones."""
        return printed() if quick else written()

    def train_on(
        self, photographs: Photographs, declaration: Declaration, arm: Arm, seed: int, renders: Path
    ) -> Trained:
        """Trains a network for each fold, on as many of the digits outside of it as so many pages have."""
        count = arm.images * DIGITS
        outside = (others for others, _ in folds_of(len(photographs.truths)))
        chosen = [drawn_from(others, count, fold, seed) for fold, others in enumerate(outside)]
        return self.train_on_digits(photographs, chosen, declaration, arm, seed, renders)

    def train_on_digits(
        self, real: Photographs, chosen: Sequence[NDArray[np.int64]], declaration: Declaration, arm: Arm, seed: int,
        renders: Path,
    ) -> Trained:  # fmt: skip
        """Trains networks on real digits.

        Args:
            real: The digits, as bitmaps.
            chosen: Numbers of those that each network learns from.
            declaration: Of the study.
            arm: Of the run.
            seed: Of the run.
            renders: Folder with the fresh renders that they are validated on.
        """
        settings = _settings_of(declaration, arm)
        readers = []
        for own in chosen:
            chunks = np.array_split(own, -(-arm.images // CHUNK))
            data = [(real.images[numbers], real.truths[numbers]) for numbers in chunks]
            readers.append(trained(settings.training, data, seed))
        weights = [reader.weights() for reader in readers]
        return Trained(
            {name: np.stack([each[name] for each in weights]) for name in weights[0]},
            float(np.mean([_validated(reader, settings, renders, ONE) for reader in readers])),
            magnified(real.images[chosen[-1][:SHOWN]]),
        )

    def examine(self, declaration: Declaration, arm: Arm, weights: Arrays, photographs: Photographs) -> Arrays:
        """Which digits a network reads right, and what it reads; by that of the fold that each digit is not in."""
        kinds = _settings_of(declaration, arm).kinds
        answers = np.empty(len(photographs.truths), np.int64)
        for numbers, own in _networks_of(weights, len(answers)):
            answers[numbers] = read(own, photographs.images[numbers])[:, :kinds].argmax(axis=1)
        is_asked = photographs.truths < kinds
        return {"scores": (answers == photographs.truths)[is_asked].astype(np.float64), "answers": answers[is_asked]}

    def worth(self, answers: Arrays, weights: NDArray[np.float64]) -> float:
        """The share of digits that is read right."""
        return mean_score(answers, weights)

    def figures(
        self, folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]],
        verdicts: Mapping[str, Verdict],
    ) -> list[Figure]:  # fmt: skip
        """Learning curves, kinds of digits, what networks look at, and what is taken for what."""
        return draw_all(folder, photographs, examined, verdicts)


def _validated(reader: Reader, settings: Settings, renders: Path, blenders: Blenders) -> float:
    """The share of fresh renders that a network reads right."""
    pages = kept_renders(renders, GROUPS, VALIDATION_SEED, settings.validation, blenders)
    bitmaps, digits = _of_kinds(pages, settings.kinds)
    return float((read(reader.weights(), bitmaps)[:, : settings.kinds].argmax(axis=1) == digits).mean())


def _settings_of(declaration: Declaration, arm: Arm) -> Settings:
    return msgspec.convert({**declaration.settings, **arm.settings}, Settings)


def _chunks(pages: Renders, kinds: int) -> Iterator[Labelled]:
    for start in range(0, len(pages.digits), CHUNK):
        yield _of_kinds(pages.part(start, start + CHUNK), kinds)


def _of_kinds(pages: Renders, kinds: int) -> Labelled:
    """The digits of pages that are below a number, and no others."""
    bitmaps, digits = pages.flat()
    return bitmaps[digits < kinds], digits[digits < kinds]


def _networks_of(weights: Arrays, count: int) -> Iterator[tuple[NDArray[np.int64], Arrays]]:
    """Networks, and the numbers of the real digits that each is examined on."""
    networks = networks_of(weights)
    if len(networks) == 1:
        yield np.arange(count), networks[0]
        return
    for (_, examined), own in zip(folds_of(count), networks, strict=True):
        yield examined, own
