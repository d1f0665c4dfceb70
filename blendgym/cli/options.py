"""Keyword arguments of tasks, as they are typed."""

from __future__ import annotations

from typing import Any

import msgspec

from blendgym.errors import InvalidOption


def parse_options(options: tuple[str, ...]) -> dict[str, Any]:
    """The arguments that name=value stands for. Values are JSON where they can be read as such, text otherwise.

    Raises:
        InvalidOption: If one is no name=value.
    """
    parsed: dict[str, Any] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not (equals and name.isidentifier()):
            raise InvalidOption(f"--options takes name=value, got {option!r}.")
        try:
            parsed[name] = msgspec.json.decode(text)
        except ValueError:
            parsed[name] = text
    return parsed
