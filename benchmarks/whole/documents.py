"""Tables within Markdown, between two comments that nobody sees: ``<!-- bench NAME -->`` and ``<!-- end -->``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

BETWEEN = re.compile(r"(<!-- bench (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write_tables(file: Path, tables: Mapping[str, str]) -> list[str]:
    """Puts tables where a document has a place for them; all else stays as it is.

    Args:
        file: Of Markdown.
        tables: By name; those that have no place in it are left out.

    Returns:
        The names of those that were written.
    """
    written = []

    def filled(place: re.Match[str]) -> str:
        name = place["name"]
        if name not in tables:
            return place[0]
        written.append(name)
        return f"{place[1]}{tables[name].strip()}\n{place[3]}"

    text = BETWEEN.sub(filled, file.read_text(encoding="utf-8"))
    if written:
        file.write_text(text, encoding="utf-8")
    return written
