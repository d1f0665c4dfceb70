"""The study of digits: networks that have seen none but rendered ones read 1,797 that people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.data.sample import Sample
from blendgym.data.stream import Stream
from blendgym.parameters.selection import select
from blendgym.photographs.digits.bitmaps import bitmaps
from blendgym.photographs.digits.figures import draw_all
from blendgym.photographs.digits.network import Reader, Training, read
from blendgym.photographs.digits.page import DIGITS, NAMES
from blendgym.photographs.digits.scenario import SIDE, Page
from blendgym.photographs.study import Arm, Arrays, Declaration, Photographs, Report, Trained, sources_checksum
from blendgym.teachers.adaptive import adaptive_teacher

PHOTOGRAPHS = "5799c97b6c540ff1565093e5ec28cc86bcdfe8850560f9965f1a2f2589f031b0"
"""SHA-256 of ``sklearn.datasets.load_digits()``, as of scikit-learn 1.4 to 1.8."""

GROUPS = ("variants", "strokes", "pose", "light", "texture", "distractors", "imaging")
"""Of parameters; without one of them, that one keeps its nominal values."""

WITHOUT = {
    "variants": "one way to write each digit",
    "strokes": "one pen, no jitter",
    "pose": "upright, seen from one side",
    "light": "one light",
    "texture": "one ink on one paper",
    "distractors": "no specks",
    "imaging": "sharp, without noise",
}

VALIDATION_SEED = 1_000_000_007
NOWHERE = (0.0, 0.0, 1.0, 1.0)
"""The box of a digit that is not in sight."""

SHOWN = 8
"""Pages of each run that are kept to be looked at."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How networks of this study are trained.

    Args:
        training: Of each network.
        chunk: Pages that arrive at a time.
        passing_loss: Of teachers, which aim at losses that are a good two times as large.
        warm_up: Pages before a teacher adapts.
        validation: Pages, with all parameters drawn, that networks are validated on.
    """

    training: Training = Training()
    chunk: int = 32
    passing_loss: float = 0.3
    warm_up: int = 96
    validation: int = 128


class Batch(NamedTuple):
    """Renders that were made one after the other.

    Args:
        indices: In their stream.
        pictures: uint8 (pages, height, width, 3).
        bitmaps: float32 (pages * DIGITS, 8, 8).
        digits: int64 (pages * DIGITS,).
    """

    indices: list[int]
    pictures: NDArray[np.uint8]
    bitmaps: NDArray[np.float32]
    digits: NDArray[np.int64]


class DigitStudy:
    """Digits in ink, rendered; and those of the UCI repository, written by 13 people who wrote none of the rest."""

    name = "digits"
    title = "Digits: trained on rendered handwriting, tested on real handwriting"
    score = "read right"

    def __init__(self) -> None:
        self._validation: Batch | None = None

    def declaration(self, quick: bool) -> Declaration:
        """Everything against one group of parameters less, and a teacher; each arm at equal numbers of images."""
        few, many = (32, 64) if quick else (96, 512)
        settings = Settings(validation=32, warm_up=32) if quick else Settings()
        groups = ("variants",) if quick else tuple(WITHOUT)
        all_of = f"randomized_{few}"
        return Declaration(
            study=self.name,
            arms=(
                Arm(name="randomized", what="all parameters drawn", images=many, randomize=GROUPS),
                Arm(
                    name="adaptive", what="drawn by the network's losses", images=many, randomize=GROUPS,
                    teacher="adaptive", against="randomized",
                ),
                Arm(name=all_of, what="all parameters drawn, fewer images", images=few, randomize=GROUPS),
                *(
                    Arm(
                        name=f"no_{group}", what=WITHOUT[group], images=few, against=all_of,
                        randomize=tuple(each for each in GROUPS if each != group),
                    )
                    for group in groups
                ),
            ),
            seeds=(0, 1) if quick else (0, 1, 2, 3, 4),
            settings=msgspec.to_builtins(settings),
            sources=sources_checksum(*_sources()),
            photographs=PHOTOGRAPHS,
        )  # fmt: skip

    def train(self, declaration: Declaration, arm: Arm, seed: int, producers: int, report: Report) -> Trained:
        """Trains a network on a stream while it is rendered."""
        settings = msgspec.convert(declaration.settings, Settings)
        validation = self._validated_on(settings, producers)
        reader = Reader(settings.training, -(-arm.images // settings.chunk), seed)
        shown, made = np.empty((0, SIDE, SIDE, 3), np.uint8), 0
        with _stream(settings, arm.images, seed, producers, arm.randomize, arm.teacher) as stream:
            for batch in _batches(stream, settings.chunk):
                if arm.teacher:
                    losses = reader.losses(batch.bitmaps, batch.digits)
                    stream.report(batch.indices, losses.reshape(-1, DIGITS).mean(axis=1))
                reader.learn(batch.bitmaps, batch.digits)
                # Pages are drawn anew for each index, so the first ones are as random as any.
                shown = np.concatenate([shown, batch.pictures])[:SHOWN]
                made += len(batch.indices)
                report(made)
        reader.finish()
        weights = reader.weights()
        right = read(weights, validation.bitmaps).argmax(axis=1) == validation.digits
        return Trained(weights, float(right.mean()), shown)

    def photographs(self) -> Photographs:
        """The digits that scikit-learn ships, as shares of ink, (1797, 8, 8)."""
        from sklearn.datasets import load_digits

        loaded = load_digits()
        return Photographs((loaded.images / 16.0).astype(np.float32), loaded.target.astype(np.int64))

    def examine(self, weights: Arrays, photographs: Photographs) -> Arrays:
        """Which digits a network reads right, and what it reads."""
        probabilities = read(weights, photographs.images)
        answers = probabilities.argmax(axis=1)
        return {"scores": (answers == photographs.truths).astype(np.float64), "answers": answers}

    def figures(self, folder: Path, photographs: Photographs, answers: Mapping[str, Sequence[Arrays]]) -> list[Path]:
        """Which digits are taken for which, and real ones at random with what was read."""
        return draw_all(folder, photographs, answers)

    def _validated_on(self, settings: Settings, producers: int) -> Batch:
        """Renders that nothing is trained on; the same for all runs."""
        if self._validation is None:
            with _stream(settings, settings.validation, VALIDATION_SEED, producers, GROUPS, "") as stream:
                (self._validation,) = _batches(stream, settings.validation)
        return self._validation


def _stream(
    settings: Settings, count: int, seed: int, producers: int, randomize: tuple[str, ...], teacher: str
) -> Stream:
    arguments: dict[str, Any] = {}
    if teacher:
        space = select(Page.parameters, randomize)
        arguments = {
            "teacher": lambda _: adaptive_teacher(space, "scores", settings.warm_up),
            "passing_loss": settings.passing_loss,
        }
    return Stream(Page, seed=seed, count=count, producers=producers, randomize=randomize, ahead=16, **arguments)


def _batches(stream: Stream, size: int) -> Iterator[Batch]:
    samples = iter(stream)
    while made := list(islice(samples, size)):
        yield Batch(
            [sample.index for sample in made],
            np.stack([sample.images["rgb"] for sample in made]),
            np.concatenate([_bitmaps_of(sample) for sample in made]),
            np.concatenate([sample.labels["digits"] for sample in made]),
        )


def _bitmaps_of(sample: Sample) -> NDArray[np.float32]:
    boxes = {seen.name: seen.box for seen in sample.view.objects}
    return bitmaps(sample.images["rgb"], [boxes[name] or NOWHERE for name in NAMES])


def _sources() -> list[Path]:
    """What images and networks depend on."""
    return [
        file for file in sorted(Path(__file__).parent.glob("*.py")) if file.name not in ("__init__.py", "figures.py")
    ]
