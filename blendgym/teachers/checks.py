"""Checks of what teachers are given, before they take note of any of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import is_integer
from blendgym.errors import InvalidEpisodes, InvalidOption
from blendgym.parameters.episodes import UNIFORM, Episodes


class _Column(NamedTuple):
    """What a column of episodes may be: letter and name of its kind of dtype, and bounds."""

    letter: str
    kind: str
    low: float = -np.inf
    high: float = np.inf

    @property
    def bounds(self) -> str:
        if np.isfinite(self.high):
            return f"from {self.low:g} to {self.high:g}"
        return f"that are at least {self.low:g}" if np.isfinite(self.low) else ""


_COLUMNS = {
    "tags": _Column("i", "integers", UNIFORM),
    "versions": _Column("i", "integers", 0),
    "returns": _Column("f", "numbers"),
    "scores": _Column("f", "numbers", 0, 1),
    "successes": _Column("b", "booleans", 0, 1),
    "lengths": _Column("i", "integers", 0, 1e9),
}


def checked_places(unit: Any, dimensions: int) -> NDArray[np.float64]:
    """Returns places of the cube as float64 (count, dimensions).

    Raises:
        InvalidEpisodes: If they have another shape, or are not in the cube.
    """
    try:
        places = np.asarray(unit, np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidEpisodes(f"Places of the cube are numbers, got {unit!r:.80}.") from error
    if places.ndim != 2 or places.shape[1] != dimensions:
        raise InvalidEpisodes(f"Places of the cube have the shape (count, {dimensions}), got {places.shape}.")
    inside = (places >= 0.0) & (places <= 1.0)  # which NaN is not
    if not inside.all():
        row, column = np.argwhere(~inside)[0]
        raise InvalidEpisodes(
            f"Places of the cube have coordinates from 0 to 1, got {places[row, column]} in row {row}, column {column}."
        )
    return places


def check_draw(generator: Any, count: Any) -> None:
    """Looks at what tasks are sampled with.

    Raises:
        InvalidOption: If it is no generator, or no number of tasks.
    """
    if not isinstance(generator, np.random.Generator):
        raise InvalidOption(f"The generator is {generator!r:.80}; expected one such as np.random.default_rng(seed).")
    if not (is_integer(count) and count >= 0):
        raise InvalidOption(f"The number of tasks is {count!r:.80}; expected an integer of 0 or more.")


def check_episodes(episodes: Episodes, dimensions: int, newest: int) -> None:
    """Checks episodes before anything is learnt from them.

    Args:
        episodes: That have ended.
        dimensions: Of the cube.
        newest: The highest version that any task has had.

    Raises:
        InvalidEpisodes: If a column has a wrong shape or type, or a value that is not finite or out of its bounds.
    """
    if not isinstance(episodes, Episodes):
        raise InvalidEpisodes(f"Expected blendgym.parameters.episodes.Episodes, got {episodes!r:.80}.")
    places = checked_places(episodes.unit, dimensions)
    if not isinstance(episodes.unit, np.ndarray):
        raise InvalidEpisodes(f"Places of episodes are {episodes.unit!r:.80}; expected an array.")
    for name, column in _COLUMNS.items():
        bounds = column._replace(high=newest) if name == "versions" else column
        _check_column(name, bounds, getattr(episodes, name), places)


def _check_column(name: str, column: _Column, given: Any, places: NDArray[np.float64]) -> None:
    expected = f"an array of {column.kind} of the shape ({len(places)},), one for each place"
    if not isinstance(given, np.ndarray):
        raise InvalidEpisodes(f"The {name} of episodes are {given!r:.80}; expected {expected}.")
    if given.shape != (len(places),) or given.dtype.kind != column.letter:
        raise InvalidEpisodes(f"The {name} of episodes are {given.dtype} {given.shape}; expected {expected}.")
    fits = np.isfinite(given) & (given >= column.low) & (given <= column.high)
    if not fits.all():
        row = int(np.argmin(fits))
        hint = "" if np.isfinite(given[row]) else " Has the student diverged?"
        raise InvalidEpisodes(
            f"The {name} of episodes are finite {column.kind} {column.bounds}, got {given[row]} in row {row}, at "
            f"{places[row].tolist()}.{hint}"
        )


def checked_nominal(nominal_unit: Any) -> NDArray[np.float64]:
    """Returns the place of the nominal values as float64 (dimensions,).

    Raises:
        InvalidOption: If it is no place of a cube.
    """
    try:
        given = np.asarray(nominal_unit)
        nominal = given.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidOption(f"The nominal place is an array of numbers, got {nominal_unit!r:.80}.") from error
    if given.dtype == np.bool_:
        raise InvalidOption(f"The nominal place is an array of numbers, got {nominal_unit!r:.80}.")
    if nominal.ndim != 1 or not len(nominal) or not np.all((nominal >= 0.0) & (nominal <= 1.0)):
        raise InvalidOption(f"The nominal place has coordinates from 0 to 1, one for each dimension, got {nominal}.")
    return nominal
