"""What ``reset(options=...)`` says of an episode of a twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from blendgym.errors import InvalidOption
from blendgym.randomization import ParameterSpace
from blendgym.twins.twin import Values


def read_parameters(space: ParameterSpace, options: Mapping[str, Any]) -> dict[str, float]:
    """All parameters of an episode: those of ``options["params"]``, and the nominal values of the others.

    Raises:
        InvalidParameter: If a parameter is unknown or its value wrong.
        InvalidOption: If there are other options.
    """
    unknown = [name for name in options if name != "params"]
    if unknown:
        raise InvalidOption(f"reset() of a twin knows the option 'params', got {', '.join(map(repr, unknown))}.")
    return space.named(space.row(space.validate(options.get("params", {}))))


def stacked(each: Sequence[Mapping[str, float]]) -> Values:
    """The parameters of some episodes as arrays by name."""
    return {name: np.array([values[name] for values in each]) for name in each[0]}
