"""From which place of a stream on an update holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from blendgym.checks import check_choice, read_integer
from blendgym.data.streams.book import Book
from blendgym.data.streams.indices import Indices
from blendgym.errors import InvalidOption

MOMENTS = ("soon", "lockstep")

FirstPlace = Callable[[Book, Indices], int]


def first_place(when: str, at_index: int | None, order: str) -> FirstPlace:
    """What finds the first place at which an update holds.

    Args:
        when: One of ``MOMENTS``.
        at_index: From which index on, instead.
        order: Of the stream.

    Raises:
        InvalidOption: If there is no such moment, also later when it is looked for.
    """
    check_choice("when", when, MOMENTS)
    if at_index is not None:
        if when != "soon":
            raise InvalidOption(f"An update has at_index={at_index!r:.80} or when={when!r}, not both.")
        return partial(_at_index, read_integer("at_index", at_index))
    if when == "soon":
        return soon
    if order == "ready":
        raise InvalidOption("Lockstep needs order='index': without an order there is no next sample.")
    return _lockstep


def soon(book: Book, _: Indices) -> int:
    """The first place that nobody has begun."""
    return book.next


def _lockstep(book: Book, _: Indices) -> int:
    return book.untaken


def _at_index(index: int, book: Book, indices: Indices) -> int:
    place = indices.slot(index)
    if place < book.untaken:
        raise InvalidOption(f"An update at_index={index} comes too late: samples from there on were taken already.")
    return place
