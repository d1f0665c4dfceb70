"""Random numbers by seed and count, for many seeds at once.

Each number is a function of the seed of its episode and of its place there, as in Salmon et al., "Parallel Random
Numbers: As Easy as 1, 2, 3" (2011). So an episode is the same whatever is played beside it. The function is that of
SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014), figure 13.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Seeds = NDArray[np.uint64]

_GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27))
_LAST_SHIFT, _MANTISSA_SHIFT = np.uint64(31), np.uint64(11)


def mixed(numbers: Seeds) -> Seeds:
    """Scrambles all bits of a uint64 array in place: a bijection."""
    for shift, factor in zip(_SHIFTS, _FACTORS, strict=True):
        numbers ^= numbers >> shift
        numbers *= factor
    numbers ^= numbers >> _LAST_SHIFT
    return numbers


def uniform(seeds: Seeds, first: NDArray[np.uint64] | int, count: int) -> NDArray[np.float64]:
    """Uniform numbers from [0, 1).

    Args:
        seeds: uint64 (rows,).
        first: Place of the first one, for all rows or for each: uint64 (rows,).
        count: How many of each row, at consecutive places.

    Returns:
        float64 (count, rows).
    """
    places = np.asarray(first, np.uint64) + np.arange(1, count + 1, dtype=np.uint64)[:, None]
    return np.asarray((mixed(places * _GOLDEN_GAMMA + seeds) >> _MANTISSA_SHIFT) * 2.0**-53)


def standard_normal(seeds: Seeds, first: NDArray[np.uint64] | int, count: int) -> NDArray[np.float64]:
    """Standard normal numbers, by the method of Box and Muller (1958). They use up an even number of places.

    Args:
        seeds: uint64 (rows,).
        first: Place of the first one, for all rows or for each: uint64 (rows,).
        count: How many of each row.

    Returns:
        float64 (count, rows).
    """
    pairs = (count + 1) // 2
    radius, turn = uniform(seeds, first, 2 * pairs).reshape(2, pairs, -1)
    np.log1p(np.negative(radius, out=radius), out=radius)
    radius *= -2.0
    np.sqrt(radius, out=radius)
    turn *= 2.0 * np.pi
    numbers = np.concatenate([radius * np.cos(turn), radius * np.sin(turn)])
    return np.asarray(numbers[:count])
