"""Arrays between bounds: whether something is one, and what is said if not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidAction

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


def frozen(values: Iterable[Any] | float, dtype: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """An array that nobody writes to."""
    array = np.array(values, dtype=dtype).reshape(shape)
    array.flags.writeable = False
    return array


def _exact(number: Any) -> str:
    """In few digits if these are all that it has."""
    short = f"{number:g}"
    return short if type(number)(float(short)) == number else str(number)
