"""The declaration of one randomization parameter. Everything else about it is derived from this."""

from __future__ import annotations

from typing import Any

from blendgym.checks import is_integer
from blendgym.errors import InvalidParameter
from blendgym.parameters.bindings import Binding
from blendgym.parameters.specs import PICTORIAL, ParameterSpec
from blendgym.parameters.visual_bindings import Light, Material, Sky


class Parameter(ParameterSpec, frozen=True, kw_only=True):
    """One quantity of an environment that may differ between episodes.

    Args:
        binding: What it changes in the scene or task.

    The other arguments are those of ``ParameterSpec``.
    """

    binding: Binding

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.phase == "interval" and not self.binding.live:
            raise InvalidParameter(
                f"Parameter {self.name!r} cannot change within an episode, for {type(self.binding).__name__} takes "
                'effect when an episode begins; its phase can be "startup" or "reset".'
            )

    @property
    def spec(self) -> ParameterSpec:
        """The declaration as it crosses the wire, without the binding."""
        return ParameterSpec(**{name: getattr(self, name) for name in ParameterSpec.__struct_fields__})

    @property
    def is_pictorial(self) -> bool:
        """Whether nothing but pictures shows it, as its group says, or as with all lights, skies and materials.

        Of a camera it is the group that says so: a task can be told what one has in sight (``World.look``).
        """
        return self.group in PICTORIAL or isinstance(self.binding, Light | Material | Sky)

    def changed(self, **fields: Any) -> Parameter:
        """The same with narrower bounds, or in another phase; a nominal value outside of them moves to the nearest.

        Args:
            fields: Some of ``low``, ``high``, ``phase`` and ``interval``.

        Raises:
            InvalidParameter: If they are not within its own bounds, or contradict its kind.
        """
        own: dict[str, Any] = {name: getattr(self, name) for name in self.__struct_fields__}
        low, high = (self.validate(fields.get(bound, own[bound])) for bound in ("low", "high"))
        if not low < high:
            raise InvalidParameter(
                f"Parameter {self.name!r} is randomized from {low:g} to {high:g} {self.unit}; low must be below high. "
                "A single value is set by reset(options={'params': ...})."
            )
        return Parameter(**{**own, **fields, "low": low, "high": high, "nominal": min(max(self.nominal, low), high)})

    def drawn_every(self, steps: int, low: float, high: float) -> Parameter:
        """The same, drawn anew within an episode.

        Raises:
            InvalidParameter: If that is not possible.
        """
        if not (is_integer(steps) and steps >= 1):
            raise InvalidParameter(
                f"Parameter {self.name!r} is to be drawn every {steps!r:.80} steps; expected a positive integer."
            )
        return self.changed(low=low, high=high, phase="interval", interval=float(steps))
