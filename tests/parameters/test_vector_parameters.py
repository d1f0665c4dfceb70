"""Parameters of several numbers, and groups that a task names itself."""

from __future__ import annotations

import json

import numpy as np
import pytest
from free_tasks import PUSHED, PushedCartpole
from hypothesis import given
from hypothesis import strategies as st

from blendgym.errors import InvalidParameter
from blendgym.parameters import LogUniform, Mass, Parameter, ParameterSpace, TaskAttribute, VectorParameter
from blendgym.parameters.selection import select
from blendgym.teachers import make_teacher

PUSH = PushedCartpole.parameters
ELEMENTS = ["push.velocity[0]", "push.velocity[1]"]


def vector(name="v", **changes):
    values = {"unit": "m", "nominal": (0.0, 1.0, 2.0), "low": -1.0, "high": (1.0, 2.0, 3.0), **changes}
    return VectorParameter(name=name, binding=TaskAttribute("v"), **values)


def test_a_vector_is_a_parameter_for_each_of_its_numbers():
    space = ParameterSpace(vector())
    assert list(space) == ["v[0]", "v[1]", "v[2]"]
    assert [(each.low, each.nominal, each.high) for each in space.values()] == [(-1, 0, 1), (-1, 1, 2), (-1, 2, 3)]
    assert space.nominal_unit.shape == (3,)


@given(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4))
def test_places_in_the_unit_cube_and_values_are_the_same_thing(unit):
    mass = Parameter(name="m", unit="kg", nominal=1.0, low=0.5, high=2.0, prior=LogUniform(), binding=Mass("Cart"))
    space = ParameterSpace(mass, vector())
    values = space.from_unit(np.array(unit))
    np.testing.assert_allclose(space.to_unit(values), unit, atol=1e-9)
    named = space.named(values)
    whole = {"m": named["m"], "v": [named[f"v[{index}]"] for index in range(3)]}
    assert space.validate(json.loads(json.dumps(whole))) == named


@pytest.mark.parametrize("randomize", ["push", ["push"], "push.velocity", ELEMENTS, {"push.velocity": None}])
def test_a_vector_is_randomized_by_its_name_its_elements_or_its_group(randomize):
    assert list(select(PUSH, randomize)) == ELEMENTS


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ([-0.5, 0.5], [-0.5, -0.5], [0.5, 0.5]),
        ([[-0.5, -0.1], [0.5, 0.1]], [-0.5, -0.1], [0.5, 0.1]),
        ({"high": [0.5, 0.1]}, [-1.0, -1.0], [0.5, 0.1]),
    ],
)
def test_bounds_are_narrowed_for_all_elements_or_for_each(change, low, high):
    chosen = select(PUSH, {"push.velocity": change})
    assert [each.low for each in chosen.values()] == low
    assert [each.high for each in chosen.values()] == high


def test_physical_parameters_are_all_but_visual_ones_whatever_the_groups_are_called():
    chosen = select(PUSH, "physical")
    assert {"push.velocity[0]", "cart.mass", "observation.noise"} <= set(chosen)
    assert "sun.strength" not in chosen


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: vector(low=(0.0, 1.0)).elements, "low of the parameter 'v' has 2 numbers; expected one, or one for"),
        (lambda: vector(low=5.0).elements, r"'v\[0\]' needs low <= nominal"),
        (lambda: ParameterSpace(vector(group="all")), "has the group 'all'; expected another word"),
        (lambda: ParameterSpace(vector(group="")), "has the group ''"),
        (lambda: ParameterSpace(vector(), Parameter(
            name="push", unit="1", nominal=0.0, low=0.0, high=1.0, group="push", binding=TaskAttribute("v")
        )), "have the names of groups: push"),
        (lambda: PUSH.validate({"push.velocity": [0.1]}), "'push.velocity' has 1 numbers; expected one, or one for"),
        (lambda: PUSH.validate({"push.velocity": [0.1, 9.0]}), r"'push.velocity\[1\]' is 9.0; expected a number from"),
        (lambda: PUSH.validate({"push.velocity[2]": 0.0}), r"Did you mean 'push.velocity\[1\]'"),
        (lambda: PUSH.validate({"push.velocit": 0.0}), "Did you mean 'push.velocity'"),
        (lambda: select(PUSH, "pusj"), "Did you mean 'push'.*Groups are dynamics.*push.*'physical' all but visual"),
        (lambda: select(PUSH, {"push.velocity": {"width": 1}}), "'push.velocity' is randomized by {'width': 1}"),
        (lambda: select(PUSH, {"push.velocity": {"high": [1, 2, 3]}}), "high of the parameter 'push.velocity' has 3"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(make, message):
    with pytest.raises(InvalidParameter, match=message):
        make()


def test_a_vector_is_in_effect_as_it_was_given_and_read_back_by_element(make_env):
    env = make_env(PUSHED)
    observation, info = env.reset(seed=0, options={"params": {"push.velocity": [0.3, -0.7]}})
    assert [info["params"][name] for name in ELEMENTS] == [0.3, -0.7]
    np.testing.assert_allclose(observation[[1, 3]], [0.3, -0.7], atol=1e-3)
    observation, info = env.reset(seed=0)
    assert [info["params"][name] for name in ELEMENTS] == [0.0, 0.0]
    np.testing.assert_allclose(observation[[1, 3]], 0.0, atol=1e-3)


def test_a_drawn_vector_is_recorded_played_again_and_the_same_everywhere(make_env):
    env, other = make_env(PUSHED, randomize="push"), make_env(PUSHED, randomize="push", expose="observation")
    observation, info = env.reset(seed=5)
    record = json.loads(json.dumps({**info["randomization"], "unit": info["randomization"]["unit"].tolist()}))
    assert list(record["params"]) == ELEMENTS
    same, _ = other.reset(seed=5)
    np.testing.assert_array_equal(same["state"], observation)
    np.testing.assert_array_equal(same["context"], np.array(record["unit"], np.float32))
    env.reset()
    again, info = env.reset(options={"replay": record})
    np.testing.assert_array_equal(again, observation)
    assert info["randomization"]["params"] == record["params"]


def test_a_vector_may_change_within_an_episode(make_env):
    env = make_env(PUSHED, randomize={"push.velocity": {"phase": "interval", "interval": 0.04}})
    _, info = env.reset(seed=0)
    assert [each["name"] for each in info["randomization"]["intervals"]] == ELEMENTS
    env.step(np.zeros(1, np.float32))


def test_teachers_have_a_dimension_for_each_element():
    space = select(PUSH, "push")
    tasks = make_teacher("uniform", space.nominal_unit).sample(np.random.default_rng(0), 5)
    assert tasks.unit.shape == (5, 2)
