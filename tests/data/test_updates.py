"""What a stream draws from: read, told as plain data, and read again; what a teacher hears of losses."""

from __future__ import annotations

import json
import math

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from blendgym.data.streams.feedback import MEMORY, Feedback, TeacherTask, make_feedback
from blendgym.data.streams.updates import read_distribution, read_update
from blendgym.data.streams.versions import Version
from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.parameters import Correlation, Parameter, ParameterSpace, TaskAttribute
from blendgym.parameters.episodes import plain_tasks
from blendgym.teachers.automatic import AutomaticDomainRandomization
from blendgym.teachers.frontier import Frontier
from blendgym.teachers.mix import Mix
from blendgym.teachers.plain_states import packed, unpacked
from blendgym.teachers.schedule import Schedule


def parameter(name):
    return Parameter(name=name, unit="1", nominal=1.5, low=1.0, high=2.0, binding=TaskAttribute(name))


SPACE = ParameterSpace(parameter("mass"), parameter("drag"), correlations=[Correlation("mass", "drag", 0.8)])


class Corner:
    """Draws one place, and says nothing about densities."""

    def __init__(self, space, place):
        self.space, self.place = space, place

    def draw(self, episode_seed, environment_seed):
        return plain_tasks(np.array([self.place]))


def version_of(drawing):
    return Version(0, 0, *drawing)


def test_a_number_fixes_a_parameter_and_bounds_let_it_be_drawn():
    drawing = read_distribution(SPACE, {"mass": 1.25, "drag": [1.0, 1.5]})
    assert drawing.fixed == {"mass": 1.25}
    assert list(drawing.source.space) == ["drag"]
    assert drawing.source.space["drag"].high == 1.5


@pytest.mark.parametrize(
    "given", ["all", ["mass"], ("mass", "drag"), None, {"mass": None}, {"drag": (1.0, np.float32(1.5))}]
)
def test_whatever_randomize_takes_survives_json(given):
    drawing = read_distribution(SPACE, given)
    again = read_distribution(SPACE, json.loads(json.dumps(drawing.told))["randomize"])
    assert again.source.space.keys() == drawing.source.space.keys()
    assert [each.high for each in again.source.space.values()] == [each.high for each in drawing.source.space.values()]


@pytest.mark.parametrize("given", [{"mas": 1.0}, {"mass": 3.0}, {"mass": [2.0, 1.0]}, ["nothing"], 7])
def test_what_makes_no_sense_is_refused(given):
    with pytest.raises(InvalidParameter):
        read_distribution(SPACE, given)


@pytest.mark.parametrize("given", [None, {}, []])
def test_an_update_that_names_nothing_is_refused_with_what_to_do(given):
    with pytest.raises(InvalidOption, match=r"names no parameter\. (.|\n)*fix it: update"):
        read_update(SPACE, given)


def test_parameters_that_a_source_draws_are_not_changed_one_by_one():
    before = read_distribution(SPACE, Corner(SPACE, [0.25, 0.5]))
    with pytest.raises(InvalidOption, match="A source draws where this update would change mass"):
        read_update(SPACE, {"mass": 1.0})(before)


def test_a_source_is_copied_so_that_a_version_stays_what_it_was():
    source = Corner(SPACE, [0.25, 0.5])
    drawing = read_distribution(SPACE, source)
    source.place[0] = 0.75
    assert drawing.source.draw(0, 0).unit.tolist() == [[0.25, 0.5]]


def test_the_log_probability_is_that_of_the_density():
    prior = version_of(read_distribution(SPACE, "all"))
    unit = np.array([0.3, 0.4])
    assert prior.log_probability(unit, -1) == pytest.approx(math.log(SPACE.density(unit)))
    assert prior.log_probability(unit, -1) != 0.0
    teacher = AutomaticDomainRandomization(SPACE.nominal_unit)
    taught = version_of(Feedback(teacher, SPACE, 1.0).drawing())
    assert taught.log_probability(SPACE.nominal_unit, -1) == pytest.approx(
        math.log(teacher.density(SPACE.nominal_unit[None])[0])
    )
    assert taught.log_probability(np.zeros(2), -1) == -math.inf
    assert math.isnan(taught.log_probability(unit, 1)), "a task at a boundary has no density"
    assert math.isnan(version_of(read_distribution(SPACE, Corner(SPACE, [0.0, 0.0]))).log_probability(unit, -1))


class Listener(Schedule):
    """A teacher that keeps what it hears."""

    def __init__(self, nominal):
        super().__init__(nominal, duration=3, clock="episodes")
        self.heard = []

    def observe(self, episodes):
        super().observe(episodes)
        self.heard.append(episodes)


def feedback_of(teacher, passing_loss=2.0, count=4):
    feedback = Feedback(teacher, SPACE, passing_loss)
    for index in range(count):
        feedback.note(index, TeacherTask(np.array([index / count, 0.5]), -1, 0))
    return feedback


def test_a_teacher_hears_losses_as_scores_and_successes_of_its_own_tasks():
    teacher = Listener(SPACE.nominal_unit)
    drawing = feedback_of(teacher).report([3, 0], [2.0, 6.0])
    (episodes,) = teacher.heard
    assert episodes.scores.tolist() == [0.5, 0.125]
    assert episodes.successes.tolist() == [True, False]
    assert episodes.returns.tolist() == [-2.0, -6.0]
    np.testing.assert_allclose(episodes.unit, [[0.75, 0.5], [0.0, 0.5]])
    assert drawing is not None, "two of three episodes are over, so the schedule has moved"


def test_one_word_teaches_where_losses_are_high_and_knows_choices():
    floor = Parameter(
        name="floor", unit="1", nominal=0, low=0, high=2, kind="categorical", choices=("wood", "ice", "sand"),
        binding=TaskAttribute("floor"),
    )  # fmt: skip
    space, generator = ParameterSpace(parameter("mass"), floor), np.random.default_rng(0)
    feedback = make_feedback("adaptive", read_distribution(space, "all"), passing_loss=1.0)
    for start in range(0, 800, 50):
        unit = generator.random((50, 2))
        for row in range(50):
            feedback.note(start + row, TeacherTask(unit[row], -1, 0))
        drawing = feedback.report(range(start, start + 50), np.where(unit[:, 1] > 2 / 3, 2.3, 0.1))
    density = drawing.source.teacher.density(np.array([[0.5, 0.1], [0.5, 0.3], [0.5, 0.5], [0.5, 0.9]]))
    assert density[0] == density[1], "both are wood"
    assert density[3] > 2.0 * max(density[:3])
    with pytest.raises(InvalidOption, match="teacher is 'frontier'; expected 'adaptive'"):
        make_feedback("frontier", read_distribution(space, "all"), passing_loss=1.0)


def test_each_sample_is_reported_once_and_no_change_is_no_update():
    feedback = feedback_of(Frontier(SPACE.nominal_unit, outcomes="scores"))
    assert feedback.report(2, 0.5) is None
    with pytest.raises(InvalidOption, match=r"reported of \[2\]: each index once, after it was taken"):
        feedback.report([1, 2], [0.5, 0.5])
    with pytest.raises(InvalidOption, match=r"reported of \[0, 0\]"):
        feedback.report([0, 0], [0.5, 0.5])
    assert feedback.report([0, 1], [0.5, 0.5]) is None, "what was refused has changed nothing"


def test_what_is_never_reported_is_forgotten_in_the_end():
    teacher = Listener(SPACE.nominal_unit)
    feedback = feedback_of(teacher, count=MEMORY + 2)
    with pytest.raises(InvalidOption, match=r"reported of \[0, 1\]: .* at most 10,000 samples later"):
        feedback.report([0, 1, 2], [0.0, 0.0, 0.0])
    feedback.report(2, 0.0)
    assert len(teacher.heard) == 1


def test_losses_may_be_tensors_that_have_a_gradient():
    teacher = Listener(SPACE.nominal_unit)
    feedback, losses = feedback_of(teacher), torch.tensor([2.0, 6.0], requires_grad=True) * 1.0
    feedback.report(torch.tensor([0, 1]), losses)
    feedback.report([2, 3], list(losses))
    assert [episodes.returns.tolist() for episodes in teacher.heard] == [[-2.0, -6.0]] * 2


@pytest.mark.parametrize(
    ("indices", "losses"),
    [([0, 1], [0.5]), ([0], [math.nan]), ([0], [math.inf]), ([[0]], [[1.0]]), ([0], [-0.5]), ([0], ["low"])],
)
def test_a_report_without_a_finite_loss_for_each_is_refused_and_changes_nothing(indices, losses):
    feedback = feedback_of(Listener(SPACE.nominal_unit))
    with pytest.raises(InvalidOption, match="a finite loss for each index"):
        feedback.report(indices, losses)
    feedback.report([0, 1], [0.5, 0.5])


def test_what_was_taught_comes_back_from_its_state():
    feedback = feedback_of(Mix(Frontier(SPACE.nominal_unit, outcomes="scores", warm_up=3)), count=40)
    drawing = feedback.report(range(40), [0.1 * index for index in range(40)])
    told = json.loads(json.dumps(drawing.told, allow_nan=False))
    other = Feedback(Mix(Frontier(SPACE.nominal_unit, outcomes="scores", warm_up=3)), SPACE, 2.0)
    again = other.source_of(told["teacher"])
    assert again.draw(5, 0).unit.tolist() == drawing.source.draw(5, 0).unit.tolist()
    places = np.random.default_rng(0).random((9, 2))
    assert again.teacher.density(places).tolist() == drawing.source.teacher.density(places).tolist()


ARRAYS = st.sampled_from(["<f8", "<f4", "<i8", "|b1"]).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, min_side=0, max_side=3))
)
STATES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=5) | ARRAYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(STATES)
def test_states_survive_json(state):
    again = unpacked(json.loads(json.dumps(packed(state), allow_nan=False)))
    np.testing.assert_equal(again, state)


def test_a_state_that_is_no_plain_data_is_refused():
    with pytest.raises(TypeError, match="Expected numbers, strings"):
        packed({"a": object()})
