"""Real numbers, or integers, between bounds."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidSpace
from blendgym.spaces.array_space import ArraySpace, frozen

Bound = float | tuple[float, ...]

ROUNDED_PLACES = 4
"""Units in the last place by which an action may be outside of its bounds, such as one that was scaled."""


class Box(ArraySpace, frozen=True, tag="box", tag_field="space", dict=True):
    """Arrays of one shape and dtype between inclusive bounds.

    Args:
        low: Lowest values: one number for all elements, or one for each, in C order. A list or an array will do.
        high: Highest values: one number for all elements, or one for each, in C order. A list or an array will do.
        shape: Shape of the arrays.
        dtype: Name of their NumPy dtype, or the dtype itself.

    Raises:
        InvalidSpace: If a bound has neither one value nor one for each element, or ``low`` exceeds ``high``.
    """

    low: Bound
    high: Bound
    shape: tuple[int, ...]
    dtype: str = "float32"

    def __post_init__(self) -> None:
        as_sent = _plain(self.low), _plain(self.high), tuple(self.shape), self._dtype.name
        for name, value in zip(self.__struct_fields__, as_sent, strict=True):
            msgspec.structs.force_setattr(self, name, value)
        if not (self.lowest <= self.highest).all():
            raise InvalidSpace(f"Box has low {self.low} above high {self.high} (NaN counts as such).")

    @cached_property
    def lowest(self) -> NDArray[Any]:
        """The lower bounds as an array of the space's shape and dtype."""
        return self._filled(self.low, "low")

    @cached_property
    def highest(self) -> NDArray[Any]:
        """The upper bounds as an array of the space's shape and dtype."""
        return self._filled(self.high, "high")

    def takes(self, dtype: np.dtype[Any]) -> bool:
        """Whether a dtype is one of real numbers, for floats; of integers, for integers."""
        return dtype.kind in ("iuf" if self._dtype.kind == "f" else "iu")

    def brought_inside(self, array: NDArray[Any], clips: bool) -> NDArray[Any]:
        """Elements that are out of the bounds by no more than rounding at them; with ``clips``, all that are numbers.

        What stays outside is wrong.
        """
        clipped = np.clip(array, self.lowest, self.highest)
        with np.errstate(invalid="ignore"):  # Where there are no bounds, an infinity is far from itself.
            is_close = np.abs(array - clipped) <= self._rounding
        return np.where(is_close | (clips & ~np.isnan(array)), clipped, array)

    @cached_property
    def _rounding(self) -> NDArray[Any]:
        """What a few operations on numbers as large as the bounds are wrong by."""
        if self._dtype.kind != "f":
            return np.zeros_like(self.lowest)
        sizes = [np.where(np.isfinite(bound), np.abs(bound), 0) for bound in (self.lowest, self.highest)]
        return np.asarray(ROUNDED_PLACES * np.spacing(np.maximum(*sizes).astype(self._dtype)))

    @cached_property
    def _dtype(self) -> np.dtype[Any]:
        try:
            return np.dtype(self.dtype)
        except TypeError:
            raise InvalidSpace(f"Box has dtype {self.dtype!r}; expected the name of a NumPy dtype.") from None

    def _filled(self, bound: Bound, name: str) -> NDArray[Any]:
        size = math.prod(self.shape)
        if isinstance(bound, tuple) and len(bound) != size:
            raise InvalidSpace(f"Box has {len(bound)} values in {name}, its shape {self.shape} has {size} elements.")
        return frozen(bound if isinstance(bound, tuple) else (bound,) * size, self._dtype, self.shape)


def _plain(bound: Any) -> Bound:
    """A bound as it crosses the wire."""
    return bound if isinstance(bound, int | float | tuple) else tuple(np.ravel(bound).tolist())
