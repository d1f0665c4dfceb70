"""The parameters of an environment together, and the unit cube in which randomization thinks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from blendgym.errors import InvalidParameter, ParameterNotInEffect
from blendgym.names import did_you_mean, listed
from blendgym.parameters.parameter import Parameter
from blendgym.parameters.priors import Prior, cdf_of_normal, quantile_of_normal
from blendgym.parameters.scales import Scale
from blendgym.parameters.vectors import VectorParameter, vectors_among, with_elements

if TYPE_CHECKING:
    from blendgym.parameters.bindings import Target

ACCURACY = 1e-3
"""Relative. Blender has single precision, and keeps a damping as the share of the motion that it takes away."""


@dataclass(frozen=True)
class Correlation:
    """How two parameters go together when they are drawn from the priors (a Gaussian copula).

    Args:
        first: Name of a parameter.
        second: Name of another.
        strength: Correlation of the underlying normal variables, between -1 and 1.
    """

    first: str
    second: str
    strength: float


@dataclass(frozen=True)
class Constraint:
    """A relation between parameters that randomization respects.

    Args:
        names: Of the parameters.
        holds: Whether it does, for their values, which come as arrays of one shape.
        description: For messages, such as ``"pole.mass < cart.mass"``.
    """

    names: tuple[str, ...]
    holds: Callable[..., Any]
    description: str


class ParameterSpace(Mapping[str, Parameter]):
    """The parameters of an environment, by name, in the order of their declaration.

    A point of the unit cube stands for a value of each: its coordinates are shares of the priors, so that steps,
    entropies and distances mean the same for all of them, whatever their units.

    Args:
        declared: Parameters in their order. A ``VectorParameter`` stands for several, one for each of its elements.
        correlations: Of draws from the priors.
        constraints: That draws and tasks have to meet.

    Attributes:
        vectors: Names of the elements of every vector, by its own name.

    Raises:
        InvalidParameter: If two parameters have the same name, one has that of a group, or a correlation or constraint
            names none of them.
    """

    def __init__(
        self,
        *declared: Parameter | VectorParameter,
        correlations: Iterable[Correlation] = (),
        constraints: Iterable[Constraint] = (),
    ) -> None:
        parameters = [each for one in declared for each in _elements(one)]
        self._parameters = {parameter.name: parameter for parameter in parameters}
        if len(self._parameters) < len(parameters):
            names = [parameter.name for parameter in parameters]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise InvalidParameter(f"Parameters are declared twice: {', '.join(twice)}.")
        if both := self._parameters.keys() & set(self.groups):
            raise InvalidParameter(f"Parameters have the names of groups: {', '.join(sorted(both))}.")
        self.correlations, self.constraints = tuple(correlations), tuple(constraints)
        for named in (*((c.first, c.second) for c in self.correlations), *(c.names for c in self.constraints)):
            for name in named:
                self.known(name)
        self.vectors = vectors_among(self._parameters)
        self._mixing = self._mixing_matrix()

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def __repr__(self) -> str:
        return f"<ParameterSpace of {len(self)}: {listed(self)}>" if self else "<ParameterSpace of none>"

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of its parameters, in the order of their declaration."""
        return tuple(dict.fromkeys(parameter.group for parameter in self.values()))

    @property
    def nominal_unit(self) -> NDArray[np.float64]:
        """The place of the nominal values: float64 (dimensions,)."""
        return np.array([float(parameter.scale.nominal_unit) for parameter in self.values()])

    def from_unit(self, unit: Any) -> NDArray[np.float64]:
        """The values at places of the cube, both (…, dimensions)."""
        unit = self._rows(unit)
        values = np.empty(unit.shape)
        for columns, scale in self._scales:
            values[..., columns] = scale.from_unit(unit[..., columns])
        return values

    def to_unit(self, values: Any) -> NDArray[np.float64]:
        """The places of values in the cube, both (…, dimensions)."""
        values = self._rows(values)
        unit = np.empty(values.shape)
        for columns, scale in self._scales:
            unit[..., columns] = scale.to_unit(values[..., columns])
        return unit

    def named(self, values: Any) -> dict[str, float]:
        """One row of values by name."""
        return dict(zip(self, np.asarray(values).tolist(), strict=True))

    def row(self, values: Mapping[str, float]) -> NDArray[np.float64]:
        """Values by name as one row; those that are not there are nominal."""
        return np.array([values.get(name, parameter.nominal) for name, parameter in self.items()])

    def known(self, name: Any) -> Parameter:
        """The parameter of that name.

        Raises:
            InvalidParameter: If there is none; the message suggests one.
        """
        if name in self._parameters:
            return self._parameters[name]
        suggestion = did_you_mean(str(name), [*self._parameters, *self.vectors, *self.groups])
        raise InvalidParameter(f"Parameter {name!r} is unknown; there are {', '.join(self._parameters)}.{suggestion}")

    def with_only(self, parameters: Iterable[Parameter]) -> ParameterSpace:
        """The space of some of its parameters, with those correlations and constraints that are about them alone."""
        chosen = {parameter.name: parameter for parameter in parameters}
        return ParameterSpace(
            *chosen.values(),
            correlations=[each for each in self.correlations if {each.first, each.second} <= set(chosen)],
            constraints=[each for each in self.constraints if set(each.names) <= set(chosen)],
        )

    def allowed(self, unit: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether places of the cube (…, dimensions) meet all constraints: (…,)."""
        meets = np.ones(np.shape(unit)[:-1], np.bool_)
        if not self.constraints:
            return meets
        values = dict(zip(self, np.moveaxis(self.from_unit(unit), -1, 0), strict=True))
        for constraint in self.constraints:
            meets &= constraint.holds(*(values[name] for name in constraint.names))
        return meets

    def correlated(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Independent uniform numbers (…, dimensions) as places of the cube that go together as declared."""
        if self._mixing is None:
            return unit
        normal = quantile_of_normal(np.clip(unit, 1e-16, 1.0 - 1e-16))
        return np.asarray(cdf_of_normal(normal @ self._mixing.T))

    def density(self, unit: Any) -> NDArray[np.float64]:
        """The density of draws from the priors at places of the cube (…, dimensions): (…,).

        It is 1 everywhere unless parameters are correlated. Of draws that meet constraints it is the density up to a
        factor, which is the same everywhere.
        """
        unit = self._rows(unit)
        if self._mixing is None:
            return np.ones(unit.shape[:-1])
        normal = quantile_of_normal(np.clip(unit, 1e-16, 1.0 - 1e-16))
        independent = normal @ np.linalg.inv(self._mixing).T
        exponent = 0.5 * ((normal**2).sum(axis=-1) - (independent**2).sum(axis=-1))
        return np.asarray(np.exp(exponent) / np.linalg.det(self._mixing))

    def validate(self, values: Any) -> dict[str, float]:
        """Returns values that were given for some of the parameters, as floats; a vector's, for each of its elements.

        Raises:
            InvalidParameter: If a name is unknown, a value of a wrong type or out of bounds.
        """
        if not isinstance(values, Mapping):
            raise InvalidParameter(f"Parameters are given as a dict of names and numbers, got {values!r:.80}.")
        given = with_elements(values, self.vectors) if self.vectors else values
        return {name: self.known(name).validate(value) for name, value in given.items()}

    def apply(self, target: Target, values: Mapping[str, float]) -> None:
        """Sets every parameter: to its value in ``values`` if it is there, else to its nominal one."""
        for parameter in self._parameters.values():
            parameter.binding.apply(target, values.get(parameter.name, parameter.nominal))

    def read(self, target: Target) -> dict[str, float]:
        """What is in effect, read back from the simulation, by name."""
        return {name: parameter.binding.read(target) for name, parameter in self._parameters.items()}

    def require_in_effect(self, requested: Mapping[str, float], in_effect: Mapping[str, float]) -> None:
        """Checks that what was requested is what was read back.

        Raises:
            ParameterNotInEffect: If it is not; the message says which parameter.
        """
        for name, parameter in self._parameters.items():
            expected, found = requested.get(name, parameter.nominal), in_effect[name]
            if not abs(found - expected) <= ACCURACY * max(abs(expected), parameter.high - parameter.low):
                raise ParameterNotInEffect(
                    f"Parameter {name!r} was set to {expected:g} {parameter.unit}, but {found:g} is in effect. Let its "
                    "binding set and read the same quantity, and no other parameter change it."
                )

    def _rows(self, given: Any) -> NDArray[np.float64]:
        rows = np.asarray(given, np.float64)
        if rows.shape[-1:] != (len(self),):
            raise InvalidParameter(f"There are {len(self)} parameters, got an array of shape {rows.shape}.")
        return rows

    @cached_property
    def _scales(self) -> list[tuple[list[int], Scale]]:
        """Those of all parameters with the same prior together, and their columns: a call for each would be slow."""
        alike: dict[tuple[Prior, bool], list[int]] = {}
        for column, parameter in enumerate(self.values()):
            alike.setdefault((parameter.prior, parameter.is_discrete), []).append(column)
        ends = np.array([[parameter.low, parameter.high, parameter.nominal] for parameter in self.values()], np.float64)
        return [(columns, Scale(*kind, *ends[columns].T)) for kind, columns in alike.items()]

    def _mixing_matrix(self) -> NDArray[np.float64] | None:
        if not self.correlations:
            return None
        names, matrix = list(self), np.eye(len(self))
        for each in self.correlations:
            row, column = names.index(each.first), names.index(each.second)
            matrix[row, column] = matrix[column, row] = each.strength
        try:
            return np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            raise InvalidParameter(f"No random variables have the correlations {self.correlations}.") from None


def _elements(declared: Parameter | VectorParameter) -> tuple[Parameter, ...]:
    return declared.elements if isinstance(declared, VectorParameter) else (declared,)
