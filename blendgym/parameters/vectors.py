"""Several numbers that belong together, such as a direction: a parameter each, under one name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from blendgym.errors import InvalidParameter
from blendgym.parameters.bindings import Binding
from blendgym.parameters.parameter import Parameter
from blendgym.parameters.priors import Prior, Uniform
from blendgym.parameters.specs import Phase

Each = float | Sequence[float]
"""One number for all elements, or one for each."""

_ELEMENT = re.compile(r"(.+)\[(\d+)\]")


class VectorBinding(Protocol):
    """Ties a vector to a quantity of a simulation that has several numbers."""

    def element(self, index: int) -> Binding:
        """What ties one of them, counted from 0."""


@dataclass(frozen=True, kw_only=True)
class VectorParameter:
    """Some numbers of one unit that may differ between episodes, such as a direction or a place.

    A ``ParameterSpace`` makes a ``Parameter`` of each: those of ``push`` with two elements are called ``push[0]`` and
    ``push[1]``, and each is a dimension of the unit cube. Where users say what is randomized or which values are given,
    ``push`` stands for all of them.

    Args:
        name: Dotted name, such as ``push.direction``.
        unit: Unit of all its numbers, such as ``m``; ``"1"`` if they have none.
        nominal: Values when nothing else is asked for, one for each element. Their number is that of the elements.
        low: Lowest value allowed: one for all elements, or one for each.
        high: Highest value allowed: one for all elements, or one for each.
        binding: What it changes in the scene or task, such as ``TaskAttribute("push_direction")``.
        description: One line for tables.
        prior: How values are spread between the bounds.
        group: What it is about, as for ``ParameterSpec``.
        phase: When it is drawn, as for ``ParameterSpec``.
        interval: Seconds between two draws, for ``phase="interval"``.

    Raises:
        InvalidParameter: If bounds are neither one number nor one for each element.
    """

    name: str
    unit: str
    nominal: Sequence[float]
    low: Each
    high: Each
    binding: VectorBinding
    description: str = ""
    prior: Prior = field(default_factory=Uniform)
    group: str = "dynamics"
    phase: Phase = "reset"
    interval: float = 0.0

    @property
    def elements(self) -> tuple[Parameter, ...]:
        """A parameter for each of its numbers."""
        count = len(self.nominal)
        low, high = (each_of(value, count, f"{bound} of the parameter {self.name!r}") for bound, value in self._bounds)
        return tuple(
            Parameter(
                name=f"{self.name}[{index}]", unit=self.unit, description=self.description, prior=self.prior,
                nominal=float(self.nominal[index]), low=float(low[index]), high=float(high[index]),
                binding=self.binding.element(index), group=self.group, phase=self.phase, interval=self.interval,
            )
            for index in range(count)
        )  # fmt: skip

    @property
    def _bounds(self) -> tuple[tuple[str, Each], ...]:
        return ("low", self.low), ("high", self.high)


def vectors_among(names: Iterable[str]) -> dict[str, list[str]]:
    """The names of the elements of every vector, by its own name."""
    vectors: dict[str, list[str]] = {}
    for name in names:
        if match := _ELEMENT.fullmatch(name):
            vectors.setdefault(match[1], []).append(name)
    return vectors


def with_elements(values: Mapping[Any, Any], vectors: Mapping[str, list[str]]) -> dict[Any, Any]:
    """Values by name in which the elements of vectors are given one by one.

    Raises:
        InvalidParameter: If a vector has another number of values than elements.
    """
    named: dict[Any, Any] = {}
    for name, value in values.items():
        elements = vectors.get(name) if isinstance(name, str) else None
        if elements is None:
            named[name] = value
            continue
        named |= zip(elements, each_of(value, len(elements), f"value of the parameter {name!r}"), strict=True)
    return named


def each_of(value: Any, count: int, what: str) -> list[Any]:
    """A value for each of so many elements: the same for all, or one out of a list for each.

    Args:
        value: A single value, or several.
        count: How many elements there are.
        what: Begins the message: which value it is.

    Raises:
        InvalidParameter: If there are several, but not one for each.
    """
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        return [value] * count
    values = list(value)
    if len(values) != count:
        raise InvalidParameter(f"The {what} has {len(values)} numbers; expected one, or one for each of {count}.")
    return values
