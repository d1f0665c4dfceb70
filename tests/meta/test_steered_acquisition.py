"""The action that says what a frontier aims at, and what a policy sees of it."""

from __future__ import annotations

import numpy as np
import pytest
from meta_environments import NAMES, make
from toy_students import Unchanging, teach

from blendgym.meta.steered_acquisition import ACQUISITION_FEATURES, SteeredAcquisition
from blendgym.parameters.episodes import UNIFORM
from blendgym.teachers.acquisition import RECIPE
from blendgym.teachers.frontier import Frontier


def taught(rounds=30, action=(0.0, 0.0, 0.0), student=None):
    """One that has taught a student which passes at the lower end of the first parameter."""
    teacher = SteeredAcquisition.begin(make().unwrapped.parameters, uniform=False)
    teacher.steer(np.float32(action))
    teach(teacher, student or Unchanging(lambda unit: 1.0 - unit[:, 0]), np.random.default_rng(0), rounds, count=50)
    return teacher


def named(observation):
    return dict(zip(ACQUISITION_FEATURES, observation.tolist(), strict=True))


def test_an_action_moves_the_tasks_and_no_action_is_the_recipe():
    teacher = taught()
    described = teacher.describe()
    assert (described["target"], described["sharpness"], described["share"]) == pytest.approx(tuple(RECIPE))
    places = {}
    for target in (-1.0, 1.0):
        teacher.steer(np.float32([target, 1.0, 1.0]))
        tasks = teacher.sample(np.random.default_rng(1), 4000)
        assert (tasks.tags == UNIFORM).mean() == pytest.approx(0.05, abs=0.02)
        places[target] = np.median(tasks.unit[:, 0])
    assert places[-1.0] > 0.8, "where few pass"
    assert places[1.0] == pytest.approx(0.4, abs=0.15), "where six of ten pass"


def test_what_is_seen_does_not_grow_with_the_parameters():
    sizes = {make(action="acquisition", randomize=NAMES[:count]).observation_space.shape for count in (1, 2, 3)}
    assert sizes == {(len(ACQUISITION_FEATURES),)}


def test_what_is_seen_is_what_happened():
    teacher = taught()
    seen = named(teacher.observation(budget_left=0.75, slots=3))
    assert seen["uniform_success"] == pytest.approx(0.0, abs=0.3), "half of all tasks pass"
    assert seen["distribution_success"] < seen["uniform_success"] - 0.2, "the frontier is harder"
    assert seen["budget_left"] == 0.5
    assert seen["concentration"] < 0.9
    assert seen["slope"] == pytest.approx(0.0, abs=0.5)
    calibration = teacher.describe()["calibration_error"]
    assert seen["calibration_error"] == pytest.approx(np.clip(5.0 * calibration, -1.0, 1.0), abs=1e-6)


def test_slopes_tell_of_a_student_that_gets_better():
    passed = iter(np.linspace(0.1, 0.9, 30))
    student = Unchanging(lambda unit: np.full(len(unit), rate[0]))
    rate, teacher = [0.0], SteeredAcquisition.begin(make().unwrapped.parameters, uniform=False)
    generator = np.random.default_rng(0)
    for rate[0] in passed:
        teach(teacher, student, generator, rounds=1, count=50)
    seen = named(teacher.observation(0.5, 3))
    assert seen["uniform_slope"] > 0.2
    assert seen["distribution_slope"] > 0.2


def test_kinds_of_parameters_reach_the_model():
    parameters = make(randomize=("gravity", "action.latency")).unwrapped.parameters
    teacher = SteeredAcquisition.begin(parameters, uniform=False)
    frontier = teacher.over_floor()._frontier.teacher
    assert isinstance(frontier, Frontier)
    assert frontier.model._encoding._integers == [list(parameters).index("action.latency")]


def test_it_resumes_with_its_aim_and_share():
    one, other = taught(action=(0.5, -0.5, 0.5)), taught(rounds=0)
    other.load_state_dict(one.state_dict())
    np.testing.assert_equal(other.state_dict(), one.state_dict())
    tasks = [each.sample(np.random.default_rng(3), 100) for each in (one, other)]
    np.testing.assert_array_equal(tasks[0].unit, tasks[1].unit)
    np.testing.assert_array_equal(one.observation(0.5, 3), other.observation(0.5, 3))
