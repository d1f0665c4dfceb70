"""The declaration of one randomization parameter. Everything else about it is derived from this."""

from __future__ import annotations

from typing import Any

from blendgym.protocol.parameters import ParameterSpec
from blendgym.randomization.bindings import Binding


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
        return ParameterSpec(**{name: getattr(self, name) for name in ParameterSpec.__struct_fields__})

    def between(self, low: float, high: float) -> Parameter:
        """The same with narrower bounds; a nominal value outside of them moves to the nearest.

        Raises:
            InvalidParameter: If they are not within its own, or contradict its kind.
        """
        low, high = self.validate(low), self.validate(high)
        fields: dict[str, Any] = {name: getattr(self, name) for name in self.__struct_fields__}
        fields |= {"low": low, "high": high, "nominal": min(max(self.nominal, low), high)}
        return Parameter(**fields)
