"""Terminals as they are: some know no more letters than ASCII, some are pipes that nobody reads to the end."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

PLAIN = str.maketrans(
    {
        "×": "x", "±": "+-", "–": "-", "−": "-", "…": "...", "·": "-", "°": " deg", "µ": "u", "²": "2", "³": "3",
        "÷": "/", "✓": "+", "✗": "x", "█": "#", "▁": ".", "▂": ".", "▃": ":", "▄": ":", "▅": "+", "▆": "+", "▇": "#",
    }
)  # fmt: skip
"""What stands for characters that a terminal does not know; for others there is a question mark."""


def accept_any_terminal() -> None:
    """Sees to it that everything can be printed, whatever the encoding of the terminal is."""
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain")


def drop(stream: TextIO) -> None:
    """Lets a stream that cannot be written to lose what it still has, of which Python would complain at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError:  # It is none of the operating system's.
        return


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end].translate(PLAIN)
    return unknown.encode("ascii", "replace").decode("ascii"), error.end
