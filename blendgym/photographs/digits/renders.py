"""Rendered pages as bitmaps: made once, kept in a file, and shared by all networks that are trained on them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.data.sample import Sample
from blendgym.photographs.digits.bitmaps import LEVELS, SIZE, bitmaps
from blendgym.photographs.digits.page import NAMES
from blendgym.photographs.digits.scenario import Page
from blendgym.photographs.renders import kept
from blendgym.photographs.streams import chunks_of, stream_of
from blendgym.photographs.study import Arrays, Blenders, Report

NOWHERE = (0.0, 0.0, 1.0, 1.0)
"""The box of a digit that is not in sight."""

SHOWN = 8
"""Pages that are kept to be looked at."""


class Renders(NamedTuple):
    """Pages in the order of their stream. Each is drawn anew, so the first ones are as random as any.

    Args:
        bitmaps: Shares of ink, float32 (pages, DIGITS, 8, 8).
        digits: What is written, int64 (pages, DIGITS).
        pictures: The first of them as they were rendered, uint8 (SHOWN, height, width, 3).
    """

    bitmaps: NDArray[np.float32]
    digits: NDArray[np.int64]
    pictures: NDArray[np.uint8]

    def part(self, start: int, stop: int) -> Renders:
        """Those from one page on up to another one."""
        return Renders(self.bitmaps[start:stop], self.digits[start:stop], self.pictures)

    def flat(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """All their digits: bitmaps (digits, 8, 8), and what each of them shows, (digits,)."""
        return self.bitmaps.reshape(-1, SIZE, SIZE), self.digits.ravel()


def kept_renders(
    folder: Path, randomize: tuple[str, ...], seed: int, pages: int, blenders: Blenders, report: Report = lambda _: None
) -> Renders:
    """Reads pages that are kept in a folder, or renders them and keeps them there.

    Args:
        folder: For a file of each of such streams. It belongs to one study, which has one number of pages for each.
        randomize: Groups of parameters that are drawn.
        seed: Of the stream.
        pages: How many.
        blenders: That render.
        report: Told while they are rendered.
    """

    def rendered() -> Arrays:
        made = _rendered(randomize, seed, pages, blenders, report)
        counts = np.rint(made.bitmaps * LEVELS).astype(np.uint8)
        return {"bitmaps": counts, "digits": made.digits.astype(np.uint8), "pictures": made.pictures}

    arrays = kept(folder, randomize, seed, rendered)
    shares = arrays["bitmaps"].astype(np.float32) / np.float32(LEVELS)
    return Renders(shares, arrays["digits"].astype(np.int64), arrays["pictures"])


def gathered(samples: list[Sample]) -> Renders:
    """Some pages."""
    return Renders(
        np.stack([_bitmaps_of(sample) for sample in samples]),
        np.stack([sample.labels["digits"] for sample in samples]).astype(np.int64),
        np.stack([sample.images["rgb"] for sample in samples[:SHOWN]]),
    )


def _rendered(randomize: tuple[str, ...], seed: int, pages: int, blenders: Blenders, report: Report) -> Renders:
    with stream_of(Page, randomize, seed, pages, blenders) as stream:
        chunks = [gathered(samples) for samples in chunks_of(stream, report)]
    return Renders(
        np.concatenate([chunk.bitmaps for chunk in chunks]), np.concatenate([chunk.digits for chunk in chunks]),
        chunks[0].pictures,
    )  # fmt: skip


def _bitmaps_of(sample: Sample) -> NDArray[np.float32]:
    boxes = {seen.name: seen.box for seen in sample.view.objects}
    return bitmaps(sample.images["rgb"], [boxes[name] or NOWHERE for name in NAMES])
