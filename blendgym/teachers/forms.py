"""Forms of states: what each part of one may be, so that a state is checked whole before any of it is taken over.

A form is a dict of parts by name, each a form itself or one of the kinds of values here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from blendgym.checks import is_integer, is_number
from blendgym.errors import InvalidOption
from blendgym.parameters.episodes import UNIFORM

LARGEST = 1e9
"""No number of a state is larger: what is computed from it stays finite."""

LARGEST_COUNT = 2**62

FINITE = -sys.float_info.max, sys.float_info.max

Sizes = dict[str, int]
"""The lengths of axes that were seen so far, by name."""


class Part(Protocol):
    """What a part of a state may be."""

    def check(self, given: Any, where: str, sizes: Sizes) -> None:
        """Raises ``InvalidOption`` if something is no such part.

        Args:
            given: The part.
            where: Its place in the state, for messages.
            sizes: Lengths of axes; those of new names are added.
        """


Form = Mapping[str, Any]
"""Parts by name: each a ``Part``, or a form itself."""


class Integer(NamedTuple):
    """An integer between two bounds."""

    low: int = 0
    high: int = LARGEST_COUNT

    def check(self, given: Any, where: str, sizes: Sizes) -> None:  # noqa: ARG002
        """Raises if it is none."""
        if not (is_integer(given) and self.low <= given <= self.high):
            raise _unlike(where, f"an integer from {self.low} to {self.high}", given)


class Number(NamedTuple):
    """A number between two bounds."""

    low: float = -LARGEST
    high: float = LARGEST

    def check(self, given: Any, where: str, sizes: Sizes) -> None:  # noqa: ARG002
        """Raises if it is none."""
        if not (is_number(given) and self.low <= given <= self.high):
            raise _unlike(where, f"a number from {self.low:g} to {self.high:g}", given)


class Switch(NamedTuple):
    """True or false."""

    def check(self, given: Any, where: str, sizes: Sizes) -> None:  # noqa: ARG002
        """Raises if it is neither."""
        if not isinstance(given, bool | np.bool_):
            raise _unlike(where, "True or False", given)


class ArrayOf(NamedTuple):
    """An array of some type.

    Args:
        dtype: Of NumPy, exactly.
        shape: Lengths of its axes: numbers, or names of what all axes of that name have as many of.
        low: Least value.
        high: Greatest value.
    """

    dtype: type[np.generic]
    shape: tuple[int | str, ...]
    low: float = -LARGEST
    high: float = LARGEST

    def check(self, given: Any, where: str, sizes: Sizes) -> None:
        """Raises if it is another."""
        expected = f"an array of {np.dtype(self.dtype)} of the shape ({', '.join(map(str, self.shape))})"
        if not isinstance(given, np.ndarray) or given.dtype != self.dtype or given.ndim != len(self.shape):
            raise _unlike(where, expected, given)
        for named, length in zip(self.shape, given.shape, strict=True):
            if length != (sizes.setdefault(named, length) if isinstance(named, str) else named):
                raise _unlike(where, f"{expected}, where {named} is {sizes.get(str(named), named)}", given)
        outside = ~((given >= self.low) & (given <= self.high))  # which NaN is
        if outside.any():
            place = tuple(int(axis[0]) for axis in np.nonzero(outside))
            raise _unlike(f"{where}{list(place)}", f"from {self.low:g} to {self.high:g}", given[place])


class Constant(NamedTuple):
    """What says how a teacher was made."""

    value: int | str

    def check(self, given: Any, where: str, sizes: Sizes) -> None:  # noqa: ARG002
        """Raises if it is another."""
        if type(given) is not type(self.value) or given != self.value:
            raise _unlike(where, f"{self.value!r}, as here", given)


class Maybe(NamedTuple):
    """A form, or ``None``."""

    form: Form

    def check(self, given: Any, where: str, sizes: Sizes) -> None:
        """Raises if it is neither."""
        if given is not None:
            _check(self.form, given, where, sizes)


class Own(NamedTuple):
    """A form whose axes have lengths of their own."""

    form: Form

    def check(self, given: Any, where: str, sizes: Sizes) -> None:  # noqa: ARG002
        """Raises if it is not of that form."""
        _check(self.form, given, where, {})


class Several(NamedTuple):
    """A list of forms, whose axes have lengths of their own."""

    forms: Sequence[Form]

    def check(self, given: Any, where: str, sizes: Sizes) -> None:  # noqa: ARG002
        """Raises if one is not of its form, or there are too few or too many."""
        if not isinstance(given, list | tuple) or len(given) != len(self.forms):
            raise _unlike(where, f"a list of {len(self.forms)}", given)
        for number, (form, each) in enumerate(zip(self.forms, given, strict=True)):
            _check(form, each, f"{where}[{number}]", {})


def check_form(form: Form, state: Any) -> None:
    """Looks at the whole of a state.

    Raises:
        InvalidOption: If a part is missing, unknown or not as its form says; the message names it.
    """
    _check(form, state, "", {})


def column_forms(dimensions: int, rows: str) -> dict[str, ArrayOf]:
    """The form of the columns of ``Episodes``, by name.

    Args:
        dimensions: Of the cube.
        rows: What the axis of the episodes is called.
    """
    return {
        "unit": ArrayOf(np.float64, (rows, dimensions), 0.0, 1.0),
        "tags": ArrayOf(np.int64, (rows,), UNIFORM, LARGEST_COUNT),
        "versions": ArrayOf(np.int64, (rows,), -LARGEST_COUNT, LARGEST_COUNT),
        "returns": ArrayOf(np.float64, (rows,), *FINITE),
        "scores": ArrayOf(np.float64, (rows,), 0.0, 1.0),
        "successes": ArrayOf(np.bool_, (rows,), 0, 1),
        "lengths": ArrayOf(np.int64, (rows,), 0, LARGEST_COUNT),
    }


def _check(form: Form | Part, given: Any, where: str, sizes: Sizes) -> None:
    if not isinstance(form, Mapping):
        form.check(given, where, sizes)
        return
    if not isinstance(given, Mapping):
        raise _unlike(where or "it", f"a dict of {', '.join(form)}", given)
    if unknown := [name for name in given if name not in form]:
        raise InvalidOption(
            f"This is no state of such a teacher: {where or 'it'} has {unknown!r:.80} besides {', '.join(form)}."
        )
    for name, part in form.items():
        place = f"{where}.{name}" if where else name
        if name not in given:
            raise InvalidOption(f"This is no state of such a teacher: {place} is missing.")
        _check(part, given[name], place, sizes)


def _unlike(where: str, expected: str, given: Any) -> InvalidOption:
    got = f"{given.dtype} {given.shape}" if isinstance(given, np.ndarray) else f"{given!r:.80}"
    return InvalidOption(f"This is no state of such a teacher: {where} is {got}; expected {expected}.")
