"""What a stream is told to draw from: how it is read, told as plain data, and read again."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sized
from functools import partial
from typing import Any, NamedTuple

from blendgym.checks import is_number
from blendgym.errors import InvalidOption
from blendgym.images.plain import plain
from blendgym.parameters.selection import Selection, changes_by_name, select
from blendgym.parameters.sources import Prior, Source, Taught
from blendgym.parameters.space import ParameterSpace
from blendgym.teachers.plain_states import packed
from blendgym.teachers.teacher import Teacher

Distribution = Source | Selection | Mapping[str, Any]
"""A ``Source``; or what ``randomize=`` takes, where a single number in place of bounds fixes a parameter."""


class Drawing(NamedTuple):
    """How the parameters of samples come about.

    Args:
        source: Draws them.
        fixed: Those that have the same value in every sample, by name.
        told: What the source is made of, as plain data.
    """

    source: Source
    fixed: Mapping[str, float]
    told: dict[str, Any]


def read_distribution(parameters: ParameterSpace, given: Distribution) -> Drawing:
    """What a stream is to draw from. Parameters that are not named have their nominal values.

    Args:
        parameters: All that the scenario has.
        given: The source, which is copied; or a selection with fixed values.

    Raises:
        InvalidParameter: If a parameter is unknown, or a value or bound wrong.
    """
    if isinstance(given, Source):
        for name in given.space:
            parameters.known(name)
        return Drawing(copy.deepcopy(given), {}, {"source": _state_of(given)})
    if not isinstance(given, Mapping):
        selected = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else given
        return _drawn_from_priors(parameters, selected, {})
    drawn, fixed = _parted(given)
    return _drawn_from_priors(parameters, drawn, parameters.validate(fixed))


def read_update(parameters: ParameterSpace, given: Distribution) -> Callable[[Drawing], Drawing]:
    """What makes of one way to draw the next: by a dict the parameters that it names change, and else all of them.

    Args:
        parameters: All that the scenario has.
        given: The source, which is copied; or a selection with fixed values.

    Raises:
        InvalidParameter: If a parameter is unknown, or a value or bound wrong.
        InvalidOption: If nothing is given.
    """
    if given is None or (isinstance(given, Sized) and not len(given)):
        raise InvalidOption(
            f"An update is {given!r}, which names no parameter. To leave a parameter at its nominal value, fix it: "
            "update({name: value})."
        )
    drawing = read_distribution(parameters, given)
    if isinstance(given, Source) or not isinstance(given, Mapping):
        return lambda _: drawing
    return partial(_merged, parameters, given)


def _merged(parameters: ParameterSpace, given: Mapping[str, Any], before: Drawing) -> Drawing:
    if "randomize" not in before.told:
        raise InvalidOption(
            f"A source draws where this update would change {', '.join(given)}; update with another source, or name "
            "all that is to be drawn, as in update('all')."
        )
    changes, values = _parted(given)
    drawn, fixed = changes_by_name(parameters, changes), parameters.validate(values)
    others = changes_by_name(parameters, before.told["randomize"])
    return _drawn_from_priors(
        parameters,
        {name: change for name, change in {**others, **drawn}.items() if name not in fixed},
        {**{name: value for name, value in before.fixed.items() if name not in drawn}, **fixed},
    )


def _parted(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is drawn, and what is fixed."""
    fixed = {name: value for name, value in given.items() if is_number(value)}
    return {name: change for name, change in given.items() if name not in fixed}, fixed


def told_selection(drawing: Drawing) -> dict[str, Any]:
    """What a stream begins to draw from, as plain data by which it is known again."""
    space = drawing.source.space
    drawn = {name: [each.low, each.high, each.phase, each.interval] for name, each in space.items()}
    return packed({**plain(drawn), **drawing.fixed})  # type: ignore[no-any-return]


def taught(space: ParameterSpace, teacher: Teacher) -> Drawing:
    """What a teacher teaches at this moment, whatever it learns later."""
    return Drawing(Taught(space, copy.deepcopy(teacher)), {}, {"teacher": packed(teacher.state_dict())})


def _drawn_from_priors(parameters: ParameterSpace, selection: Selection, fixed: dict[str, float]) -> Drawing:
    return Drawing(Prior(select(parameters, selection)), fixed, {"randomize": plain(selection)})


def _state_of(source: Source) -> Any:
    """The state of a source as plain data; ``None`` if it does not say."""
    state_dict = getattr(source, "state_dict", None)
    return None if state_dict is None else packed(state_dict())
