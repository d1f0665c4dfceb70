"""Checks of what teachers are given, before they take note of any of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidEpisodes, InvalidOption
from blendgym.parameters.episodes import Episodes

_KINDS = {"tags": "iu", "versions": "iu", "returns": "f", "scores": "f", "successes": "b", "lengths": "iu"}


def checked_places(unit: Any, dimensions: int) -> NDArray[np.float64]:
    """Returns places of the cube as float64 (count, dimensions).

    Raises:
        InvalidEpisodes: If they have another shape, or are not in the cube.
    """
    places = np.asarray(unit, np.float64)
    if places.ndim != 2 or places.shape[1] != dimensions:
        raise InvalidEpisodes(f"Places of the cube have the shape (count, {dimensions}), got {places.shape}.")
    inside = (places >= 0.0) & (places <= 1.0)  # which NaN is not
    if not inside.all():
        row, column = np.argwhere(~inside)[0]
        raise InvalidEpisodes(
            f"Places of the cube have coordinates from 0 to 1, got {places[row, column]} in row {row}, column {column}."
        )
    return places


def check_episodes(episodes: Episodes, dimensions: int) -> None:
    """Checks episodes before anything is learnt from them.

    Raises:
        InvalidEpisodes: If a column has a wrong shape or type, or a value that is not finite.
    """
    count = len(checked_places(episodes.unit, dimensions))
    for name, kinds in _KINDS.items():
        column = np.asarray(getattr(episodes, name))
        if column.shape != (count,) or column.dtype.kind not in kinds:
            raise InvalidEpisodes(
                f"The {name} of {count} episodes have the shape ({count},) and the type "
                f"{Episodes.__annotations__[name]}, got {column.shape} and {column.dtype}."
            )
        if not np.isfinite(column).all():
            row = int(np.argmin(np.isfinite(column)))
            raise InvalidEpisodes(
                f"The {name} of episodes are finite, got {column[row]} in row {row}, at {episodes.unit[row].tolist()}. "
                "Has the student diverged?"
            )


def checked_nominal(nominal_unit: Any) -> NDArray[np.float64]:
    """Returns the place of the nominal values as float64 (dimensions,).

    Raises:
        InvalidOption: If it is no place of a cube.
    """
    nominal = np.asarray(nominal_unit, np.float64)
    if nominal.ndim != 1 or not len(nominal) or not np.all((nominal >= 0.0) & (nominal <= 1.0)):
        raise InvalidOption(f"The nominal place has coordinates from 0 to 1, one for each dimension, got {nominal}.")
    return nominal
