"""From spans to steps: what each side was at, one thing after the other, and a step that is typical."""

from __future__ import annotations

import statistics
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from blendgym.benchmarks.anatomy.methods import BETWEEN, SLEEPING, WAITING
from blendgym.benchmarks.anatomy.spans import Span

LOOK_BACK = 64
"""So many spans may have begun since a call that is still under way."""

Side = list[Span]
"""What one process was at: spans without gaps or overlaps, in their order. Times are ns since the step began."""


class Step(NamedTuple):
    """One step.

    Args:
        trainer: What the trainer's process was at.
        blender: What Blender's was.
    """

    trainer: Side
    blender: Side

    @property
    def nanoseconds(self) -> int:
        """How long it took."""
        return self.trainer[-1].end

    @property
    def form(self) -> tuple[tuple[str, ...], ...]:
        """Which things were done, in which order."""
        return tuple(tuple(span.part for span in side) for side in self)


def divide(windows: Iterable[tuple[int, int]], trainer: Sequence[Span], blender: Sequence[Span]) -> list[Step]:
    """The steps of a run.

    Args:
        windows: When each step began and ended, in ns.
        trainer: All spans of the trainer's process, as ``read_spans`` gives them.
        blender: All spans of Blender's.
    """
    return [Step(*(_within(spans, begin, end) for spans in (trainer, blender))) for begin, end in windows]


def typical(steps: Sequence[Step]) -> tuple[Step, float]:
    """A step that is like most of the fastest tenth: in the others the machine may have had other things to do.

    Returns:
        The medians of those in which the same things were done in the same order, and the share of the fastest tenth
        that these are.
    """
    fastest = sorted(steps, key=lambda step: step.nanoseconds)[: (len(steps) + 9) // 10]
    form, count = Counter(step.form for step in fastest).most_common(1)[0]
    alike = [step for step in fastest if step.form == form]
    return Step(*(_medians([step[side] for step in alike]) for side in range(2))), count / len(fastest)


def seconds_by_part(side: Side) -> dict[str, float]:
    """How long each thing was done in a step, in s, the longest first."""
    taken: Counter[str] = Counter()
    for span in side:
        taken[span.part] += span.end - span.begin
    return {part: nanoseconds * 1e-9 for part, nanoseconds in taken.most_common()}


def nobody(step: Step) -> float:
    """How long both sides waited at once, in s: a message was under way, or a side was not awake yet."""
    waits = [[span for span in side if span.part in (WAITING, SLEEPING)] for side in step]
    both = sum(max(0, min(a.end, b.end) - max(a.begin, b.begin)) for a in waits[0] for b in waits[1])
    return both * 1e-9


def _within(spans: Sequence[Span], begin: int, end: int) -> Side:
    """What was done between two moments: of calls within calls, the innermost."""
    first = bisect_left(spans, begin, key=lambda span: span.begin)
    under_way = [span for span in spans[max(0, first - LOOK_BACK) : first] if span.end > begin]
    side: Side = []
    stack = [Span(begin, end, BETWEEN)]
    for span in (*under_way, *spans[first:]):
        if span.begin >= end:
            break
        while stack[-1].end <= span.begin:
            _extend(side, stack.pop(), begin, end)
        _extend(side, stack[-1]._replace(end=span.begin), begin, end)
        stack.append(span)
    while stack:
        _extend(side, stack.pop(), begin, end)
    return side


def _extend(side: Side, span: Span, begin: int, end: int) -> None:
    """Goes on until a span ends."""
    since, until = side[-1].end if side else 0, min(span.end, end) - begin
    if until <= since:
        return
    if side and side[-1].part == span.part:
        side[-1] = side[-1]._replace(end=until)
    else:
        side.append(Span(since, until, span.part))


def _medians(sides: Sequence[Side]) -> Side:
    return [_median(spans) for spans in zip(*sides, strict=True)]


def _median(spans: Sequence[Span]) -> Span:
    begin, end = (round(statistics.median(times)) for times in zip(*(span[:2] for span in spans), strict=True))
    return Span(begin, end, spans[0].part)
