"""The declarations of the parameters that a recording was made with, in its origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from blendgym.errors import InvalidParameter
from blendgym.parameters.space import ParameterSpace
from blendgym.parameters.specs import ParameterSpec

NAME = "parameters"
"""Of their list in an origin."""


def declarations_of(space: ParameterSpace) -> list[Any]:
    """The declarations of some parameters as plain data, for the origin of a recording."""
    declared: list[Any] = msgspec.json.decode(msgspec.json.encode([parameter.spec for parameter in space.values()]))
    return declared


def declared_parameters(origin: Mapping[str, Any]) -> dict[str, ParameterSpec]:
    """The declarations by name, from the origin of a recording; empty if it does not tell them.

    Args:
        origin: Has a list ``"parameters"`` that ``declarations_of`` has made.
    """
    try:
        specs = msgspec.convert(origin.get(NAME, []), list[ParameterSpec])
    except (msgspec.ValidationError, InvalidParameter):
        return {}
    return {spec.name: spec for spec in specs}
