"""A stream goes on from its state, with other producers, as if nothing had been; updates hold from their index on."""

from __future__ import annotations

import copy
import itertools
import json
import time

import numpy as np
import pytest
from recorded import bits
from scenarios import FALLEN

from blendgym.data.streams.stream import Stream
from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.parameters.episodes import plain_tasks
from blendgym.task import task_class
from blendgym.teachers.schedule import Schedule

SMALL = {"width": 16, "height": 12, "ahead": 2, "views": {"": {}}}
CRATES = task_class(FALLEN).parameters


class Fixed:
    """Draws one place of the cube, which is its state."""

    space = CRATES.with_only([CRATES["crates"]])

    def __init__(self, place):
        self.place = place

    def draw(self, episode_seed, environment_seed):
        return plain_tasks(np.array([[self.place]]))

    def state_dict(self):
        return {"place": self.place}

    def load_state_dict(self, state):
        self.place = state["place"]


def through_json(state):
    return json.loads(json.dumps(state, allow_nan=False))


@pytest.fixture(scope="module")
def story():
    """A stream that is updated in every way, its samples, and its state after the fourth.

    The sixth may have been asked for then, or not: that depends on how fast Blender is.
    """
    with Stream(FALLEN, seed=4, count=8, randomize="all", **SMALL) as stream:
        samples = [stream.take()]
        stream.confirm([0])
        stream.update({"crates": 2.0}, "lockstep")
        stream.update({"crates": [5, 6]}, at_index=3)
        stream.update(Fixed(0.01), at_index=5)
        with pytest.raises(InvalidOption, match="at_index=0 comes too late: samples from there on were taken"):
            stream.update("all", at_index=0)
        samples += [stream.take() for _ in range(4)]
        stream.confirm([1, 2, 3])
        state = through_json(stream.state_dict())
        samples += [stream.take() for _ in range(3)]
        assert stream.take() is None
    return samples, state


def test_every_sample_is_of_the_version_that_holds_at_its_index(story):
    samples, _ = story
    assert [sample.index for sample in samples] == list(range(8))
    assert [sample.version for sample in samples] == [0, 1, 1, 2, 2, 3, 3, 3]
    crates = [int(sample.labels["crates"]) for sample in samples]
    assert crates[1:3] == [2, 2]
    assert set(crates[3:5]) <= {5, 6}
    assert crates[5:] == [1, 1, 1]
    assert [sample.unit.shape for sample in samples] == [(2,), (1,), (1,), (2,), (2,), (1,), (1,), (1,)]
    np.testing.assert_equal([sample.log_probability for sample in samples], [0.0] * 5 + [np.nan] * 3)


def test_a_stream_is_resumed_twice_with_other_producers_and_each_sample_comes_once(story):
    samples, state = story
    resumed, given = [], {3: Fixed(0.7)}
    for producers in (2, 1):
        with Stream(FALLEN, seed=4, count=8, randomize="all", producers=producers, **SMALL) as stream:
            stream.load_state_dict(state, given)
            resumed += itertools.islice(stream, 2)
            state = through_json(stream.state_dict())
    assert bits(tuple(resumed)) == bits(tuple(samples[4:]))


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(story):
    _, state = story
    with pytest.raises(InvalidOption, match=r"another stream, with seed=4 \(not 5\), count=8 \(not None\)"):
        Stream(FALLEN, seed=5, randomize="all", **SMALL).load_state_dict(state)
    with pytest.raises(InvalidOption, match="another stream, with randomize="):
        Stream(FALLEN, seed=4, count=8, randomize={"crates": 2}, **SMALL).load_state_dict(state)
    with pytest.raises(InvalidOption, match="another stream, with views="):
        Stream(FALLEN, seed=4, count=8, randomize="all", **{**SMALL, "width": 20}).load_state_dict(state)
    stream = Stream(FALLEN, seed=4, count=8, randomize="all", **SMALL)
    with pytest.raises(InvalidOption, match=r"Version 3 is drawn by a source that only a program has.*sources={3: …}"):
        stream.load_state_dict(state)
    for other in ({"next": 3}, {"about": state["about"]}, None, "x"):
        with pytest.raises(InvalidOption, match="is no state of a stream"):
            stream.load_state_dict(other)
    assert stream.state_dict()["next"] == 0


def spots(state, path=()):
    """Where anything is in plain data, by the keys and indices that lead there."""
    yield path
    if isinstance(state, dict | list):
        for key in state if isinstance(state, dict) else range(len(state)):
            yield from spots(state[key], (*path, key))


def with_other(state, path, value):
    """The same with another value in one spot."""
    if not path:
        return value
    changed = copy.copy(state)
    changed[path[0]] = with_other(state[path[0]], path[1:], value)
    return changed


def test_a_damaged_state_is_refused_wherever_the_damage_is_and_changes_nothing(story):
    _, state = story
    stream = Stream(FALLEN, seed=4, count=8, randomize="all", **SMALL)
    before = stream.state_dict()
    for spot in spots({name: part for name, part in state.items() if name != "about"}):
        for value in (None, -1, 10**9, 0.5, "x", [], [1], {}, {"x": 1}):
            try:
                stream.load_state_dict(with_other(state, spot, value) if spot else value, {3: Fixed(0.7)})
            except (InvalidOption, InvalidParameter):
                assert stream.state_dict() == before
            else:
                stream = Stream(FALLEN, seed=4, count=8, randomize="all", **SMALL)


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("next", None, r"no state of a stream.*: Expected `int`, got `null` - at `\$.next`"),
        ("next", 2, "changed or damaged: of [56] samples before place 2, these are due"),
        ("start", 7, "its pass goes from 7 to 8, and [56] comes next"),
        ("end", None, "its pass goes from 0 to None"),
        ("due", [[4, 9]], r"of ([56]) samples before place \1, these are due: \[\(4, 9\)\]"),
        ("due", [[0, 0], [4, 4]], r"its versions begin at \[.*\], and place 0 is due"),
        ("newest", 1, r"its versions are \[.*\] of 1"),
        ("versions", [], r"of length >= 1 - at `\$.versions`"),
    ],
)
def test_what_contradicts_itself_in_a_state_is_named(story, part, value, message):
    _, state = story
    stream = Stream(FALLEN, seed=4, count=8, randomize="all", **SMALL)
    with pytest.raises(InvalidOption, match=message):
        stream.load_state_dict({**state, part: value}, {3: Fixed(0.7)})


def test_a_teacher_that_does_not_take_its_state_is_told_and_stays_as_it_was():
    stream = Stream(FALLEN, randomize="all", teacher="adaptive", **SMALL)
    before = stream.state_dict()
    for damaged in ({**before, "teacher": {}}, {**before, "versions": [{**before["versions"][0], "teacher": {}}]}):
        with pytest.raises(InvalidOption, match="teacher of this stream does not take the state {}: "):
            stream.load_state_dict(damaged)
    assert stream.state_dict() == before


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda stream: stream.confirm(0), r"indices is 0; expected several whole numbers"),
        (lambda stream: stream.confirm("a"), "indices is 'a'; expected several whole numbers"),
        (lambda stream: stream.confirm([0.5]), r"indices is \[0.5\]; expected several whole numbers"),
        (lambda stream: stream.update("all", at_index=1.5), "at_index is 1.5; expected an integer"),
        (lambda stream: stream.update("all", "lockstep", at_index=3), "at_index=3 or when='lockstep', not both"),
        (lambda stream: stream.dataset("x"), "transform is 'x'; expected a function"),
        (lambda stream: stream.loader(4, transform="x"), "transform is 'x'; expected a function"),
        (lambda stream: stream.loader(4, collate=None), "collate is None; expected a function"),
        (lambda stream: Stream(FALLEN, views=["left"]), r"views is \['left'\]; expected a dict"),
        (lambda stream: Stream(FALLEN, views={"left": 5}), r"views\['left'\] is 5; expected a dict"),
        (lambda stream: Stream(FALLEN, camera_options=5), "camera_options is 5; expected a dict"),
    ],
)
def test_what_makes_no_sense_is_an_error_that_says_what_is_expected(call, message):
    with pytest.raises(InvalidOption, match=message):
        call(Stream(FALLEN))


def test_an_update_that_makes_no_sense_is_refused():
    stream = Stream(FALLEN, order="ready")
    with pytest.raises(InvalidParameter, match="crate"):
        stream.update({"crate": 1.0})
    with pytest.raises(InvalidOption, match="when is 'now'; expected one of 'soon', 'lockstep'"):
        stream.update("all", "now")
    with pytest.raises(InvalidOption, match="Lockstep needs order='index'"):
        stream.update("all", "lockstep")


def test_a_teacher_adapts_to_the_losses_and_its_density_is_that_of_the_samples():
    teachers = []

    def make(nominal):
        teachers.append(Schedule(nominal, duration=4, clock="episodes"))
        return teachers[-1]

    with Stream(FALLEN, seed=1, randomize="all", teacher=make, **SMALL) as stream:
        first = stream.take()
        assert first.log_probability == pytest.approx(np.log(teachers[0].density(first.unit[None])[0]))
        assert first.log_probability > 1.0
        with pytest.raises(InvalidOption, match="when is 'now'"):
            stream.report([first.index], [0.5], "now")
        time.sleep(0.3)  # in which further samples are made ahead
        stream.report([first.index], [0.5], "lockstep")
        with pytest.raises(InvalidOption, match=r"Nothing is to be reported of \[0\]"):
            stream.report([first.index], [0.5])
        with pytest.raises(InvalidOption, match="The teacher of this stream draws its parameters"):
            stream.update({"crates": 2})
        state = through_json(stream.state_dict())
        later = stream.take()
        assert later.version == 1
        assert later.log_probability == pytest.approx(np.log(teachers[0].density(later.unit[None])[0]))
        assert 0.0 < later.log_probability < first.log_probability
    resumed = Stream(FALLEN, seed=1, randomize="all", teacher=make, **SMALL)
    resumed.load_state_dict(state)
    assert resumed.state_dict() == state
    assert teachers[1].progress == 0.25


def test_a_stream_without_a_teacher_has_nobody_to_report_to():
    with pytest.raises(InvalidOption, match="no teacher to report to"):
        Stream(FALLEN).report(0, 0.5)
    with pytest.raises(InvalidOption, match="what randomize= selects"):
        Stream(FALLEN, teacher=Schedule)
