"""The study of other digits: what reads those of one collection, and has learned from renders or from another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.photographs.digits import study as digits
from blendgym.photographs.digits.arms import FEW, GROUPS, WITHOUT
from blendgym.photographs.digits.figures import draw_confusion, draw_domains, draw_examples
from blendgym.photographs.digits.network import Training
from blendgym.photographs.digits.page import DIGITS
from blendgym.photographs.digits.real import drawn_from, printed, written
from blendgym.photographs.digits.study import DigitStudy
from blendgym.photographs.digits.training import Settings
from blendgym.photographs.other_digits.collection import as_bitmaps, collection, find_collection
from blendgym.photographs.results import Verdict
from blendgym.photographs.sources import sources_checksum
from blendgym.photographs.study import Arm, Arrays, Declaration, Examined, Figure, Photographs, Trained

PHOTOGRAPHS = "7f6cfa9930d4faf4b4513b94ee49fd37e43b8bf203240d09eaf5363b7ee19726"
"""SHA-256 of the digits of OpenCV's samples, as of 4.6."""

WRITTEN = "written"
"""The arm that learns from the digits of scikit-learn, and is examined on those of OpenCV."""


class OtherDigitStudy(DigitStudy):
    """Digits of a collection that neither renders nor networks were made for, in 20 × 20 grey levels."""

    name = "other_digits"
    title = "Other digits: trained on renders, or on real digits of one collection, tested on those of another"
    questions: Mapping[str, str] = MappingProxyType({"elsewhere": "What networks read of another collection"})

    def declaration(self, quick: bool) -> Declaration:
        """All arms, with as many digits each; or, for a rehearsal, with few, examined on printed digits.

        Raises:
            InvalidStudy: If the digits of OpenCV are missing.
        """
        if not quick:
            find_collection()
        settings = Settings(training=Training(last_steps=75), warm_up=16, validation=16) if quick else Settings()
        return Declaration(
            study=self.name,
            arms=_arms(16 if quick else FEW),
            seeds=(0,) if quick else (0, 1, 2, 3, 4),
            settings=msgspec.to_builtins(settings),
            sources=sources_checksum(Path(digits.__file__).parent, *sorted(Path(__file__).parent.glob("*.py"))),
            photographs=printed().checksum if quick else PHOTOGRAPHS,
            quick=quick,
        )

    def photographs(self, quick: bool) -> Photographs:
        """OpenCV's digits as grey levels, (digits, 20, 20); or bitmaps of printed ones, (digits, 8, 8)."""
        return printed() if quick else collection()

    def train_on(
        self, photographs: Photographs, declaration: Declaration, arm: Arm, seed: int, renders: Path
    ) -> Trained:
        """Trains on this collection, a network for each fold; or one on the other collection."""
        if arm.name == WRITTEN:
            others = written()
            chosen = drawn_from(np.arange(len(others.truths)), arm.images * DIGITS, 0, seed)
            return self.train_on_digits(others, [chosen], declaration, arm, seed, renders)
        return super().train_on(_in_bitmaps(photographs), declaration, arm, seed, renders)

    def examine(self, declaration: Declaration, arm: Arm, weights: Arrays, photographs: Photographs) -> Arrays:
        """Which digits a network reads right, and what it reads."""
        return super().examine(declaration, arm, weights, _in_bitmaps(photographs))

    def figures(
        self, folder: Path, photographs: Photographs, examined: Mapping[str, Sequence[Examined]],
        verdicts: Mapping[str, Verdict],
    ) -> list[Figure]:  # fmt: skip
        """What is read elsewhere, what is taken for what, and examples; nothing if an arm has no finished run."""
        if verdicts.keys() != examined.keys():
            return []
        answers: NDArray[np.int64] = np.array([each.answers["answers"] for each in examined["randomized"]])
        question, shown = "elsewhere", _in_bitmaps(photographs)
        return [
            draw_domains(folder / "domains.png", examined, verdicts, tuple(verdicts), "these digits", question),
            draw_confusion(folder / "confusion.png", photographs.truths, answers)._replace(question=question),
            draw_examples(folder / "examples.png", shown, answers[0])._replace(question=question),
        ]


def _arms(pages: int) -> tuple[Arm, ...]:
    without = tuple(each for each in GROUPS if each != "variants")
    arm = partial(Arm, images=pages, question="elsewhere")
    like = partial(arm, against="randomized")
    return (
        arm(name="randomized", what="rendered, all parameters drawn", randomize=GROUPS),
        like(name="no_variants", what=f"rendered, {WITHOUT['variants']}", randomize=without),
        like(name=WRITTEN, what="real ones of scikit-learn", on_photographs=True),
        like(name="own", what="real ones of these, cross-validated", on_photographs=True),
    )


def _in_bitmaps(photographs: Photographs) -> Photographs:
    """The same; printed digits are bitmaps already."""
    images = photographs.images
    return photographs._replace(images=as_bitmaps(images) if images.dtype == np.uint8 else images)
