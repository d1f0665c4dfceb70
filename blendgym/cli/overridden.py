"""Options of ``blendgym record`` that a scenario's own views override."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blendgym.errors import InvalidOption


def overridden(
    views: Mapping[str, Mapping[str, Any]], options: Mapping[str, Any], defaults: Mapping[str, Any]
) -> list[str]:
    """What the views of a scenario say otherwise than the options do, a line for each view.

    Args:
        views: Arguments of ``View`` that the scenario itself gives each view, by name.
        options: What is asked for, by the same names as those arguments; what is empty asks for nothing.
        defaults: Of the options.

    Raises:
        InvalidOption: If something else than the default is asked for, and no view heeds it.
    """
    asked = {name: value for name, value in options.items() if value}
    differing = {view: [name for name in asked if _differs(own, name, asked[name])] for view, own in views.items()}
    for name, value in asked.items():
        if views and value != defaults[name] and all(name in names for names in differing.values()):
            told = ", ".join(_told(own[name]) + (f" for {view!r}" if view else "") for view, own in views.items())
            raise InvalidOption(
                f"--{name} {_told(value)} has no effect: the scenario's own `views` say {told}. Change it there, or "
                f"leave --{name} out."
            )
    return [
        f"The {f'view {view!r}' if view else 'only view'} keeps what the scenario says of it: "
        + ", ".join(f"{name} {_told(views[view][name])}" for name in names)
        for view, names in differing.items()
        if names
    ]


def _differs(own: Mapping[str, Any], name: str, value: Any) -> bool:
    return name in own and _told(own[name]) != _told(value)


def _told(value: Any) -> str:
    """As it is typed behind an option."""
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
