"""What studies randomize: the parameters of an environment, in the ranges that its room declares."""

from __future__ import annotations

from blendgym.errors import InvalidOption
from blendgym.parameters import ParameterSpace
from blendgym.parameters.selection import select
from blendgym.registry import environment_spec, room_of, rooms
from blendgym.task import task_class

Range = tuple[float, float]
"""Lowest and highest value."""

BEYOND = 0.25
"""How far out of range exams go at each end, as a share of the range in the coordinates of its prior."""


def domain_of(env_id: str) -> dict[str, Range]:
    """The ranges of an environment's studies: ``RANGES`` in the ``domain.py`` of its room.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.

    Raises:
        InvalidOption: If there is no such environment, or it declares no ranges.
    """
    room = room_of(env_id)
    part = room.part("domain") if room else None
    if part is None:
        known = ", ".join(room.id for room in rooms().values() if room.has("domain"))
        raise InvalidOption(
            f"No domain is declared for studies of {env_id!r}; there are those of {known}. "
            "Add a domain.py with RANGES to its room, or name ranges in the study's file."
        )
    return dict(part.RANGES)


def parameters_of(env_id: str) -> ParameterSpace:
    """All parameters that an environment declares.

    Args:
        env_id: Id of the environment, as ``gym.make`` takes it.

    Raises:
        InvalidOption: If there is no such environment.
        TaskNotFound: If its task cannot be imported.
    """
    return task_class(environment_spec(env_id).kwargs["task"]).parameters


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
