"""Every nanosecond of a step belongs to something, on both sides, and effects come after their causes."""

from __future__ import annotations

import bpy  # noqa: F401  # A trainer that has Blender in its own process is still the trainer.
import pytest
from drawn import coloured_share

from blendgym.benchmarks.anatomy.command import measure
from blendgym.benchmarks.anatomy.methods import BETWEEN, RECEIVING, SENDING, WAITING
from blendgym.benchmarks.anatomy.plot import plot_step
from blendgym.benchmarks.anatomy.spans import Span
from blendgym.benchmarks.anatomy.steps import Step, divide, nobody, seconds_by_part, typical


@pytest.fixture(scope="module")
def anatomy():
    return measure("BlendCartpole-v0", 1000)


def test_of_calls_within_calls_the_innermost_counts():
    trainer = [Span(12, 90, "asks"), Span(20, 30, "encodes"), Span(30, 35, SENDING)]
    ((side, _),) = divide([(10, 100)], trainer, [])
    assert side == [
        Span(0, 2, BETWEEN), Span(2, 10, "asks"), Span(10, 20, "encodes"), Span(20, 25, SENDING),
        Span(25, 80, "asks"), Span(80, 90, BETWEEN),
    ]  # fmt: skip


def test_what_began_before_a_step_and_ends_within_it_counts_from_its_beginning():
    ((_, side),) = divide([(100, 200)], [], [Span(20, 130, WAITING), Span(190, 300, WAITING)])
    assert side == [Span(0, 30, WAITING), Span(30, 90, BETWEEN), Span(90, 100, WAITING)]


def test_nobody_works_while_both_sides_wait():
    step = Step([Span(0, 10, "asks"), Span(10, 50, WAITING)], [Span(0, 30, WAITING), Span(30, 50, "answers")])
    assert nobody(step) == pytest.approx(20e-9)


def test_a_typical_step_is_like_most_of_the_fastest_tenth():
    quick = [Step([Span(0, length, "asks")], []) for length in (10, 12, 14)]
    slow = [Step([Span(0, 1000, "asks"), Span(1000, 2000, WAITING)], [])] * 27
    step, share = typical([*slow, *quick])
    assert step.trainer == [Span(0, 12, "asks")]
    assert share == 1.0


def test_both_sides_are_accounted_for_without_gaps(anatomy):
    for side in anatomy.step:
        assert side[0].begin == 0
        assert side[-1].end == pytest.approx(anatomy.step.nanoseconds, abs=2)
        assert sum(seconds_by_part(side).values()) == pytest.approx(anatomy.step.nanoseconds * 1e-9, rel=0.1)


def test_a_message_is_received_after_it_was_sent(anatomy):
    trainer, blender = anatomy.step
    asked = next(span for span in trainer if span.part == SENDING)
    frame = next(span for span in blender if span.part == "Blender's frame")
    answered = next(span for span in blender if span.part == SENDING and span.begin >= frame.end)
    assert asked.begin < next(span.end for span in blender if span.part == RECEIVING)
    assert asked.begin < frame.begin
    assert answered.begin < [span for span in trainer if span.part == RECEIVING][-1].end


def test_a_step_is_drawn(anatomy, tmp_path):
    plot_step(tmp_path / "step.png", anatomy.step, "A step")
    assert coloured_share(tmp_path / "step.png") > 0.0003
