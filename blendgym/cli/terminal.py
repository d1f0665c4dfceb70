"""Terminals as they are: some know no more letters than ASCII, some are pipes that nobody reads to the end."""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Any, TextIO

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


@contextlib.contextmanager
def wrapped_output() -> Iterator[None]:
    """Has lines that are wider than the terminal go on in the next one, between words.

    (tyro 1.0 wraps its tables, but neither the usage nor what a command is said to do.)
    """
    with contextlib.redirect_stdout(_Wrapping(sys.stdout)):
        yield


class _Wrapping:
    """A stream with such lines; all else is as in the stream behind it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        width = shutil.get_terminal_size().columns
        self._stream.write("\n".join(_wrapped(line, width) for line in text.split("\n")))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _wrapped(line: str, width: int) -> str:
    if _width(line) <= width:
        return line
    lines = [""]
    indent = " " * 4 if "usage:" in line else ""
    for word in re.findall(r"[^ ,]*[ ,]*", line):
        if _width(lines[-1] + word.rstrip()) > width:
            lines.append(indent)
        lines[-1] += word
    return "\n".join(each.rstrip() for each in lines)


def _width(text: str) -> int:
    return len(re.sub(r"\x1b\[[0-9;]*m", "", text))


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end].translate(PLAIN)
    return unknown.encode("ascii", "replace").decode("ascii"), error.end
