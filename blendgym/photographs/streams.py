"""Streams that studies on photographs learn from, in chunks, and those that a teacher draws."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from blendgym.data.sample import Sample
from blendgym.data.streams.stream import Stream
from blendgym.parameters.selection import select
from blendgym.photographs.study import Arm, Blenders, Report
from blendgym.scenario import Scenario
from blendgym.teachers.adaptive import adaptive_teacher

CHUNK = 32
"""Samples that arrive at a time."""


def stream_of(
    scenario: type[Scenario], randomize: tuple[str, ...], seed: int, count: int, blenders: Blenders, **arguments: Any
) -> Stream:
    """The stream of a scenario.

    Args:
        scenario: Its class.
        randomize: Groups and names of the parameters that are drawn.
        seed: Of the stream.
        count: How many samples.
        blenders: That render.
        arguments: Further ones of the stream.
    """
    return Stream(
        scenario, seed=seed, count=count, producers=blenders.producers, execute=blenders.execute, randomize=randomize,
        ahead=16, **arguments,
    )  # fmt: skip


def taught_stream(
    scenario: type[Scenario], arm: Arm, seed: int, blenders: Blenders, passing_loss: float, warm_up: int
) -> Stream:
    """The stream of an arm, drawn by a teacher who is told losses.

    Args:
        scenario: Its class.
        arm: Whose parameters are drawn.
        seed: Of the stream.
        blenders: That render.
        passing_loss: The teacher aims at losses that are a good two times as large.
        warm_up: Samples before the teacher adapts.
    """
    space = select(scenario.parameters, arm.randomize)
    return stream_of(
        scenario, arm.randomize, seed, arm.images, blenders,
        teacher=lambda _: adaptive_teacher(space, "scores", warm_up=warm_up), passing_loss=passing_loss,
    )  # fmt: skip


def chunks_of(stream: Stream, report: Report) -> Iterator[list[Sample]]:
    """Samples of a stream as they come; how many is reported when the next ones are asked for."""
    samples, made = iter(stream), 0
    while chunk := list(islice(samples, CHUNK)):
        yield chunk
        made += len(chunk)
        report(made)
