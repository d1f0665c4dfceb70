"""What ``reset()`` of many environments is told, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from blendgym.errors import InvalidOption

Seeds = int | Sequence[int | None] | None


def read_seeds(seed: Seeds, count: int) -> list[int | None]:
    """The seed of each environment.

    Args:
        seed: Of the first, those of the others follow; or one for each; or ``None`` for none at all.
        count: How many environments.

    Raises:
        InvalidOption: If there are not as many seeds as environments, or one is not an integer from 0.
    """
    if seed is None:
        return [None] * count
    if not isinstance(seed, Sequence | np.ndarray):
        first = _read_seed(seed)
        return [first + number for number in range(count)]
    if len(seed) != count:
        raise InvalidOption(f"There are {len(seed)} seeds for {count} environments.")
    return [None if each is None else _read_seed(each) for each in seed]


def read_mask(options: Mapping[str, Any], count: int) -> list[int]:
    """Which environments ``options["reset_mask"]`` means; all if there is none.

    Raises:
        InvalidOption: If it is no bool array with one element for each, at least one of them true.
    """
    mask = options.get("reset_mask")
    if mask is None:
        return list(range(count))
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (count,) or not mask.any():
        raise InvalidOption(
            f"options['reset_mask'] is {mask!r}; expected a bool array of shape ({count},) with at least one True."
        )
    chosen: list[int] = mask.nonzero()[0].tolist()
    return chosen


def read_each(options: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """The other options of each environment.

    Args:
        options: Each value is for all environments, or a list with one for each, ``None`` for those that have none.
        count: How many environments.

    Raises:
        InvalidOption: If a list has another length.
    """
    each: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, value in options.items():
        if name == "reset_mask":
            continue
        values = value if isinstance(value, list | tuple) else [value] * count
        if len(values) != count:
            raise InvalidOption(
                f"options[{name!r}] is a list of {len(values)}; expected one for each of the {count} environments, or "
                "a single dict for all."
            )
        for own, given in zip(each, values, strict=True):
            if given is not None:
                own[name] = given
    return each


def _read_seed(seed: int) -> int:
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise InvalidOption(f"A seed is {seed!r}; expected an integer from 0.")
    return int(seed)
