"""Choices: integers from 0, one or several."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.checks import is_integer
from blendgym.errors import InvalidSpace
from blendgym.spaces.array_space import ArraySpace, frozen


class IntegerSpace(ArraySpace, frozen=True, dict=True):
    """Integers from 0, each up to a bound of its own."""

    numbers: ClassVar[str] = "integers"
    cure: ClassVar[str] = "Out-of-range actions are refused."

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the arrays."""
        return self.highest.shape

    @property
    def dtype(self) -> str:
        """Name of their NumPy dtype."""
        return self.highest.dtype.name

    @property
    def lowest(self) -> NDArray[Any]:
        """Zeros."""
        return self._ends[0]

    @property
    def highest(self) -> NDArray[Any]:
        """The upper bounds as an array of the space's shape and dtype."""
        return self._ends[1]

    def takes(self, dtype: np.dtype[Any]) -> bool:
        """Whether a dtype is one of integers, of any width."""
        return dtype.kind in "iu"

    def brought_inside(self, array: NDArray[Any], clips: bool) -> NDArray[Any]:  # noqa: ARG002 (there is none beside)
        """The array as it is: integers are not rounded, and one choice is not near another."""
        return array

    def _highest(self) -> tuple[Any, str]:
        """The upper bounds, and the name of their dtype."""
        raise NotImplementedError

    @cached_property
    def _ends(self) -> tuple[NDArray[Any], NDArray[Any]]:
        values, dtype = self._highest()
        shape = np.shape(values)
        return frozen(np.zeros(shape), dtype, shape), frozen(values, dtype, shape)


class Discrete(IntegerSpace, frozen=True, tag="discrete", tag_field="space", dict=True):
    """The integers from 0 to ``n - 1``, as int64.

    Args:
        n: How many there are.

    Raises:
        InvalidSpace: If that is less than 1.
    """

    n: int

    def __post_init__(self) -> None:
        _check_count(self)

    def _highest(self) -> tuple[Any, str]:
        return self.n - 1, "int64"


class MultiDiscrete(IntegerSpace, frozen=True, tag="multi_discrete", tag_field="space", dict=True):
    """Several integers, as an int64 array of one dimension.

    Args:
        nvec: How many values each can have: they go from 0 to one less.

    Raises:
        InvalidSpace: If there are none, or one can have less than 1 value.
    """

    nvec: tuple[int, ...]

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "nvec", tuple(map(int, self.nvec)))
        if not self.nvec or min(self.nvec) < 1:
            raise InvalidSpace(f"MultiDiscrete has nvec = {self.nvec}; expected some numbers, each at least 1.")

    def _highest(self) -> tuple[Any, str]:
        return [n - 1 for n in self.nvec], "int64"


class MultiBinary(IntegerSpace, frozen=True, tag="multi_binary", tag_field="space", dict=True):
    """Zeros and ones, as an int8 array of one dimension.

    Args:
        n: How many.

    Raises:
        InvalidSpace: If that is less than 1.
    """

    n: int

    def __post_init__(self) -> None:
        _check_count(self)

    def _highest(self) -> tuple[Any, str]:
        return [1] * self.n, "int8"


def _check_count(space: Discrete | MultiBinary) -> None:
    if not (is_integer(space.n) and space.n >= 1):
        raise InvalidSpace(f"{type(space).__name__} has n = {space.n!r:.80}; expected a positive integer.")
