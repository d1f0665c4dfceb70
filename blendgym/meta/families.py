"""Families of tasks: each student of a teacher that learns has another one."""

from __future__ import annotations

from typing import Any

import numpy as np

from blendgym.parameters import Parameter, ParameterSpace
from blendgym.parameters.draws import keyed_generator

FEWEST = 2
"""Parameters of a relative."""

NEAREST = 0.5
"""How near to its nominal value a range may end, as a share of the way from there to the end of the declared one."""

MOST_HOLES = 3
ROUGHEST = 0.3


def relative(parameters: ParameterSpace, key: int) -> ParameterSpace:
    """Some of the parameters, at least two, in any order, each in a part of its range about the nominal value.

    Args:
        parameters: All that there are.
        key: The key of the draw.
    """
    generator = keyed_generator(key, "family")
    count = int(generator.integers(FEWEST, len(parameters) + 1))
    names = generator.permutation(list(parameters))[:count]
    return parameters.with_only(_narrowed(parameters[name], generator) for name in names)


def field_options(seed: int) -> dict[str, Any]:
    """How many holes a competence field has, and how rugged it is.

    Args:
        seed: The seed of the field.
    """
    generator = keyed_generator(seed, "family of fields")
    return {
        "unlearnable": int(generator.integers(MOST_HOLES + 1)),
        "ruggedness": float(generator.uniform(0.0, ROUGHEST)),
    }


def _narrowed(parameter: Parameter, generator: np.random.Generator) -> Parameter:
    share = generator.uniform(NEAREST, 1.0, 2)
    if parameter.choices:
        return parameter
    nominal = float(parameter.scale.nominal_unit)
    low, high = parameter.scale.from_unit([nominal * (1.0 - share[0]), nominal + (1.0 - nominal) * share[1]]).tolist()
    return parameter.changed(low=low, high=high) if low < high else parameter
