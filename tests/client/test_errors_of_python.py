"""Errors are those that Python and Gymnasium raise, too, where they raise any."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

import blendgym  # noqa: F401 (registers the ids)
from blendgym.errors import InvalidAction, InvalidOption, InvalidParameter, UnknownArgument

IDS = ["BlendCartpole-v0", "BlendCartpoleTwin-v0"]


@pytest.mark.parametrize("env_id", IDS)
def test_an_unknown_keyword_is_a_type_error_as_of_any_function(env_id):
    with pytest.raises(TypeError, match="categorical_action_encoding") as caught:
        gym.make(env_id, categorical_action_encoding=True)
    assert isinstance(caught.value, UnknownArgument)
    assert isinstance(caught.value, InvalidOption)


def test_arguments_of_many_environments_are_unknown_to_a_single_one():
    with pytest.raises(TypeError, match="num_envs is an argument of gym.make_vec"):
        gym.make("BlendCartpole-v0", num_envs=2)


@pytest.mark.parametrize("env_id", IDS)
def test_values_that_are_wrong_are_value_errors(env_id):
    with pytest.raises(ValueError, match="expose is 'nobody'") as caught:
        gym.make(env_id, expose="nobody")
    assert isinstance(caught.value, InvalidOption)


def test_masks_actions_and_parameters_that_are_wrong_are_value_errors():
    envs = gym.make_vec("BlendCartpoleTwin-v0", 3, vectorization_mode="vector_entry_point")
    with pytest.raises(ValueError, match="expected a bool array") as mask:
        envs.reset(options={"reset_mask": np.ones(2, np.bool_)})
    with pytest.raises(ValueError, match="gravitas") as parameter:
        envs.reset(options={"params": {"gravitas": 1.0}})
    envs.reset(seed=0)
    with pytest.raises(ValueError, match="one action for each environment") as actions:
        envs.step(np.zeros((2, 1), np.float32))
    kinds = [type(each.value) for each in (mask, parameter, actions)]
    assert kinds == [InvalidOption, InvalidParameter, InvalidAction]


@pytest.mark.parametrize("vain", [{"width": 64}, {"height": 64}, {"camera_options": {"passes": ("depth",)}}])
def test_what_is_said_of_images_where_none_are_observed_is_refused(vain):
    vain = {"obs_type": "state", **vain}
    with pytest.raises(InvalidOption, match=f"{list(vain)[1]}= would have no effect: obs_type='state' has no images"):
        gym.make("BlendCartpole-v0", **vain)


def test_an_environment_that_is_registered_with_a_size_of_images_can_go_without_them():
    gym.make("BlendRover-v0", obs_type="state").close()
    with pytest.raises(InvalidOption, match="^width= would have no effect"):
        gym.make("BlendRover-v0", obs_type="state", width=32)
