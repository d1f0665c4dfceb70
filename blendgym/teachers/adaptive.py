"""What randomization adapts by unless somebody says otherwise: the frontier over a uniform floor."""

from __future__ import annotations

from typing import Any

from blendgym.parameters import ParameterSpace
from blendgym.parameters.specs import Kind
from blendgym.task import Task
from blendgym.teachers.frontier import Outcomes
from blendgym.teachers.mix import UNIFORM_SHARE, Mix
from blendgym.teachers.registry import make_teacher


def adaptive_teacher(
    space: ParameterSpace, outcomes: Outcomes = "successes", share: float = UNIFORM_SHARE, **recipe: Any
) -> Mix:
    """Makes the default teacher of some parameters, which knows which are integers and which categorical.

    Args:
        space: The parameters, at least one.
        outcomes: What a pass is, as ``Frontier`` takes it.
        share: Of the tasks that are uniform.
        recipe: Further arguments of ``Frontier``, such as a target.

    Raises:
        InvalidOption: If it does not take one of them.
    """
    categories, integers = _shares(space, "categorical"), _shares(space, "integer")
    frontier = make_teacher(
        "frontier", space.nominal_unit, outcomes=outcomes, categories=categories, integers=integers, **recipe
    )
    return Mix(frontier, share)


def outcomes_of(task: type[Task]) -> Outcomes:
    """What a pass of a task is, as far as it declares what its returns are worth."""
    if hasattr(task, "success_return"):
        return "successes"
    return "scores" if hasattr(task, "return_range") else "returns"


def _shares(space: ParameterSpace, kind: Kind) -> dict[int, int]:
    """How many values each parameter of a kind has, by its number in the space."""
    return {number: round(each.high - each.low) + 1 for number, each in enumerate(space.values()) if each.kind == kind}
