"""When methods were under way, written down in a file.

On Linux, ``time.perf_counter_ns`` reads the same clock in every process, so spans of both sides of the wire have one
axis of time.
"""

from __future__ import annotations

import functools
import importlib
import mmap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

CAPACITY = 1 << 20
"""Spans in a file, enough for 60,000 steps; what comes later is not written down."""

FIELDS = 3
"""Number of the method, and the nanoseconds when it was called and when it returned; all int64."""


class Method(NamedTuple):
    """A method that is watched.

    Args:
        owner: Its class, as ``module:Class``.
        name: Its name there.
        part: What it does, in words for people.
    """

    owner: str
    name: str
    part: str

    def find(self) -> type:
        """The class."""
        module, _, name = self.owner.partition(":")
        found: type = getattr(importlib.import_module(module), name)
        return found


class Span(NamedTuple):
    """One call of a method.

    Args:
        begin: When it was called, in ns.
        end: When it returned, in ns.
        part: What it did.
    """

    begin: int
    end: int
    part: str


class Spans:
    """Writes spans down, at less than a microsecond each.

    Args:
        file: Where to. It is made, and read again with ``read_spans``.
    """

    def __init__(self, file: Path) -> None:
        with file.open("w+b") as opened:
            opened.truncate(8 * (1 + FIELDS * CAPACITY))  # It takes room on the disk as it is filled.
            self._fields = memoryview(mmap.mmap(opened.fileno(), 0)).cast("B").cast("q")
        self._place = 1

    def timed(self, function: Callable[..., Any], number: int) -> Callable[..., Any]:
        """A function that does the same, and writes down when, under a number."""
        clock, note = time.perf_counter_ns, self._note

        @functools.wraps(function)
        def watched(*arguments: Any, **options: Any) -> Any:
            begin = clock()
            try:
                return function(*arguments, **options)
            finally:
                note(number, begin, clock())

        return watched

    def _note(self, number: int, begin: int, end: int) -> None:
        fields, place = self._fields, self._place
        if place + FIELDS > len(fields):
            return
        fields[place], fields[place + 1], fields[place + 2] = number, begin, end
        self._place = place + FIELDS
        fields[0] += 1


def watch(methods: Sequence[Method], spans: Spans) -> None:
    """Writes down, from now on, when these methods are under way."""
    for number, method in enumerate(methods):
        owner = method.find()
        setattr(owner, method.name, spans.timed(getattr(owner, method.name), number))


@contextmanager
def watching(methods: Sequence[Method], spans: Spans) -> Iterator[None]:
    """Writes down when these methods are under way, for a while."""
    kept = [vars(method.find())[method.name] for method in methods]
    watch(methods, spans)
    try:
        yield
    finally:
        for method, original in zip(methods, kept, strict=True):
            setattr(method.find(), method.name, original)


def read_spans(file: Path, methods: Sequence[Method]) -> list[Span]:
    """The spans of a file, in the order in which they began; of two that began at once, the longer first.

    Args:
        file: What ``Spans`` has written.
        methods: Those that were watched.
    """
    (count,) = np.fromfile(file, np.int64, 1).tolist()
    rows = np.fromfile(file, np.int64, FIELDS * count, offset=8).reshape(-1, FIELDS).tolist()
    spans = [Span(begin, end, methods[number].part) for number, begin, end in rows]
    return sorted(spans, key=lambda span: (span.begin, -span.end))
