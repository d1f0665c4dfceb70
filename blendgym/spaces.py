"""Spaces as both sides of the wire know them: plain data, no Blender, no Gymnasium."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidAction, InvalidSpace

Bound = float | tuple[float, ...]
Arrays = Mapping[str, NDArray[Any]]
"""Named arrays."""

STATE = "state"
"""The name of an observation that is a single array."""

ROUNDED_PLACES = 4
"""Units in the last place by which an action may be outside of its bounds, such as one that was scaled."""

NO_NUMBER = (
    "NaN is no number, and is not clipped either: look at what the policy was given, and whether its training has "
    "diverged."
)

FEW_NUMBERS = 64  # As many as that Python compares faster than NumPy.


class ArraySpace(msgspec.Struct, frozen=True, dict=True):
    """Arrays of one shape and dtype between inclusive bounds: what all spaces but ``Dict`` are."""

    numbers: ClassVar[str] = "values"
    cure: ClassVar[str] = (
        "Out-of-range actions are refused, not clipped: clip them in the policy or with gymnasium.wrappers.ClipAction, "
        'or make the environment with out_of_range="clip".'
    )

    @property
    def lowest(self) -> NDArray[Any]:
        """The lower bounds as an array of the space's shape and dtype."""
        raise NotImplementedError

    @property
    def highest(self) -> NDArray[Any]:
        """The upper bounds as an array of the space's shape and dtype."""
        raise NotImplementedError

    def takes(self, dtype: np.dtype[Any]) -> bool:
        """Whether arrays of a dtype can be converted to that of the space."""
        raise NotImplementedError

    def brought_inside(self, array: NDArray[Any], clips: bool) -> NDArray[Any]:
        """Elements that are out of the bounds by no more than rounding at them; with ``clips``, all that are numbers.

        What stays outside is wrong.
        """
        raise NotImplementedError

    def validate(self, action: Any, clips: bool = False) -> NDArray[Any]:
        """Returns ``action`` as an array of the space's dtype if it lies in the space.

        Integers may come in any integer dtype, the elements of a ``Box`` as any real numbers. A few units in the last
        place outside of the bounds, as rounding makes them, count as the bounds.

        Args:
            action: An array, a number or a list.
            clips: Whether numbers that are farther outside are brought to the bounds, too.

        Raises:
            InvalidAction: If the dtype, the shape or a value is wrong. The message names the first bad element.
        """
        array = np.asarray(action)
        dtype = self.lowest.dtype
        if array.dtype != dtype and not self.takes(array.dtype):
            raise InvalidAction(
                f"Action has dtype {array.dtype}, the action space has {dtype}. {self._advice('action')}"
            )
        if array.shape != self.lowest.shape:
            raise InvalidAction(f"Action has shape {array.shape}, the action space has {self.lowest.shape}.")
        if not self.holds(array):
            array = self.brought_inside(array, clips)
            if not self.holds(array):
                raise InvalidAction(f"Action {self.violation(array)}. {self._cure_of(array)}")
        return array if array.dtype == dtype else array.astype(dtype)

    def validate_batch(self, actions: Any, count: int, clips: bool = False) -> NDArray[Any]:
        """Returns some actions as one array (count, …) if each lies in the space.

        Args:
            actions: An array, or a list of actions.
            count: How many there have to be.
            clips: As that of ``validate``.

        Raises:
            InvalidAction: As ``validate``.
        """
        array = np.asarray(actions)
        dtype = self.lowest.dtype
        if (array.dtype != dtype and not self.takes(array.dtype)) or array.shape != (count, *self.lowest.shape):
            raise InvalidAction(
                f"The actions have dtype {array.dtype} and shape {array.shape}; expected {dtype} and "
                f"{(count, *self.lowest.shape)}, one action for each environment. {self._advice('actions')}"
            )
        if not self.holds(array):
            array = self.brought_inside(array, clips)
            self._check_rows(array)
        return array if array.dtype == dtype else array.astype(dtype)

    def holds(self, array: NDArray[Any]) -> bool:
        """Whether all elements of an array of the space's shape, or of a batch of them, are within the bounds."""
        if array.size > FEW_NUMBERS:
            return bool(((array >= self.lowest) & (array <= self.highest)).all())
        values, bounds = array.ravel().tolist(), self._bounds
        if len(values) > len(bounds):
            bounds = bounds * (len(values) // len(bounds))  # "cycle" takes five times as long for a few.
        # NaN compares false with everything; an empty batch has fewer values than there are bounds.
        for value, (lowest, highest) in zip(values, bounds, strict=False):  # noqa: SIM110 (a generator takes longer)
            if not lowest <= value <= highest:
                return False
        return True

    def violation(self, array: NDArray[Any]) -> str:
        """Continues a message about an array of the space's shape that is not within the bounds: what is wrong."""
        inside = (array >= self.lowest) & (array <= self.highest)
        index = tuple(int(i) for i in np.argwhere(~inside)[0])
        element = f"element {list(index)} " if index else ""
        allowed = f"{self.numbers} from {_exact(self.lowest[index])} to {_exact(self.highest[index])}"
        return f"{element}is {_exact(array[index])}, allowed are {allowed}"

    def _check_rows(self, array: NDArray[Any]) -> None:
        for row, action in enumerate(array):
            if not self.holds(action):
                which = f"Action {row} of {len(array)}" if len(array) > 1 else "Action"
                raise InvalidAction(f"{which} {self.violation(action)}. {self._cure_of(action)}")

    def _cure_of(self, array: NDArray[Any]) -> str:
        """Ends a message about an array that is not within the bounds: what to do."""
        return NO_NUMBER if np.isnan(array).any() else self.cure

    @cached_property
    def _bounds(self) -> list[tuple[Any, Any]]:
        return list(zip(self.lowest.ravel().tolist(), self.highest.ravel().tolist(), strict=True))

    def _advice(self, name: str) -> str:
        """Ends a message about a wrong dtype: what to do."""
        return f"Convert the dtype: np.asarray({name}, dtype=np.{self.lowest.dtype})."


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
        return _frozen(bound if isinstance(bound, tuple) else (bound,) * size, self._dtype, self.shape)


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
        return _frozen(np.zeros(shape), dtype, shape), _frozen(values, dtype, shape)


class Discrete(IntegerSpace, frozen=True, tag="discrete", tag_field="space", dict=True):
    """The integers from 0 to ``n - 1``, as int64.

    Args:
        n: How many there are.

    Raises:
        InvalidSpace: If that is less than 1.
    """

    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise InvalidSpace(f"Discrete has n = {self.n}; expected at least 1.")

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
        if self.n < 1:
            raise InvalidSpace(f"MultiBinary has n = {self.n}; expected at least 1.")

    def _highest(self) -> tuple[Any, str]:
        return [1] * self.n, "int8"


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


def _exact(number: Any) -> str:
    """In few digits if these are all that it has."""
    short = f"{number:g}"
    return short if type(number)(float(short)) == number else str(number)


def _plain(bound: Any) -> Bound:
    """A bound as it crosses the wire."""
    return bound if isinstance(bound, int | float | tuple) else tuple(np.ravel(bound).tolist())


def _frozen(values: Iterable[Any] | float, dtype: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """An array that nobody writes to."""
    array = np.array(values, dtype=dtype).reshape(shape)
    array.flags.writeable = False
    return array
