"""Spaces as both sides of the wire know them: plain data, no Blender, no Gymnasium."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import cycle
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidAction, InvalidSpace

Bound = float | tuple[float, ...]

FEW_NUMBERS = 64  # As many as that Python compares faster than NumPy.


class Box(msgspec.Struct, frozen=True, tag="box", tag_field="space", dict=True):
    """Arrays of one shape and dtype between inclusive bounds.

    Args:
        low: Lowest values: one number for all elements, or one for each, in C order.
        high: Highest values, likewise.
        shape: Shape of the arrays.
        dtype: Name of their NumPy dtype.

    Raises:
        InvalidSpace: If a bound has neither one value nor one for each element, or ``low`` exceeds ``high``.
    """

    low: Bound
    high: Bound
    shape: tuple[int, ...]
    dtype: str = "float32"

    def __post_init__(self) -> None:
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

    def validate(self, action: Any) -> NDArray[Any]:
        """Returns ``action`` as an array if it lies in the space; converts no dtype and clips nothing.

        Raises:
            InvalidAction: If the dtype, the shape or a value is wrong. The message names the first bad element.
        """
        array = np.asarray(action)
        if array.dtype != self._dtype:
            raise InvalidAction(
                f"Action has dtype {array.dtype}, the action space has {self.dtype}. "
                f"Convert it: np.asarray(action, dtype=np.{self.dtype})."
            )
        if array.shape != self.shape:
            raise InvalidAction(f"Action has shape {array.shape}, the action space has {self.shape}.")
        if not self._holds(array):
            raise InvalidAction(self._first_violation(array))
        return array

    def validate_batch(self, actions: Any, count: int) -> NDArray[Any]:
        """Returns some actions as one array (count, …) if each lies in the space.

        Raises:
            InvalidAction: As ``validate``.
        """
        array = np.asarray(actions)
        if array.dtype != self._dtype or array.shape != (count, *self.shape):
            raise InvalidAction(
                f"The actions have dtype {array.dtype} and shape {array.shape}; expected {self.dtype} and "
                f"{(count, *self.shape)}, one action for each environment. "
                f"Convert the dtype: np.asarray(actions, dtype=np.{self.dtype})."
            )
        if not self._holds(array):
            row = next(row for row in range(count) if not self._holds(array[row]))
            which = f"Action {row} of {count}: " if count > 1 else ""
            raise InvalidAction(which + self._first_violation(array[row]))
        return array

    def _holds(self, array: NDArray[Any]) -> bool:
        """Whether all elements of an array of the space, or of a batch of them, are within the bounds."""
        if array.size > FEW_NUMBERS:
            return bool(((array >= self.lowest) & (array <= self.highest)).all())
        # NaN compares false with everything.
        for value, (lowest, highest) in zip(array.ravel().tolist(), cycle(self._bounds), strict=False):
            if not lowest <= value <= highest:
                return False
        return True

    @cached_property
    def _bounds(self) -> list[tuple[Any, Any]]:
        return list(zip(self.lowest.ravel().tolist(), self.highest.ravel().tolist(), strict=True))

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
        values = bound if isinstance(bound, tuple) else (bound,) * size
        filled = np.array(values, dtype=self._dtype).reshape(self.shape)
        filled.flags.writeable = False
        return filled

    def _first_violation(self, array: NDArray[Any]) -> str:
        inside = (array >= self.lowest) & (array <= self.highest)
        index = tuple(int(i) for i in np.argwhere(~inside)[0])
        return (
            f"Action element {list(index)} is {array[index]:g}, allowed are values from {self.lowest[index]:g} to "
            f"{self.highest[index]:g}. Out-of-range actions are refused, not clipped: "
            "clip them in the policy or with gymnasium.wrappers.ClipAction."
        )


class Discrete(msgspec.Struct, frozen=True, tag="discrete", tag_field="space"):
    """The integers from 0 to ``n - 1``.

    Args:
        n: How many there are.
    """

    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise InvalidSpace(f"Discrete has n = {self.n}; expected at least 1.")

    def validate(self, action: Any) -> NDArray[Any]:
        """Returns ``action`` as a 0-d int64 array if it is an integer of the space.

        Raises:
            InvalidAction: If it is no integer, not a single one, or out of range.
        """
        array = np.asarray(action)
        if array.dtype.kind not in "iu":
            raise InvalidAction(
                f"Action has dtype {array.dtype}, the action space holds integers from 0 to {self.n - 1}."
            )
        if array.shape != ():
            raise InvalidAction(f"Action has shape {array.shape}, the action space holds single integers.")
        if not 0 <= array < self.n:
            raise InvalidAction(f"Action is {array}, allowed are integers from 0 to {self.n - 1}.")
        return array.astype(np.int64)

    def validate_batch(self, actions: Any, count: int) -> NDArray[Any]:
        """Returns some actions as one int64 array (count,) if each is an integer of the space.

        Raises:
            InvalidAction: As ``validate``.
        """
        array = np.asarray(actions)
        if array.dtype.kind not in "iu" or array.shape != (count,):
            raise InvalidAction(
                f"The actions have dtype {array.dtype} and shape {array.shape}; expected integers of shape {(count,)}, "
                "one action for each environment."
            )
        inside = (array >= 0) & (array < self.n)
        if not inside.all():
            row = int(np.argmin(inside))
            raise InvalidAction(
                f"Action {row} of {count} is {array[row]}, allowed are integers from 0 to {self.n - 1}."
            )
        return array.astype(np.int64)


Space = Box | Discrete
