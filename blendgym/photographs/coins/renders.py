"""Rendered tables in grey, with boxes around the coins: made once, kept in a file, and shared by all that learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from blendgym.data.sample import Sample
from blendgym.images.captures import SeenObject
from blendgym.photographs.coins.realistic import RealisticTable, lit_by, surroundings
from blendgym.photographs.coins.scenario import Table
from blendgym.photographs.coins.table import COIN
from blendgym.photographs.grey import grey
from blendgym.photographs.renders import kept
from blendgym.photographs.streams import chunks_of, stream_of
from blendgym.photographs.study import Arrays, Blenders, Report

SHOWN = 8
"""Tables that are kept to be looked at."""

UNDER_ONE = 48
"""Renders under each of the photographed surroundings."""

VISIBLE = 0.4
"""From which share of its disc on a coin that is seen is to be found."""

Picture = NDArray[np.uint8]
"""Grey, (height, width)."""

Boxes = NDArray[np.float32]
"""Left, top, right, bottom of each, in pixels, (boxes, 4)."""


class Pictures(NamedTuple):
    """Grey pictures with what is to be found in them.

    Args:
        grey: uint8 (pictures, height, width).
        boxes: Of the coins of each: left, top, right, bottom in pixels, float32 (coins, 4).
    """

    grey: NDArray[np.uint8]
    boxes: list[Boxes]

    def part(self, start: int, stop: int) -> Pictures:
        """Those from one on up to another one."""
        return Pictures(self.grey[start:stop], self.boxes[start:stop])

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of several parts."""
        return cls(np.concatenate([each.grey for each in parts]), [own for each in parts for own in each.boxes])

    @property
    def shown(self) -> NDArray[np.uint8]:
        """The first of them, as pictures in colours, (SHOWN, height, width, 3)."""
        return np.repeat(self.grey[:SHOWN, ..., None], 3, axis=-1)


Render = Callable[[tuple[str, ...], int, int, Blenders, Report], Pictures]
"""Renders, by the groups of parameters that are drawn, the seed, how many, the Blenders at a time, and whom to tell."""


def kept_renders(
    folder: Path, randomize: tuple[str, ...], seed: int, count: int, blenders: Blenders,
    report: Report = lambda _: None, render: Render | None = None,
) -> Pictures:  # fmt: skip
    """Reads renders that are kept in a folder, or makes them and keeps them there.

    Args:
        folder: For a file of each of such streams. It belongs to one study, which has one number of renders for each.
        randomize: Groups of parameters that are drawn.
        seed: Of the stream.
        count: How many.
        blenders: That render.
        report: Told while they are rendered.
        render: Makes them; ``randomized`` by default.
    """

    def rendered() -> Arrays:
        made = (render or randomized)(randomize, seed, count, blenders, report)
        counts = np.array([len(own) for own in made.boxes])
        return {"grey": made.grey, "boxes": np.concatenate(made.boxes), "counts": counts}

    arrays = kept(folder, randomize, seed, rendered)
    return Pictures(arrays["grey"], np.split(arrays["boxes"], np.cumsum(arrays["counts"])[:-1]))


def gathered(samples: list[Sample]) -> Pictures:
    """Some tables."""
    return Pictures(
        np.stack([grey(sample.images["rgb"]) for sample in samples]), [boxes_of(sample) for sample in samples]
    )


def boxes_of(sample: Sample) -> Boxes:
    """Boxes around what is seen of coins, of which enough is seen: float32 (coins, 4)."""
    boxes = [seen.box for seen in sample.view.objects if seen.box and _is_to_be_found(seen)]
    return np.array(boxes, np.float32).reshape(-1, 4)


def randomized(randomize: tuple[str, ...], seed: int, count: int, blenders: Blenders, report: Report) -> Pictures:
    """Renders by the rasteriser."""
    with stream_of(Table, randomize, seed, count, blenders) as stream:
        return Pictures.joined([gathered(samples) for samples in chunks_of(stream, report)])


def realistic(randomize: tuple[str, ...], seed: int, count: int, blenders: Blenders, report: Report) -> Pictures:
    """Renders by Cycles, as many under each of the photographed surroundings, in turns.

    Raises:
        InvalidStudy: If Blender's surroundings are not there.
    """
    files = surroundings()[: -(-count // UNDER_ONE)]
    parts = list[Pictures]()
    for number, file in enumerate(files):
        own = len(range(number, count, len(files)))
        with stream_of(RealisticTable, randomize, seed + number, own, blenders, appearance=lit_by(file)) as stream:
            parts.append(gathered(list(stream)))
        report(sum(len(part.grey) for part in parts))
    turns = [(place, number) for number, part in enumerate(parts) for place in range(len(part.grey))]
    return Pictures.joined([parts[number].part(place, place + 1) for place, number in sorted(turns)])


def _is_to_be_found(seen: SeenObject) -> bool:
    left, top, right, bottom = seen.amodal_box
    disc = np.pi / 4.0 * (right - left) * (bottom - top)
    return seen.category == COIN and seen.pixels >= VISIBLE * disc
