"""Taking samples from a stream in a way that can be given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from blendgym.errors import SampleTimeout

if TYPE_CHECKING:
    from blendgym.data.sample import Sample
    from blendgym.data.streams.stream import Stream

PATIENCE_SECONDS = 0.2


def take(stream: Stream, owner: str, is_over: Callable[[], bool]) -> Sample | None:
    """The next sample of a stream, or ``None`` at the end of the pass, or when it is not wanted any more.

    Args:
        stream: Where to take it.
        owner: Who takes it.
        is_over: Whether it is not wanted any more.
    """
    while not is_over():
        try:
            return stream.take(owner, timeout=PATIENCE_SECONDS)
        except SampleTimeout:
            continue
    return None


def take_some(stream: Stream, owner: str, number: int, is_over: Callable[[], bool]) -> list[Sample]:
    """That many samples, or fewer at the end of the pass, or when they are not wanted any more.

    Args:
        stream: Where to take them.
        owner: Who takes them.
        number: How many.
        is_over: Whether they are not wanted any more.
    """
    samples: list[Sample] = []
    while len(samples) < number and (sample := take(stream, owner, is_over)) is not None:
        samples.append(sample)
    return samples
