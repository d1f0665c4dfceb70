"""Keyword arguments of tasks, as they are typed."""

from __future__ import annotations

from typing import Any

import msgspec

from blendgym.errors import InvalidOption

CONSTANTS = {"True": True, "False": False, "None": None}
"""As Python spells what JSON calls true, false and null."""


def parse_options(options: tuple[str, ...]) -> dict[str, Any]:
    """The arguments that name=value stands for. Values are JSON or Python's constants, text otherwise.

    Raises:
        InvalidOption: If one is no name=value.
    """
    parsed: dict[str, Any] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not (equals and name.isidentifier()):
            raise InvalidOption(f"--options takes name=value, got {option!r}.")
        parsed[name] = CONSTANTS[text] if text in CONSTANTS else _read(text)
    return parsed


def _read(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except ValueError:
        return text
