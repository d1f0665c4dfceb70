"""Rendered pairs with their disparities: made once, kept in a file, and shared by all networks that learn from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from blendgym.data.sample import Sample
from blendgym.photographs.depth.pairs import Pairs, disparity, seen_by_both
from blendgym.photographs.depth.room import FAR, REACH
from blendgym.photographs.depth.scenario import Room
from blendgym.photographs.grey import grey
from blendgym.photographs.renders import kept
from blendgym.photographs.streams import chunks_of, stream_of
from blendgym.photographs.study import Arrays, Blenders, Report


def kept_renders(
    folder: Path, randomize: tuple[str, ...], seed: int, count: int, blenders: Blenders, report: Report = lambda _: None
) -> Pairs:
    """Reads renders that are kept in a folder, or makes them and keeps them there.

    Args:
        folder: For a file of each of such streams. It belongs to one study, which has one number of renders for each.
        randomize: Groups of parameters that are drawn.
        seed: Of the stream.
        count: How many.
        blenders: That render.
        report: Told while they are rendered.
    """

    def rendered() -> Arrays:
        with stream_of(Room, randomize, seed, count, blenders) as stream:
            return Pairs.joined([gathered(samples) for samples in chunks_of(stream, report)])._asdict()

    return Pairs(**kept(folder, randomize, seed, rendered))


def gathered(samples: list[Sample]) -> Pairs:
    """Some rooms."""
    left, right, disparities, are_seen = map(np.stack, zip(*map(_pair_of, samples), strict=True))
    return Pairs(left, right, disparities, are_seen)


def _pair_of(sample: Sample) -> Pairs:
    """One room, its arrays without the first axis."""
    left, right = sample.views["left"], sample.views["right"]
    near, other = (
        disparity(view.images["depth"], view.intrinsics[0, 0], sample.parameters["rig.baseline"], FAR)
        for view in (left, right)
    )
    known = np.where(near < REACH, near, np.nan).astype(np.float16)
    return Pairs(grey(left.images["rgb"]), grey(right.images["rgb"]), known, seen_by_both(near, other))
