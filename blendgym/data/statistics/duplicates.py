"""Samples that are the same picture, or nearly so."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 16
"""A fingerprint has one bit for each of 16 × 16 pairs of neighbours."""

NEAR = 5
"""Bits of 256 in which the fingerprints of pictures that are nearly the same differ at most."""

STEP = 2
"""By how many of 255 the right one of two neighbours is brighter at least, so that noise does not count."""

NAMED = 20
"""Pairs that are named; the others are counted."""

BITS = np.array([number.bit_count() for number in range(256)], np.uint8)


class Pair(NamedTuple):
    """Two samples, by their indices."""

    first: int
    second: int


class Pairs(msgspec.Struct):
    """Samples that are like an earlier one.

    Args:
        count: How many.
        named: The first of them, each with the earliest sample that it is like.
    """

    count: int = 0
    named: list[Pair] = []

    def add(self, pair: Pair) -> None:
        """Counts a sample."""
        self.count += 1
        if len(self.named) < NAMED:
            self.named.append(pair)


def fingerprint(image: NDArray[Any]) -> NDArray[np.uint8]:
    """A perceptual hash: where a small grey picture becomes brighter to the right, uint8 (32,).

    Args:
        image: (height, width) or (height, width, 3) uint8.
    """
    small = Image.fromarray(image).convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    grey = np.asarray(small, np.int16)
    return np.packbits(grey[:, 1:] >= grey[:, :-1] + STEP)


class Duplicates:
    """Finds samples that are like earlier ones; some 100 bytes are kept of each.

    Attributes:
        exact: Samples whose images are equal bit for bit.
        near: Samples whose fingerprints differ little.
    """

    def __init__(self) -> None:
        self.exact, self.near = Pairs(), Pairs()
        self._known: dict[bytes, int] = {}
        self._indices: list[int] = []
        self._fingerprints = np.zeros((64, SIDE * SIDE // 8), np.uint8)

    def add(self, index: int, images: list[NDArray[Any]]) -> None:
        """Compares a sample with all before it.

        Args:
            index: Of the sample.
            images: Its pictures; the first has a fingerprint if it has colours.
        """
        digest = _digest(images)
        if (earlier := self._known.setdefault(digest, index)) != index:
            self.exact.add(Pair(earlier, index))
        elif images and images[0].dtype == np.uint8 and images[0].ndim == 3:
            self._add_fingerprint(index, fingerprint(images[0]))

    def _add_fingerprint(self, index: int, bits: NDArray[np.uint8]) -> None:
        count = len(self._indices)
        differing = BITS[self._fingerprints[:count] ^ bits].sum(axis=1, dtype=np.int64)
        (near,) = np.nonzero(differing <= NEAR)
        if near.size:
            self.near.add(Pair(self._indices[near[0]], index))
        if count == len(self._fingerprints):
            self._fingerprints = np.concatenate([self._fingerprints, np.zeros_like(self._fingerprints)])
        self._fingerprints[count] = bits
        self._indices.append(index)


def _digest(images: list[NDArray[Any]]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for image in images:
        digest.update(f"{image.dtype}{image.shape}".encode())
        digest.update(np.ascontiguousarray(image).data)
    return digest.digest()
