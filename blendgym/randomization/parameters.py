"""The declaration of randomization parameters. Everything else about them is derived from it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from blendgym.errors import InvalidParameter
from blendgym.protocol.specs import ParameterSpec
from blendgym.randomization.bindings import Binding

if TYPE_CHECKING:
    from blendgym.server.physics.world import World


class Parameter(ParameterSpec, frozen=True, kw_only=True):
    """One quantity of an environment that may differ between episodes.

    Args:
        binding: What it changes in the scene or task.

    The other arguments are those of ``ParameterSpec``.
    """

    binding: Binding

    @property
    def spec(self) -> ParameterSpec:
        """The declaration as it crosses the wire, without the binding."""
        return ParameterSpec(self.name, self.unit, self.nominal, self.low, self.high, self.description)


class ParameterSpace(Mapping[str, Parameter]):
    """The parameters of an environment, by name, in the order of their declaration.

    Raises:
        InvalidParameter: If two parameters have the same name.
    """

    def __init__(self, *parameters: Parameter) -> None:
        self._parameters = {parameter.name: parameter for parameter in parameters}
        if len(self._parameters) < len(parameters):
            names = [parameter.name for parameter in parameters]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise InvalidParameter(f"Parameters are declared twice: {', '.join(twice)}.")

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def validate(self, values: Any) -> dict[str, float]:
        """Returns values that were given for some of the parameters, as floats.

        Raises:
            InvalidParameter: If a name is unknown, a value of a wrong type or out of bounds.
        """
        if not isinstance(values, Mapping):
            raise InvalidParameter(f"Parameters are given as a dict of names and numbers, got {values!r:.80}.")
        return {name: self._known(name).validate(value) for name, value in values.items()}

    def apply(self, world: World, task: Any, values: Mapping[str, float]) -> None:
        """Sets every parameter: to its value in ``values`` if it is there, else to its nominal one."""
        for parameter in self._parameters.values():
            parameter.binding.apply(world, task, values.get(parameter.name, parameter.nominal))

    def read(self, world: World, task: Any) -> dict[str, float]:
        """What is in effect, read back from the simulation, by name."""
        return {name: parameter.binding.read(world, task) for name, parameter in self._parameters.items()}

    def _known(self, name: Any) -> Parameter:
        if name in self._parameters:
            return self._parameters[name]
        close = difflib.get_close_matches(str(name), self._parameters, n=1)
        suggestion = f" Did you mean {close[0]!r}?" if close else ""
        raise InvalidParameter(f"Parameter {name!r} is unknown; there are {', '.join(self._parameters)}.{suggestion}")
