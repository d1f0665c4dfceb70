"""Keyword arguments, as they are typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from blendgym.errors import InvalidOption

CONSTANTS = {"True": True, "False": False, "None": None}
"""As Python spells what JSON calls true, false and null."""


def parse_keywords(typed: Iterable[str], taker: str = "--options") -> dict[str, Any]:
    """The arguments that name=value stands for. Values are JSON or Python's constants, text otherwise.

    Args:
        typed: The arguments.
        taker: What takes them.

    Raises:
        InvalidOption: If one is no name=value.
    """
    parsed: dict[str, Any] = {}
    for argument in typed:
        name, equals, text = argument.partition("=")
        if not (equals and name.isidentifier()):
            raise InvalidOption(f"{taker} takes name=value, got {argument!r}.")
        parsed[name] = CONSTANTS[text] if text in CONSTANTS else _read(text)
    return parsed


def _read(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except ValueError:
        return text
