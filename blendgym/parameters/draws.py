"""Keyed draws: every random number is a function of what it is for, and of nothing that was drawn before.

So a further parameter, environment or reset changes no other draw.
"""

from __future__ import annotations

import hashlib

import numpy as np


def keyed_generator(*key: int | str) -> np.random.Generator:
    """A generator of its own for a key, such as the seed of an episode and the name of a parameter."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest)))


def keyed_uniform(*key: int | str) -> float:
    """A number from [0, 1) for a key."""
    digest = hashlib.blake2b(repr(key).encode(), digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) * 2.0**-53
