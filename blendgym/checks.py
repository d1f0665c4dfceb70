"""Checks of arguments: numbers, one of several words, dicts, functions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from blendgym.errors import InvalidOption

NO_LIMIT = sys.maxsize

LARGEST_SEED = 2**32 - 1
"""Of a training: NumPy's old generators, which stable-baselines3 seeds, too, take no larger one."""


def is_integer(given: Any) -> bool:
    """Whether something is an integer of Python or NumPy, which ``True`` is not meant to be."""
    return isinstance(given, int | np.integer) and not isinstance(given, bool)


def is_number(given: Any) -> bool:
    """Whether something is a number of Python or NumPy, finite or not, which ``True`` is not meant to be."""
    return isinstance(given, int | float | np.integer | np.floating) and not isinstance(given, bool)


def check_positive(**numbers: int | None) -> None:
    """Looks at arguments that are counts, by name; ``None`` is none.

    Raises:
        InvalidOption: If one is not a positive integer.
    """
    check_counts(**{name: number for name, number in numbers.items() if number is not None})


def check_counts(**numbers: int) -> None:
    """Looks at arguments that are counts, by name, none of which can be left out.

    Raises:
        InvalidOption: If one is not a positive integer.
    """
    for name, number in numbers.items():
        if not (is_integer(number) and number >= 1):
            raise InvalidOption(f"{name} is {number!r:.80}; expected a positive integer.")


def check_seed(given: Any) -> None:
    """Looks at the seed of a training.

    Raises:
        InvalidOption: If it is no integer from 0 to ``LARGEST_SEED``.
    """
    if not (is_integer(given) and 0 <= given <= LARGEST_SEED):
        raise InvalidOption(f"seed is {given!r:.80}; expected an integer from 0 to {LARGEST_SEED}.")


def check_between(name: str, given: Any, low: float, high: float) -> None:
    """Looks at an argument that is a number.

    Raises:
        InvalidOption: If it is none between these bounds.
    """
    if not (is_number(given) and low <= given <= high):
        raise InvalidOption(f"{name} is {given!r:.80}; expected a number from {low:g} to {high:g}.")


def check_flag(name: str, given: Any) -> None:
    """Looks at an argument that says whether.

    Raises:
        InvalidOption: If it is neither ``True`` nor ``False``.
    """
    if not isinstance(given, bool):
        raise InvalidOption(f"{name} is {given!r:.80}; expected True or False.")


def check_choice(name: str, given: Any, choices: Iterable[str | None]) -> None:
    """Looks at an argument that is one of several words, or ``None`` if that is among them.

    Raises:
        InvalidOption: If it is something else.
    """
    known = tuple(choices)
    if not isinstance(given, str | None) or given not in known:
        raise InvalidOption(f"{name} is {given!r:.80}; expected one of {', '.join(map(repr, known))}.")


def check_dicts(**arguments: Any) -> None:
    """Looks at arguments that are dicts with strings as keys, by name; ``None`` is none.

    Raises:
        InvalidOption: If one is something else.
    """
    for name, given in arguments.items():
        if given is not None and not (isinstance(given, Mapping) and all(isinstance(key, str) for key in given)):
            raise InvalidOption(f"{name} is {given!r:.80}; expected a dict, whose keys are strings.")


def check_switches(**arguments: bool | None) -> None:
    """Looks at arguments that are on or off, by name; ``None`` is none.

    Raises:
        InvalidOption: If one is something else.
    """
    for name, given in arguments.items():
        if not isinstance(given, bool | np.bool_ | None):
            raise InvalidOption(f"{name} is {given!r:.80}; expected True or False.")


def check_functions(**arguments: Any) -> None:
    """Looks at arguments that are called later, by name.

    Raises:
        InvalidOption: If one cannot be called.
    """
    for name, given in arguments.items():
        if not callable(given):
            raise InvalidOption(f"{name} is {given!r:.80}; expected a function.")


def read_integer(name: str, given: Any) -> int:
    """An argument that is any integer, as Python's own.

    Raises:
        InvalidOption: If it is something else.
    """
    if not is_integer(given):
        raise InvalidOption(f"{name} is {given!r:.80}; expected an integer.")
    return int(given)


def read_time_limit(given: int | None) -> int:
    """The number of steps after which episodes are truncated; for ``gym.make``, ``None`` and -1 mean never.

    Raises:
        InvalidOption: If it is not a positive integer.
    """
    if given is None or given == -1:
        return NO_LIMIT
    check_positive(max_episode_steps=given)
    return given
