"""Draws that nobody can see are refused, as all options without effect are."""

from __future__ import annotations

import gymnasium as gym
import pytest

import blendgym
from blendgym.agents.students.making import make_student
from blendgym.data import Stream
from blendgym.errors import InvalidOption
from blendgym.parameters import Light, Parameter
from blendgym.parameters.selection import select
from blendgym.task import task_class

CARTPOLE, TWIN = "BlendCartpole-v0", "BlendCartpoleTwin-v0"
PARAMETERS = task_class("blendgym.envs.cartpole.task:Cartpole").parameters
VAIN = r"^To randomize .* would have no effect: only pictures show them"
LOOKS = [name for name, parameter in PARAMETERS.items() if parameter.group == "visual"]

every_selection = pytest.mark.parametrize(
    "selection", ["visual", ["visual"], LOOKS[:1], {LOOKS[0]: None, LOOKS[1]: {"phase": "startup"}}]
)


def make_many(env_id, **arguments):
    return gym.make_vec(env_id, 2, vectorization_mode="vector_entry_point", **arguments)


@pytest.mark.parametrize("make", [gym.make, make_many, blendgym.describe])
@every_selection
def test_where_states_are_observed_to_draw_looks_alone_is_refused(make, selection):
    with pytest.raises(InvalidOption, match=VAIN) as refused:
        make(CARTPOLE, randomize=selection)
    assert LOOKS[0] in str(refused.value)


@pytest.mark.parametrize("make", [gym.make, make_many])
def test_a_twin_which_has_no_pictures_refuses_it_too(make):
    with pytest.raises(InvalidOption, match=VAIN):
        make(TWIN, randomize="visual")


def test_how_cameras_see_is_as_unseen_as_looks():
    with pytest.raises(InvalidOption, match=r"To randomize lens\.k1, .* would have no effect"):
        gym.make("BlendNextView-v0", obs_type="state", randomize="imaging")


@pytest.mark.parametrize(
    "seen",
    [
        {"obs_type": "rgb"}, {"obs_type": "state_depth"}, {"render_mode": "rgb_array"}, {"expose": "observation"},
        {"expose": "critic"}, {"randomize": ["visual", "dynamics"]}, {"randomize": "all"}, {"randomize": []},
    ],
)  # fmt: skip
@pytest.mark.parametrize("make", [gym.make, make_many])
def test_it_is_accepted_where_anything_shows_it(make, seen):
    make(CARTPOLE, **{"randomize": "visual", **seen}).close()


def test_samples_of_streams_are_pictures():
    Stream(CARTPOLE, randomize="visual").close()


def test_lights_are_looks_whatever_their_group_is_called():
    lamp = Parameter(
        name="lamp", unit="W", nominal=1.0, low=0.5, high=2.0, group="evening", binding=Light("Lamp", "strength")
    )
    assert lamp.is_pictorial
    assert not any(parameter.is_pictorial for parameter in select(PARAMETERS, "dynamics").values())


@pytest.mark.parametrize(
    ("student", "arguments"), [("ars", {}), ("ppo", {"twin": False}), ("sb3", {"obs_type": "state"})]
)
def test_students_and_the_meta_environment_refuse_what_the_student_cannot_see(student, arguments):
    with pytest.raises(InvalidOption, match=VAIN):
        make_student(student, CARTPOLE, select(PARAMETERS, "visual"), 0, **arguments)
    meta = gym.make("BlendAdaptiveDR-v0", student=student, student_arguments=arguments, randomize="visual")
    with pytest.raises(InvalidOption, match=VAIN):
        meta.reset(seed=0)
