"""How networks are taught: in chunks of renders, as they have come or as a teacher draws them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from blendgym.data.sample import Sample
from blendgym.photographs.learner import BatchLearner, Seen
from blendgym.photographs.streams import CHUNK, chunks_of, taught_stream
from blendgym.photographs.study import Arm, Blenders, Report
from blendgym.scenario import Scenario

Network = TypeVar("Network", bound=BatchLearner[Any])


class Lessons(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What settings of studies have in common.

    Args:
        passing_loss: Of teachers, which aim at losses that are a good two times as large.
        warm_up: Renders before a teacher adapts.
        validation: Renders, with all parameters drawn, that networks are validated on.
    """

    passing_loss: float = 1.0
    warm_up: int = 64
    validation: int = 64


def learned(make: Callable[[int], Network], seen: Seen, count: int) -> Network:
    """A network that has learned from what came in chunks.

    Args:
        make: Makes it, for a number of chunks.
        seen: All of what it learns from.
        count: How much that is.
    """
    starts = range(0, count, CHUNK)
    network = make(len(starts))
    for start in starts:
        network.learn(seen.part(start, start + CHUNK))
    network.finish()
    return network


def learned_as_drawn(
    make: Callable[[int], Network], scenario: type[Scenario], gathered: Callable[[list[Sample]], Seen], arm: Arm,
    seed: int, blenders: Blenders, lessons: Lessons, report: Report,
) -> tuple[Network, Seen]:  # fmt: skip
    """A network by whose losses the teacher of an arm has drawn what it has learned from.

    Each chunk is drawn by the losses on all before it, so that they do not depend on how far Blenders are ahead.

    Args:
        make: Makes the network, for a number of chunks.
        scenario: What is rendered.
        gathered: Makes of samples what is learned from.
        arm: Whose parameters are drawn.
        seed: Of the stream.
        blenders: That render.
        lessons: What the teacher aims at, and when it begins.
        report: Told of how many renders there are.

    Returns:
        The network, and the first chunk.
    """
    network, parts = make(-(-arm.images // CHUNK)), list[Seen]()
    with taught_stream(scenario, arm, seed, blenders, lessons.passing_loss, lessons.warm_up) as stream:
        for samples in chunks_of(stream, report):
            seen = gathered(samples)
            stream.report([sample.index for sample in samples], network.losses(seen), "lockstep")
            network.learn(seen)
            parts.append(seen)
    network.finish()
    return network, parts[0]
