"""Which parameters are randomized, as users say it in plain values that survive JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from blendgym.errors import InvalidParameter
from blendgym.parameters.parameter import Parameter
from blendgym.parameters.space import ParameterSpace
from blendgym.parameters.specs import Group

ALL = "all"
GROUPS: tuple[str, ...] = get_args(Group)
PHYSICAL = ("dynamics", "actuator", "sensor")
"""Groups of parameters that every student meets; visual ones are for those that see."""

Selection = str | Iterable[str] | Mapping[str, Any] | None
"""``None`` for none, ``"all"``, a group, a name, several groups and names, or what changes by name: ``None`` for
nothing, ``[low, high]``, or a dict with some of ``low``, ``high``, ``phase`` and ``interval``."""


def select(parameters: ParameterSpace, randomize: Selection) -> ParameterSpace:
    """The space of the parameters that are randomized, in the order of their declaration.

    Raises:
        InvalidParameter: If a name is unknown, or what is said of a parameter contradicts its declaration.
    """
    if randomize is None:
        return ParameterSpace()
    if isinstance(randomize, str):
        randomize = [randomize]
    changes = dict(randomize) if isinstance(randomize, Mapping) else _named(parameters, randomize)
    for name in changes:
        _require_known(parameters, name)
    chosen = [_changed(parameter, changes[name]) for name, parameter in parameters.items() if name in changes]
    return parameters.with_only(chosen)


def _require_known(parameters: ParameterSpace, name: str) -> None:
    try:
        parameters.known(name)
    except InvalidParameter as error:
        raise InvalidParameter(f"{error} Groups are {', '.join(GROUPS)}; {ALL!r} is all of them.") from None


def _named(parameters: ParameterSpace, given: Iterable[str]) -> dict[str, None]:
    names: dict[str, None] = {}
    for each in given:
        if each == ALL:
            names |= dict.fromkeys(parameters)
        elif each in GROUPS:
            names |= dict.fromkeys(name for name, parameter in parameters.items() if parameter.group == each)
        else:
            names[each] = None
    return names


def _changed(parameter: Parameter, change: Any) -> Parameter:
    if change is None:
        return parameter
    if not isinstance(change, Mapping):
        change = dict(zip(("low", "high"), change, strict=True)) if _is_pair(change) else {"": change}
    if not set(change) <= {"low", "high", "phase", "interval"}:
        raise InvalidParameter(
            f"Parameter {parameter.name!r} is randomized by {change!r}; expected None, [low, high], or a dict with "
            "some of low, high, phase and interval."
        )
    return parameter.changed(**change)


def _is_pair(change: Any) -> bool:
    return isinstance(change, list | tuple) and len(change) == 2
