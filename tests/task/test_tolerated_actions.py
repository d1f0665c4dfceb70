"""Actions as trainers send them: of other dtypes, rounded at the bounds, or out of them."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.spaces import Box as GymnasiumBox
from gymnasium.wrappers import RescaleAction
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from blendgym.errors import InvalidAction
from blendgym.spaces import Box, Discrete, MultiBinary
from blendgym.twins.env import TwinEnv

UNIT = Box(-1.0, 1.0, (2,))
ROOM = "blendgym.envs.pendulum"

finite = st.floats(-1e3, 1e3, width=32)
WIDTH = 2.0**-100  # Of narrower ranges Gymnasium's own gradient is no number of float32.


def just_above(number):
    return np.nextafter(np.float32(number), np.float32(np.inf))


def make_twin(**arguments):
    return TwinEnv(f"{ROOM}.task:Pendulum", f"{ROOM}.twin:PendulumTwin", **arguments)


def test_one_unit_in_the_last_place_out_of_the_bounds_is_the_bound():
    action = np.array([just_above(1), -just_above(1)], np.float32)
    assert np.array_equal(UNIT.validate(action), np.float32([1, -1]))
    assert np.array_equal(UNIT.validate_batch(action[None], 1), np.float32([[1, -1]]))


def test_what_is_farther_out_is_an_error_that_says_exactly_where():
    with pytest.raises(InvalidAction, match=r"element \[1\] is 1.00001, allowed are values from -1 to 1"):
        UNIT.validate(np.float32([0, 1.00001]))
    with pytest.raises(InvalidAction, match=r"Action 1 of 2 element \[0\] is -1.0000012, allowed are"):
        UNIT.validate_batch(np.float32([[just_above(1), 0], [-1.0000012, 0]]), 2)


@given(low=finite, high=finite, policy=arrays.arrays(np.float32, 8, elements=st.floats(-1, 1, width=32)))
def test_what_gymnasium_rescales_is_never_refused(low, high, policy):
    low, high = sorted((low, high))
    assume(high - low > WIDTH)
    env = make_twin()
    env.action_space, box = GymnasiumBox(low, high, (1,)), Box(low, high, (1,))
    rescaled = RescaleAction(env, np.float32(-1), np.float32(1))
    for action in (*policy, np.float32(-1), np.float32(1)):
        box.validate(rescaled.action(np.array([action])))


@pytest.mark.parametrize(
    "action", [[0.25, 1], (0.5, -0.5), np.array([0.1, 1.0]), np.array([1, 0]), np.float16([0.5, 1])]
)
def test_real_numbers_of_any_kind_become_those_of_the_space(action):
    valid = UNIT.validate(action)
    assert (valid.dtype, valid.tolist()) == (np.float32, np.asarray(action, np.float32).tolist())


@pytest.mark.parametrize("action", [["0.5", "1"], np.array([1j, 0]), np.array([True, False]), [None, 1.0]])
def test_what_is_no_real_number_is_refused(action):
    with pytest.raises(InvalidAction, match="dtype"):
        UNIT.validate(action)


@pytest.mark.parametrize("action", [0.0, 1.0, [1.0]])
def test_choices_are_integers(action):
    with pytest.raises(InvalidAction, match="dtype"):
        Discrete(2).validate(action)


def test_actions_are_clipped_on_request_and_numbers_that_are_none_never():
    assert np.array_equal(UNIT.validate([7.0, -np.inf], clips=True), np.float32([1, -1]))
    assert np.array_equal(UNIT.validate_batch([[1e300, 0.5]], 1, clips=True), np.float32([[1, 0.5]]))
    with pytest.raises(InvalidAction, match=r"element \[0\] is nan.*is not clipped either.*diverged"):
        UNIT.validate([np.nan, 0.0], clips=True)
    with pytest.raises(InvalidAction, match="is 2, allowed are integers from 0 to 1"):
        MultiBinary(1).validate([2], clips=True)


def test_environments_clip_if_they_are_made_so():
    env, clipping = make_twin(), make_twin(out_of_range="clip")
    for each in (env, clipping):
        each.reset(seed=1)
    far, bound = np.full(env.action_space.shape, 50.0), env.action_space.high
    with pytest.raises(InvalidAction, match='or make the environment with out_of_range="clip"'):
        env.step(far)
    assert np.array_equal(clipping.step(far)[0], env.step(bound)[0])


def test_a_batch_of_no_actions_is_one():
    assert UNIT.validate_batch(np.empty((0, 2), np.float32), 0).shape == (0, 2)
