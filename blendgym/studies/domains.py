"""What studies randomize: six hidden parameters of each environment, in ranges in which there is something to win."""

from __future__ import annotations

import importlib

from blendgym.envs import ENVIRONMENTS
from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import select

Range = tuple[float, float]
"""Lowest and highest value."""

DOMAINS: dict[str, dict[str, Range]] = {
    "BlendCartpole-v0": {
        "pole.length": (0.2, 5.0),
        "pole.mass": (0.05, 1.0),
        "cart.mass": (0.25, 4.0),
        "force.scale": (1.0, 20.0),
        "gravity": (1.0, 20.0),
        "action.latency": (0, 7),
    },
    "BlendCartpoleSwingup-v0": {
        "pole.length": (0.5, 1.6),
        "pole.mass": (0.05, 0.3),
        "cart.mass": (0.5, 2.0),
        "force.scale": (6.0, 16.0),
        "gravity": (6.0, 13.0),
        "action.latency": (0, 2),
    },
    "BlendPendulum-v0": {
        "pole.mass": (0.5, 2.0),
        "pole.length": (0.5, 1.5),
        "gravity": (4.0, 16.0),
        "torque.scale": (1.0, 4.0),
        "hinge.damping": (0.0, 0.12),
        "action.latency": (0, 3),
    },
}
"""Ranges by id of the environment and name of the parameter, in the units of its declaration."""

BEYOND = 0.25
"""How far out of range exams go at each end, as a share of the range in the coordinates of its prior."""


def domain_of(env_id: str) -> dict[str, Range]:
    """The ranges of an environment's studies.

    Raises:
        InvalidOption: If there are none.
    """
    if env_id not in DOMAINS:
        raise InvalidOption(
            f"No domain is declared for studies of {env_id!r}; there are {', '.join(DOMAINS)}. "
            "Add one to blendgym/studies/domains.py, or name ranges in the study's file."
        )
    return DOMAINS[env_id]


def parameters_of(env_id: str) -> ParameterSpace:
    """All parameters that an environment declares.

    Raises:
        InvalidOption: If there is no such environment.
    """
    if env_id not in ENVIRONMENTS:
        raise InvalidOption(f"There is no environment {env_id!r}; there are {', '.join(ENVIRONMENTS)}.")
    module, _, name = ENVIRONMENTS[env_id]["task"].partition(":")
    parameters: ParameterSpace = getattr(importlib.import_module(module), name).parameters
    return parameters


def widened(ranges: dict[str, Range], declared: ParameterSpace) -> dict[str, Range]:
    """Ranges that reach beyond these by a quarter at each end, as far as the declaration allows."""
    return {name: _widened(select(declared, {name: span}), declared) for name, span in ranges.items()}


def _widened(space: ParameterSpace, declared: ParameterSpace) -> Range:
    (name,) = space
    narrow, widest = space[name], declared[name]
    if narrow.is_discrete:
        more = round(BEYOND * (narrow.high - narrow.low)) if not narrow.choices else 0
        return max(narrow.low - more, widest.low), min(narrow.high + more, widest.high)
    low, high = narrow.prior.quantile([-BEYOND, 1.0 + BEYOND], narrow.low, narrow.high).tolist()
    return max(low, widest.low), min(high, widest.high)
