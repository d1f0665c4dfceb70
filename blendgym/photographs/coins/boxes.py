"""How well boxes are found: average precision as COCO defines it, and which confidence is enough.

T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context" (2014), as pycocotools 2.0 computes it. It is computed
here because intervals need it thousands of times, each time with other weights of the objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

OVERLAPS = np.linspace(0.5, 0.95, 10)
"""From which intersection over union on an object counts as found: AP is the mean over these."""

RECALLS = np.linspace(0.0, 1.0, 101)
MOST = 100
"""The most confident detections of a picture that count."""


class Found(NamedTuple):
    """What a detector has found of the objects of one picture or several.

    Args:
        confidences: Of detections, descending, (detections,).
        hits: Which of them found an object that no other had found, for each of ``OVERLAPS``, (10, detections).
        owners: The number of the object that each detection is of or nearest to, (detections,); -1 where there is none.
        objects: How many there are to be found.
    """

    confidences: Numbers
    hits: NDArray[np.bool_]
    owners: NDArray[np.int64]
    objects: int


def overlaps(boxes: ArrayLike, others: ArrayLike) -> Numbers:
    """Intersection over union of each box with each of others, (boxes, others).

    Args:
        boxes: Left, top, right, bottom of each, (boxes, 4).
        others: Likewise, (others, 4).
    """
    first, second = np.reshape(boxes, (-1, 1, 4)), np.reshape(others, (1, -1, 4))
    sides = np.minimum(first[..., 2:], second[..., 2:]) - np.maximum(first[..., :2], second[..., :2])
    common = np.maximum(sides, 0.0).prod(axis=-1)
    areas = [(each[..., 2:] - each[..., :2]).prod(axis=-1) for each in (first, second)]
    return np.asarray(common / np.maximum(areas[0] + areas[1] - common, 1e-12), np.float64)


def match(boxes: ArrayLike, confidences: ArrayLike, truths: ArrayLike) -> Found:
    """Which boxes of one picture are of which objects: the surest first, each of the best that is still free.

    Args:
        boxes: That were detected, (detections, 4).
        confidences: How sure each is, (detections,).
        truths: Boxes of the objects, (objects, 4).
    """
    order = np.argsort(-np.asarray(confidences, np.float64), kind="stable")[:MOST]
    detected, known = np.reshape(boxes, (-1, 4))[order], np.reshape(truths, (-1, 4))
    shared = overlaps(detected, known)
    owners = _nearest(detected, known)
    hits = np.zeros((len(OVERLAPS), len(order)), np.bool_)
    for level, least in enumerate(OVERLAPS):
        is_free = np.ones(len(known), np.bool_)
        for number in range(len(order)):
            candidates = np.where(is_free & (shared[number] >= least - 1e-10), shared[number], -1.0)
            if len(known) and candidates.max() >= 0.0:
                best = int(candidates.argmax())
                is_free[best], hits[level, number] = False, True
                owners[number] = best
    return Found(np.asarray(confidences, np.float64)[order], hits, owners, len(known))


def together(pictures: Sequence[Found]) -> Found:
    """What was found in several pictures, as in one; objects are numbered on."""
    firsts = np.cumsum([0, *(each.objects for each in pictures)])
    confidences = np.concatenate([each.confidences for each in pictures])
    owners = [np.where(each.owners < 0, -1, each.owners + first) for each, first in zip(pictures, firsts, strict=False)]
    order = np.argsort(-confidences, kind="stable")
    hits = np.concatenate([each.hits for each in pictures], axis=1)
    return Found(confidences[order], hits[:, order], np.concatenate(owners)[order], int(firsts[-1]))


def average_precisions(found: Found, weights: ArrayLike | None = None) -> Numbers:
    """Average precision at each of ``OVERLAPS``, (10,), from 0 to 1; 0 where there is no object.

    Args:
        found: What was found.
        weights: How often each object is there, with all that is nearest to it, (objects,); by default once. Whole
            numbers are exact; with others, a recall may be missed by a rounding error.
    """
    return np.asarray(precisions(found, weights).mean(axis=1))


def precisions(found: Found, weights: ArrayLike | None = None) -> Numbers:
    """The highest precision with at least each of ``RECALLS``, (10, 101); 0 for recalls that are not reached.

    Args:
        found: What was found.
        weights: As in ``average_precisions``.
    """
    each = np.ones(found.objects) if weights is None else np.asarray(weights, np.float64)
    total = each.sum()
    if total == 0.0 or not len(found.confidences):
        return np.zeros((len(OVERLAPS), len(RECALLS)))
    counts = np.append(each, 1.0)[found.owners]
    right = np.cumsum(counts * found.hits, axis=1)
    precision = right / np.maximum(np.cumsum(counts), 1e-12)
    highest = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    reached = np.stack([np.searchsorted(row, RECALLS, side="left") for row in right / total])
    return np.take_along_axis(np.pad(highest, ((0, 0), (0, 1))), reached, axis=1)


def sure_enough(found: Found) -> float:
    """The confidence from which on detections are best taken for objects: where F1 at an overlap of a half is highest.

    In the middle between the last detection that is taken and the first that is not. 1 if nothing was found.
    """
    if not found.hits[0].any():
        return 1.0
    right = np.cumsum(found.hits[0])
    taken = np.arange(1, len(right) + 1)
    best = int((2.0 * right / (taken + found.objects)).argmax())
    following = found.confidences[best + 1] if best + 1 < len(right) else 0.0
    return float(found.confidences[best] + following) / 2.0


def _nearest(boxes: Numbers, truths: Numbers) -> NDArray[np.int64]:
    if not len(truths):
        return np.full(len(boxes), -1)
    middles, others = ((each[:, :2] + each[:, 2:]) / 2.0 for each in (boxes, truths))
    return np.asarray(np.linalg.norm(middles[:, None] - others, axis=-1).argmin(axis=1), np.int64)
