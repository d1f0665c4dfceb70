"""Names that are asked for and are not there."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST = 30
"""Of the names that a message lists."""


def missing(kind: str, name: str, known: Iterable[str], owner: str = "The scene") -> str:
    """Says that there is no such thing, which there are, and which one was meant perhaps.

    Args:
        kind: Of the thing, such as ``"joint"``.
        name: That was asked for.
        known: The names that there are.
        owner: What they are names in; it begins the message.
    """
    names = list(known)
    listed = ", ".join(names[:MOST]) or "none at all"
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return f"{owner} has no {kind} {name!r}; it has {listed}{more}.{did_you_mean(name, names)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question for the most similar name, after a space; empty if none is similar."""
    alike = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name.lower(), alike, n=1)
    return f" Did you mean {alike[close[0]]!r}?" if close else ""
