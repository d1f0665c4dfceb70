"""Masks as COCO has them: run-length encoded down the columns, the lengths compressed to text.

Source: the mask API of COCO (https://github.com/cocodataset/cocoapi, ``common/maskApi.c``, rleEncode and rleToString).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BITS = 5
"""Of a number that a letter holds; a sixth says whether another letter follows."""

FIRST_LETTER = 48
LETTERS = 6
"""The most that a number takes: images have fewer than 2**29 pixels."""


def masks_of_ids(ids: NDArray[np.int32]) -> dict[int, str]:
    """The mask of each id, but not of 0, in one pass over the image.

    Args:
        ids: int32 (height, width).

    Returns:
        COCO's compressed ``counts``, by id.
    """
    columns = ids.T.ravel()
    begins = np.ones(columns.size, bool)
    np.not_equal(columns[1:], columns[:-1], out=begins[1:])
    starts = np.flatnonzero(begins)
    ends = np.append(starts, columns.size)[1:]
    kept = np.flatnonzero(columns[starts])
    kept = kept[np.argsort(columns[starts[kept]], kind="stable")]
    owners, starts, ends = columns[starts[kept]], starts[kept], ends[kept]
    if not len(owners):
        return {}
    return _compressed(owners, starts, ends, columns.size)


def _compressed(
    owners: NDArray[np.int32], starts: NDArray[np.int64], ends: NDArray[np.int64], size: int
) -> dict[int, str]:
    """The counts of several masks.

    Args:
        owners: (runs,) ids, in ascending order.
        starts: Where each run begins; in ascending order for each id.
        ends: Where it ends, exclusively.
        size: Where the image ends.
    """
    is_head = np.diff(owners, prepend=owners[0] - 1) != 0
    heads = np.flatnonzero(is_head)
    mask = np.cumsum(is_head) - 1
    # Of each mask: gap, run, gap, run, …, and the gap at the end.
    firsts = 2 * heads + np.arange(len(heads))
    counts = np.empty(2 * len(owners) + len(heads), np.int64)
    gaps = 2 * np.arange(len(owners)) + mask
    counts[gaps] = starts - np.where(is_head, 0, np.roll(ends, 1))
    counts[gaps + 1] = ends - starts
    lasts = np.append(firsts[1:], counts.size) - 1
    counts[lasts] = size - ends[np.append(heads[1:], len(owners)) - 1]
    place = np.arange(counts.size) - np.repeat(firsts, lasts - firsts + 1)
    numbers = counts - np.where(place > 2, np.roll(counts, 2), 0)
    kept = np.ones(counts.size, bool)
    kept[lasts] = counts[lasts] > 0
    letters, lengths = _letters(numbers[kept])
    ends_of_masks = np.cumsum(lengths)[np.cumsum(kept)[lasts] - 1].tolist()
    starts_of_masks = [0, *ends_of_masks[:-1]]
    return {
        number: letters[start:end]
        for number, start, end in zip(owners[heads].tolist(), starts_of_masks, ends_of_masks, strict=True)
    }


def _letters(numbers: NDArray[np.int64]) -> tuple[str, NDArray[np.int64]]:
    """Signed numbers as letters, the lowest bits first, and how many letters each takes."""
    magnitudes = np.where(numbers < 0, ~numbers, numbers)
    limits = 1 << (BITS * np.arange(1, LETTERS) - 1)
    lengths = 1 + np.searchsorted(limits, magnitudes, side="right")
    firsts = np.cumsum(lengths) - lengths
    letters = np.empty(int(lengths.sum()), np.uint8)
    for place in range(int(lengths.max())):
        there = lengths > place
        bits = (numbers[there] >> (BITS * place)) & ((1 << BITS) - 1)
        more = (lengths[there] > place + 1).astype(np.int64) << BITS
        letters[firsts[there] + place] = FIRST_LETTER + bits + more
    return letters.tobytes().decode("ascii"), lengths
