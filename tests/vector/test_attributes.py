"""What can be asked of each of many environments, and said to it, as ``SyncVectorEnv`` has it."""

from __future__ import annotations

from functools import partial

import gymnasium as gym
import pytest

from blendgym.errors import InvalidOption

TWIN = "BlendCartpoleTwin-v0"


@pytest.fixture(params=["vector_entry_point", "sync"])
def envs(request):
    return gym.make_vec(TWIN, 2, vectorization_mode=request.param, randomize=["cart.mass"])


def test_attributes_and_methods_are_those_of_each_environment(envs):
    envs.reset(seed=4)
    assert envs.get_attr("np_random_seed") == (4, 5)
    assert envs.get_attr("spec") == (gym.make(TWIN, randomize=["cart.mass"]).spec,) * 2
    assert [list(space) for space in envs.call("randomized")] == [["cart.mass"]] * 2
    assert envs.call("get_wrapper_attr", "render_mode") == (None, None)
    envs.set_attr("note", [1, 2])
    assert envs.get_attr("note") == (1, 2)
    envs.set_attr("note", "both")
    assert envs.get_attr("note") == ("both", "both")
    with pytest.raises(AttributeError):
        envs.get_attr("nothing")
    with pytest.raises(ValueError, match="3 values|length"):
        envs.set_attr("note", [1, 2, 3])


def test_a_wrong_number_of_values_is_named():
    envs = gym.make_vec(TWIN, 2, vectorization_mode="vector_entry_point")
    with pytest.raises(InvalidOption, match="3 values of note for 2 environments"):
        envs.set_attr("note", (1, 2, 3))


@pytest.mark.filterwarnings("ignore:.*not in the possible render_modes")
@pytest.mark.parametrize("make", [gym.make, partial(gym.make_vec, vectorization_mode="vector_entry_point")])
def test_a_twin_has_no_pictures_and_says_so_as_python_does(make):
    with pytest.raises(TypeError, match="render_mode is 'rgb_array', but a twin has no pictures"):
        make(TWIN, render_mode="rgb_array")
