"""The declarations of the parameters that a recording was made with, in its origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from blendgym.errors import InvalidParameter
from blendgym.parameters.space import ParameterSpace
from blendgym.parameters.specs import ParameterSpec

NAME = "parameters"
"""What they are called in an origin."""


def declarations_of(space: ParameterSpace) -> dict[str, Any]:
    """The declarations of some parameters by name, as plain data, for the origin of a recording."""
    return {name: msgspec.to_builtins(parameter.spec) for name, parameter in space.items()}


def declared_parameters(origin: Mapping[str, Any]) -> dict[str, ParameterSpec]:
    """The declarations by name, from the origin of a recording; empty if it does not tell them.

    Args:
        origin: Has in ``"parameters"`` what ``declarations_of`` has made.
    """
    try:
        return msgspec.convert(origin.get(NAME, {}), dict[str, ParameterSpec])
    except (msgspec.ValidationError, InvalidParameter):
        return {}
