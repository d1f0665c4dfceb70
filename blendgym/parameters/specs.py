"""Randomization parameters as both sides of the wire know them: plain data."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any, Literal, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from blendgym.checks import is_number
from blendgym.errors import InvalidParameter
from blendgym.parameters.priors import Prior, Uniform
from blendgym.parameters.scales import Scale

Kind = Literal["real", "integer", "categorical"]
Phase = Literal["startup", "reset", "interval"]

ALL = "all"
PHYSICAL = "physical"
"""All but the pictorial ones: what every student meets, also one that does not see."""

PICTORIAL = ("visual", "imaging")
"""Groups whose parameters change pictures and nothing else: how things look, and how cameras see."""


class ParameterSpec(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What there is to know of a randomization parameter without its binding to the scene.

    Args:
        name: Dotted name, such as ``cart.mass``.
        unit: Unit of all its values, such as ``kg``; ``"1"`` if it has none.
        nominal: Value when nothing else is asked for.
        low: Lowest value allowed.
        high: Highest value allowed.
        description: One line for tables.
        prior: How values are spread between the bounds.
        kind: ``"real"``, ``"integer"``, or ``"categorical"``, whose values are the numbers of its choices, from 0.
        choices: Names of the choices of a categorical one.
        group: What it is about, in one word by which users select: ``"dynamics"``, ``"visual"``, ``"imaging"``,
            ``"sensor"`` or ``"actuator"`` by convention, or any other. Those called ``"visual"`` or ``"imaging"``
            change pictures and nothing else.
        phase: When it is drawn: once for an environment (``"startup"``), at every reset, or at ``"interval"``s too.
        interval: Seconds between two draws, for ``phase="interval"``.

    Raises:
        InvalidParameter: If the declaration contradicts itself.
    """

    name: str
    unit: str
    nominal: float
    low: float
    high: float
    description: str = ""
    prior: Prior = Uniform()
    kind: Kind = "real"
    choices: tuple[str, ...] = ()
    group: str = "dynamics"
    phase: Phase = "reset"
    interval: float = 0.0

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.low, self.nominal, self.high))):
            raise InvalidParameter(f"Parameter {self.name!r} has a bound or nominal value that is not finite: {self}.")
        if not self.low <= self.nominal <= self.high or self.low == self.high:
            raise InvalidParameter(
                f"Parameter {self.name!r} needs low <= nominal <= high and low < high, "
                f"got low {self.low}, nominal {self.nominal}, high {self.high}."
            )
        if problem := self._contradiction():
            raise InvalidParameter(f"Parameter {self.name!r} {problem}.")

    def validate(self, value: Any) -> float:
        """Returns ``value`` as a float if the parameter can take it; a choice may be given by its name.

        Raises:
            InvalidParameter: If it is no real number or out of bounds. The message has the bounds and the unit.
        """
        if self.choices and isinstance(value, str):
            return self._number_of(value)
        expected = f"expected {self.expectation}"
        if not is_number(value):
            raise InvalidParameter(f"Parameter {self.name!r} is {value!r} ({type(value).__name__}); {expected}.")
        if not self.low <= value <= self.high:
            raise InvalidParameter(f"Parameter {self.name!r} is {value!r}; {expected}.")
        if self.is_discrete and value != round(value):
            raise InvalidParameter(f"Parameter {self.name!r} is {value!r}; {expected}.")
        return float(value)

    @property
    def is_discrete(self) -> bool:
        """Whether its values are whole numbers."""
        return self.kind != "real"

    @property
    def expectation(self) -> str:
        """What its values are, for messages."""
        if self.choices:
            return f"one of {', '.join(self.choices)} (or their number, from 0)"
        number = "a whole number" if self.is_discrete else "a number"
        return f"{number} from {self.low:g} to {self.high:g} {self.unit}"

    @cached_property
    def scale(self) -> Scale:
        """Its place in the unit interval."""
        return Scale(self.prior, self.is_discrete, self.low, self.high, self.nominal)

    def from_unit(self, unit: Any) -> NDArray[np.float64]:
        """The values at these places of the unit interval, by the prior's inverse distribution function.

        The place of the nominal value gives exactly that value.
        """
        return self.scale.from_unit(unit)

    def to_unit(self, values: Any) -> NDArray[np.float64]:
        """The places of values in the unit interval; a whole number is in the middle of its share."""
        return self.scale.to_unit(values)

    def _number_of(self, choice: str) -> float:
        if choice not in self.choices:
            raise InvalidParameter(f"Parameter {self.name!r} is {choice!r}; expected {self.expectation}.")
        return float(self.choices.index(choice))

    def _contradiction(self) -> str | None:
        if problem := self.prior.contradiction(self.low, self.high):
            return f"has the prior {self.prior}, which {problem}"
        if self.is_discrete and any(value != round(value) for value in (self.low, self.nominal, self.high)):
            return f"is {self.kind}, so its bounds and nominal value are whole numbers, got {self}"
        if self.is_discrete and not isinstance(self.prior, Uniform):
            return f"is {self.kind}, so its prior is uniform, got {self.prior}"
        if (self.kind == "categorical") != bool(self.choices):
            return (
                f"has the kind {self.kind!r} and the choices {self.choices}; a categorical one, and only that, has some"
            )
        if self.choices and (self.low, self.high) != (0, len(self.choices) - 1):
            return f"has {len(self.choices)} choices, so low is 0 and high {len(self.choices) - 1}"
        if not self.group or {self.name, self.group} & {ALL, PHYSICAL}:
            return f"has the group {self.group!r}; expected another word than {ALL!r} and {PHYSICAL!r}, as for its name"
        return self._contradiction_in_time()

    def _contradiction_in_time(self) -> str | None:
        if self.phase not in get_args(Phase):
            return f"has the phase {self.phase!r}; expected one of {', '.join(get_args(Phase))}"
        if isinstance(self.interval, bool) or not isinstance(self.interval, int | float):
            return f"has the interval {self.interval!r}; expected a number of seconds"
        if (self.phase == "interval") != (self.interval > 0):
            return f"has the phase {self.phase!r} and an interval of {self.interval} s; only intervals have a length"
        return None
