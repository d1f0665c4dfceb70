"""Which parameters are randomized, as users say it in plain values that survive JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from blendgym.errors import InvalidParameter
from blendgym.parameters.parameter import Parameter
from blendgym.parameters.space import ParameterSpace
from blendgym.parameters.specs import ALL, PHYSICAL, PICTORIAL
from blendgym.parameters.vectors import each_of

GROUPS = ("dynamics", "visual", "imaging", "sensor", "actuator")
"""Groups by convention; a task may have others."""

ADAPTIVE = "adaptive"
"""Says that draws follow the student, where there is one; see ``blendgym.agents.make_vec_env``."""

FIELDS = ("low", "high", "phase", "interval")

Selection = str | Iterable[str] | Mapping[str, Any] | None
"""``None`` for none, ``"all"``, ``"physical"`` for all that change more than pictures, a group, a name, several groups
and names, or what changes by name: ``None`` for nothing, ``[low, high]``, or a dict with some of ``low``, ``high``,
``phase`` and ``interval``. The name of a vector stands for all of its elements; its bounds may be lists with one for
each."""


def select(parameters: ParameterSpace, randomize: Selection) -> ParameterSpace:
    """The space of the parameters that are randomized, in the order of their declaration.

    Raises:
        InvalidParameter: If a name is unknown, or what is said of a parameter contradicts its declaration.
    """
    changes = changes_by_name(parameters, randomize)
    chosen = [_changed(parameter, changes[name]) for name, parameter in parameters.items() if name in changes]
    return parameters.with_only(chosen)


def changes_by_name(parameters: ParameterSpace, randomize: Selection) -> dict[str, Any]:
    """What changes of each parameter that is randomized, with every element of a vector named.

    Raises:
        InvalidParameter: If a name is unknown, or what is given is no selection.
    """
    if randomize is None:
        return {}
    if isinstance(randomize, Mapping):
        changes = _by_element(parameters, randomize)
    else:
        changes = _named(parameters, _words(parameters, randomize))
    for name in changes:
        _require_known(parameters, name)
    return changes


def _words(parameters: ParameterSpace, randomize: Any) -> list[str]:
    """A selection that is no dict, as names and groups."""
    words = [randomize] if isinstance(randomize, str) or not isinstance(randomize, Iterable) else list(randomize)
    if not all(isinstance(word, str) for word in words):
        raise InvalidParameter(
            f"randomize is {randomize!r:.80}; expected None, {ALL!r}, {PHYSICAL!r}, the name of a parameter or of a "
            f"group ({_listed_groups(parameters)}), a list of such names, or a dict of what changes by name."
        )
    return words


def _listed_groups(parameters: ParameterSpace) -> str:
    return ", ".join(dict.fromkeys((*parameters.groups, *GROUPS)))


def _require_known(parameters: ParameterSpace, name: str) -> None:
    try:
        parameters.known(name)
    except InvalidParameter as error:
        if name == ADAPTIVE:
            raise InvalidParameter(
                f"randomize has {ADAPTIVE!r}, which is for blendgym.agents.make_vec_env and `blendgym train`: draws "
                "follow a student, and a single environment knows of none. Name what is to be randomized."
            ) from None
        raise InvalidParameter(
            f"{error} Groups are {_listed_groups(parameters)}; {ALL!r} is all of them, {PHYSICAL!r} all but "
            f"{' and '.join(PICTORIAL)}."
        ) from None


def _named(parameters: ParameterSpace, given: Iterable[str]) -> dict[str, None]:
    names: dict[str, None] = {}
    for each in given:
        names |= dict.fromkeys(_meant(parameters, each))
    return names


def _meant(parameters: ParameterSpace, word: str) -> Iterable[str]:
    if word == ALL:
        return parameters
    if word == PHYSICAL:
        return [name for name, parameter in parameters.items() if parameter.group not in PICTORIAL]
    if word in parameters:
        return [word]
    if word in parameters.vectors:
        return parameters.vectors[word]
    if word in parameters.groups:
        return [name for name, parameter in parameters.items() if parameter.group == word]
    if word in GROUPS:
        raise InvalidParameter(
            f"randomize has {word!r}, but nothing of this environment is in that group; its parameters are "
            f"{_counted(parameters)}."
        )
    return [word]


def _counted(parameters: ParameterSpace) -> str:
    """How many parameters there are of each group: ``8 of 'dynamics', 2 of 'sensor'``."""
    counts = Counter(parameter.group for parameter in parameters.values())
    return ", ".join(f"{count} of {group!r}" for group, count in counts.items()) or "none"


def _by_element(parameters: ParameterSpace, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The same changes with every element of a vector named."""
    named: dict[str, Any] = {}
    for name, change in changes.items():
        named |= _split(name, change, parameters.vectors[name]) if name in parameters.vectors else {name: change}
    return named


def _split(name: str, change: Any, elements: Sequence[str]) -> dict[str, Any]:
    """What changes of each element of a vector."""
    columns = {
        field: each_of(value, len(elements), f"{field} of the parameter {name!r}")
        for field, value in _fields(name, change).items()
    }
    return {
        element: {field: column[index] for field, column in columns.items()} for index, element in enumerate(elements)
    }


def _changed(parameter: Parameter, change: Any) -> Parameter:
    fields = _fields(parameter.name, change)
    return parameter.changed(**fields) if fields else parameter


def _fields(name: str, change: Any) -> dict[str, Any]:
    """What changes of a parameter, by field."""
    if change is None:
        return {}
    if isinstance(change, list | tuple) and len(change) == 2:
        return dict(zip(("low", "high"), change, strict=True))
    if not isinstance(change, Mapping) or not set(change) <= set(FIELDS):
        raise InvalidParameter(
            f"Parameter {name!r} is randomized by {change!r}; expected None, [low, high], or a dict with some of "
            f"{', '.join(FIELDS)}."
        )
    return dict(change)
