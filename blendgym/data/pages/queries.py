"""What a page asks for, as it stands in an address."""

from __future__ import annotations

import math
from collections.abc import Mapping

from blendgym.data.pages.catalogue import Wanted
from blendgym.errors import InvalidOption


def wanted_by(query: Mapping[str, list[str]]) -> Wanted:
    """The samples that a query asks for.

    Args:
        query: Values by name: ``first``, ``last``, ``version``, any number of ``category``, and any number of
            ``range``, each with the name of a parameter, its lowest and its highest value: ``mass:0.1:0.5``.

    Raises:
        InvalidOption: If it cannot be read.
    """
    if unknown := query.keys() - {"first", "last", "version", "category", "range"}:
        raise InvalidOption(f"Samples are not found by {', '.join(sorted(unknown))}.")
    return Wanted(
        first=_whole(query, "first") or 0,
        last=_whole(query, "last"),
        version=_whole(query, "version"),
        categories=frozenset(query.get("category", ())),
        ranges=dict(map(_range, query.get("range", ()))),
    )


def _whole(query: Mapping[str, list[str]], name: str) -> int | None:
    if name not in query:
        return None
    text = query[name][-1]
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise InvalidOption(f"The {name} is {text!r}; expected a whole number from 0.")
    return int(text)


def _range(text: str) -> tuple[str, tuple[float, float]]:
    name, *ends = text.rsplit(":", 2)
    try:
        low, high = map(float, ends)
    except ValueError:
        low = high = math.nan
    if math.isnan(low) or math.isnan(high):
        raise InvalidOption(f"A range is {text!r}; expected name:low:high.")
    return name, (low, high)
