"""Dicts of named arrays; and single arrays as if they were such dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidSpace
from blendgym.spaces.box import Box
from blendgym.spaces.integers import Discrete, MultiBinary, MultiDiscrete

Arrays = Mapping[str, NDArray[Any]]
"""Named arrays."""

STATE = "state"
"""The name of an observation that is a single array."""

Leaf = Box | Discrete | MultiDiscrete | MultiBinary
"""A space whose elements are single arrays."""


class Dict(msgspec.Struct, frozen=True, tag="dict", tag_field="space"):
    """Dicts of named arrays.

    Args:
        spaces: What each array lies in, by name; none for tasks of which only images are observed. Names are those of
            Python variables; a dict within a dict is none.

    Raises:
        InvalidSpace: If it is no dict, a name is no word, or a space is not one of those whose elements are arrays.
    """

    spaces: dict[str, Leaf]

    def __post_init__(self) -> None:
        if not isinstance(self.spaces, dict):
            raise InvalidSpace(f"Dict has the spaces {self.spaces!r}; expected a dict of them, by name.")
        for name, space in self.spaces.items():
            if not isinstance(name, str) or not name.isidentifier():
                raise InvalidSpace(f"Dict has an array named {name!r}; expected letters, digits and underscores.")
            if not isinstance(space, Leaf):
                raise InvalidSpace(
                    f"Dict has {type(space).__name__} under {name!r}; expected Box, Discrete, MultiDiscrete or "
                    f"MultiBinary. Name what is deeper in one word, such as '{name}_position'."
                )


Space = Leaf | Dict


def leaves(space: Space) -> dict[str, Leaf]:
    """The spaces of the arrays that an element of a space consists of, by name; a single one is the ``STATE``."""
    return space.spaces if isinstance(space, Dict) else {STATE: space}


def only(space: Space, who: str) -> Leaf:
    """The space itself, if its elements are single arrays.

    Args:
        space: Any.
        who: Has no use for others, for the message.

    Raises:
        InvalidSpace: If they are dicts.
    """
    if isinstance(space, Dict):
        raise InvalidSpace(f"{who} takes observations that are single arrays, not dicts of {', '.join(space.spaces)}.")
    return space


def named(arrays: Any) -> Arrays:
    """An element of a space, or a batch of them, as arrays by name; a single one is the ``STATE``."""
    return arrays if isinstance(arrays, Mapping) else {STATE: arrays}


def blank(spaces: Mapping[str, Leaf], count: int) -> dict[str, NDArray[Any]]:
    """Zeros for so many elements of some spaces, (count, …) by name."""
    return {name: np.zeros((count, *space.lowest.shape), space.lowest.dtype) for name, space in spaces.items()}
