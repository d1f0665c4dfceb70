"""A sample that cannot be made is an error with its index, seed and cause, or is skipped and told: never lost."""

from __future__ import annotations

import itertools

import pytest
from scenarios import SILENT
from troubled import TROUBLED, Troubled, is_troubled

from blendgym.data.streams.indices import sample_seed
from blendgym.data.streams.stream import Stream
from blendgym.errors import BlenderNotFound, RenderError, SampleFailed
from blendgym.parameters.sources import Prior

SMALL = {"width": 16, "height": 12, "ahead": 2}


def seed_with_trouble_at(index):
    """A seed of a stream whose only trouble among the first four samples is at an index."""
    for seed in itertools.count():
        if [is_troubled(sample_seed(seed, each)) for each in range(4)] == [each == index for each in range(4)]:
            return seed
    return None


@pytest.mark.parametrize(
    ("kind", "times", "says"),
    [
        ("raise", 3, r"TaskError: (.|\n)*troubled.py(.|\n)*ValueError: this is the trouble"),
        ("die", 2, r"ServerDied: .* ended with exit code 3"),
        ("hang", 1, r"ServerTimeout: .* did not answer Reset within 3 s"),
    ],
)
def test_the_error_names_index_seed_and_cause_in_its_turn_and_the_others_come_before(kind, times, says):
    seed = seed_with_trouble_at(2)
    with Stream(
        TROUBLED, kind=kind, seed=seed, randomize="all", max_failures=times, deadlines={"reset": 3.0}, **SMALL
    ) as stream:
        assert [stream.take().index for _ in range(2)] == [0, 1]
        with pytest.raises(
            SampleFailed, match=f"Sample 2 .seed {sample_seed(seed, 2)}, version 0(.|\n)*{says}"
        ) as caught:
            stream.take()
    assert caught.value.details == {"index": 2, "seed": sample_seed(seed, 2), "version": 0}


@pytest.mark.parametrize(("kind", "says"), [("raise", "this is the trouble"), ("spoil", "")])
def test_samples_that_fail_are_skipped_and_told_by_policy_and_all_others_come(kind, says):
    with Stream(
        TROUBLED, kind=kind, seed=3, count=24, randomize="all", max_failures=1, on_failure="skip", producers=2, **SMALL
    ) as stream:
        indices = [sample.index for sample in stream]
        troubled = [index for index in range(indices[-1]) if is_troubled(sample_seed(3, index))]
        assert troubled
        assert sorted(each.index for each in stream.skipped) == troubled
        assert len(indices) == len(stream) == 24
        assert indices == [index for index in range(indices[-1] + 1) if index not in troubled]
        assert all(says in each.reason for each in stream.skipped)


class Refusing:
    """A source that draws nothing for odd episodes."""

    def __init__(self, space):
        self.space = space

    def draw(self, episode_seed, environment_seed):
        if episode_seed % 2:
            raise ArithmeticError("nothing to draw")
        return Prior(self.space).draw(episode_seed, environment_seed)


def test_a_source_that_raises_costs_its_sample_and_no_blender():
    with Stream(TROUBLED, kind="none", seed=3, count=6, max_failures=1, on_failure="skip", **SMALL) as stream:
        stream.update(Refusing(Troubled.parameters), at_index=2)
        pids = {stream._producers[0].pid for _ in stream}
        assert len(pids) == 1
        assert stream.skipped
        assert all("ArithmeticError: nothing to draw" in each.reason for each in stream.skipped)


def test_what_keeps_every_producer_from_working_is_an_error_at_once():
    with Stream(SILENT, blender="/nowhere/blender", producers=2, **SMALL) as stream, pytest.raises(BlenderNotFound):
        stream.take()


def test_a_view_through_a_camera_that_is_not_there_ends_the_stream_at_once():
    with Stream("BlendCartpole-v0", count=4, on_failure="skip", camera="Nowhere", width=32, height=24) as stream:
        with pytest.raises(RenderError, match=r"no camera 'Nowhere'; it has Camera.* Say camera="):
            stream.take()
        assert stream.skipped == []
