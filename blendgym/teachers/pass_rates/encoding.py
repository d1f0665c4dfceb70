"""Places of the cube as features of a quadratic model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from blendgym.checks import NO_LIMIT, is_integer
from blendgym.errors import InvalidOption

Numbers = NDArray[np.float64]

MOST_CHOICES = 256
"""Of a categorical dimension, each of which is a column of its own."""


class Encoding:
    """A constant, each parameter, and the products of all pairs of them.

    A number from 0 to 1 becomes one from -1 to 1. An integer dimension has one place for each of its values, the middle
    of its share. A categorical dimension becomes one column for each of its choices, 1 for the one that it is and 0 for
    the others, so that the order of choices means nothing.

    Args:
        dimensions: Number of dimensions of the cube.
        categories: The number of choices by the number of each dimension that is categorical.
        integers: The number of values by the number of each dimension that is an integer.

    Raises:
        InvalidOption: If there is no such dimension, or there are fewer than two choices or values.

    Attributes:
        kinds: Of the dimensions, in words.
    """

    def __init__(self, dimensions: int, categories: Mapping[int, int], integers: Mapping[int, int]) -> None:
        _check_shares("categories", dimensions, categories, MOST_CHOICES)
        _check_shares("integers", dimensions, integers, NO_LIMIT)
        if both := sorted(categories.keys() & integers.keys()):
            raise InvalidOption(f"Dimension {both[0]} is among the categories and among the integers; name it once.")
        self._categories = dict(categories)
        names = {each: f"integer of {values}" for each, values in integers.items()}
        names |= {each: f"choice of {choices}" for each, choices in categories.items()}
        self.kinds = ", ".join(names.get(each, "number") for each in range(dimensions))
        self._integers, self._values = list(integers), np.array([*integers.values()], np.float64)
        self._numbers = [dimension for dimension in range(dimensions) if dimension not in categories]
        sources = np.array([*self._numbers, *(d for d, choices in categories.items() for _ in range(choices))])
        first, second = np.triu_indices(len(sources))
        # Choices exclude each other, and the square of one is itself: their products say nothing new.
        is_new = (sources[first] != sources[second]) | ((first == second) & ~np.isin(sources[first], list(categories)))
        self._first, self._second = first[is_new], second[is_new]
        self._columns = len(sources)

    def precisions(self, ridge: float, pairs: int) -> Numbers:
        """Precisions of the priors: hardly any of the constant, more of products if there are more than ``pairs``."""
        products = np.full(len(self._first), ridge * max(1.0, len(self._first) / pairs))
        return np.concatenate([[1e-3], np.full(self._columns, ridge), products])

    def features(self, unit: Numbers) -> Numbers:
        """float64 (count, coefficients) of places (count, dimensions)."""
        columns = self._encoded(unit)
        ones = np.ones((len(unit), 1))
        return np.concatenate([ones, columns, columns[:, self._first] * columns[:, self._second]], axis=1)

    def linear(self, unit: Numbers, coefficients: Numbers) -> Numbers:
        """The features times the coefficients, float64 (count,), without making the features."""
        columns = self._encoded(unit)
        products = np.zeros((self._columns, self._columns))
        products[self._first, self._second] = coefficients[1 + self._columns :]
        main = coefficients[0] + columns @ coefficients[1 : 1 + self._columns]
        return np.asarray(main + ((columns @ products) * columns).sum(axis=1))

    def _encoded(self, unit: Numbers) -> Numbers:
        if self._integers:
            unit = unit.copy()
            number = np.minimum(np.floor(unit[:, self._integers] * self._values), self._values - 1.0)
            unit[:, self._integers] = (number + 0.5) / self._values
        parts = [2.0 * unit[:, self._numbers] - 1.0]
        for dimension, choices in self._categories.items():
            chosen = np.minimum((unit[:, dimension] * choices).astype(np.int64), choices - 1)
            parts.append(np.eye(choices)[chosen])
        return np.concatenate(parts, axis=1)


def _check_shares(name: str, dimensions: int, shares: Mapping[int, int], most: int) -> None:
    if not isinstance(shares, Mapping):
        raise InvalidOption(f"{name} is {shares!r:.80}; expected a dict of numbers by dimension.")
    for dimension, count in shares.items():
        is_dimension = is_integer(dimension) and 0 <= dimension < dimensions
        if not (is_dimension and is_integer(count) and 2 <= count <= most):
            upper = "" if most == NO_LIMIT else f" and at most {most}"
            raise InvalidOption(
                f"{name} has {count!r:.40} for dimension {dimension!r:.40}; expected at least 2{upper}, for dimensions "
                f"from 0 to {dimensions - 1}."
            )
