"""Rendered tables with masks of their cups: made once, kept in a file, and shared by all that learn from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from blendgym.data.sample import Sample
from blendgym.photographs.cup.kitchen import CUP
from blendgym.photographs.cup.scenario import Coffee
from blendgym.photographs.renders import kept
from blendgym.photographs.streams import chunks_of, stream_of
from blendgym.photographs.study import Arrays, Blenders, Report

SHOWN = 8
"""Pictures that are kept to be looked at."""


class Pictures(NamedTuple):
    """Pictures, and where cups are in them.

    Args:
        colours: uint8 (pictures, height, width, 3).
        masks: Whether a pixel shows a cup, (pictures, height, width).
    """

    colours: NDArray[np.uint8]
    masks: NDArray[np.bool_]

    def part(self, start: int, stop: int) -> Pictures:
        """Those from one on up to another one."""
        return Pictures(self.colours[start:stop], self.masks[start:stop])

    @property
    def shown(self) -> NDArray[np.uint8]:
        """The first of them, (SHOWN, height, width, 3)."""
        return self.colours[:SHOWN]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of several parts."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))


def kept_renders(
    folder: Path, randomize: tuple[str, ...], seed: int, count: int, blenders: Blenders, report: Report = lambda _: None
) -> Pictures:
    """Reads renders that are kept in a folder, or makes them and keeps them there.

    Args:
        folder: For a file of each of such streams.
        randomize: Groups of parameters that are drawn.
        seed: Of the stream.
        count: How many.
        blenders: That render.
        report: Told while they are rendered.
    """

    def rendered() -> Arrays:
        with stream_of(Coffee, randomize, seed, count, blenders) as stream:
            return Pictures.joined([gathered(samples) for samples in chunks_of(stream, report)])._asdict()

    return Pictures(**kept(folder, randomize, seed, rendered))


def gathered(samples: list[Sample]) -> Pictures:
    """Some tables."""
    return Pictures(
        np.stack([sample.images["rgb"] for sample in samples]), np.stack([mask_of(sample) for sample in samples])
    )


def mask_of(sample: Sample) -> NDArray[np.bool_]:
    """Where cups are seen, with handles and what is in them, (height, width)."""
    cups = [seen.id for seen in sample.view.objects if seen.category == CUP]
    return np.isin(sample.images["segmentation"], cups)
