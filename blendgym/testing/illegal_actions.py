"""Actions that are not in a space, for every way of not being in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.spaces import Box, IntegerSpace, Leaf

Illegal = tuple[str, NDArray[Any]]


def illegal_actions(space: Leaf) -> Iterator[Illegal]:
    """Single actions that an environment has to refuse, each with what is wrong with it."""
    if isinstance(space, IntegerSpace):
        yield from _illegal_integers(space)
    else:
        yield from _illegal_arrays(space)


def _illegal_integers(space: IntegerSpace) -> Iterator[Illegal]:
    legal = np.zeros(space.shape, np.int64)
    yield "an action one too high", _with_first(legal, int(space.highest.flat[0]) + 1)
    yield "a negative action", _with_first(legal, -1)
    yield "an action of a wrong dtype", legal.astype(np.float64)
    yield "an action of a wrong shape", np.zeros((*space.shape, 2), np.int64)


def _illegal_arrays(space: Box) -> Iterator[Illegal]:
    legal = np.clip(np.zeros(space.shape, space.dtype), space.lowest, space.highest)
    yield "an action of a wrong dtype", legal.astype(np.bool_)
    yield "an action of a wrong shape", np.zeros((*space.shape, 2), space.dtype)
    if not legal.size:
        return
    if legal.dtype.kind == "f":
        yield "an action with NaN", _with_first(legal, np.nan)
    for name, bound, sign in (("above", space.highest, 1), ("below", space.lowest, -1)):
        for value in _beyond(bound.flat[0], sign):
            yield f"an action {name} its bound ({value:g})", _with_first(legal, value)


def _beyond(bound: Any, sign: int) -> list[Any]:
    """Values of a bound's own dtype on its wrong side: a near one, and infinity; none if there are none."""
    if bound.dtype.kind == "f":
        infinity = bound.dtype.type(sign * np.inf)
        near = bound.dtype.type(bound + sign * 0.01 * max(1.0, abs(bound)))  # Farther out than rounding leads.
        return [near, infinity] if np.isfinite(bound) else []
    limits, value = np.iinfo(bound.dtype), int(bound) + sign
    return [value] if limits.min <= value <= limits.max else []


def _with_first(legal: NDArray[Any], value: Any) -> NDArray[Any]:
    changed = legal.copy()
    changed.flat[0] = value
    return changed
