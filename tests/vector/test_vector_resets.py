"""Resets of many environments: masks, and a seed and options for each."""

from __future__ import annotations

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from vectors import COUNT, assert_same, in_mode, make_vec, single

from blendgym.errors import InvalidOption, InvalidParameter
from blendgym.vector.infos import info_of


@pytest.fixture(scope="module")
def envs():
    made = make_vec(num_servers=2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def singles():
    """Single environments under Gymnasium's own vector environment."""
    made = SyncVectorEnv([single] * 3)
    yield made
    made.close()


@pytest.mark.parametrize("mode", AutoresetMode, ids=lambda mode: mode.name)
def test_resets_at_any_time_with_any_mask_seeds_and_options_are_those_of_single_environments(singles, mode):
    theirs, ours = in_mode(singles, mode), make_vec(3, num_servers=2, autoreset_mode=mode)
    assert_same(ours.reset(seed=5), theirs.reset(seed=5))
    generator = np.random.default_rng(1)
    for step in range(40):
        actions = generator.integers(0, 2, 3)
        expected, seen = theirs.step(actions), ours.step(actions)
        assert_same(seen, expected)
        mask = generator.random(3) < 0.1
        if mode is AutoresetMode.DISABLED:
            mask |= expected[2] | expected[3]
        if not mask.any():
            continue
        seed = [None, step, [None, step, None]][step % 3]
        options = {"params": {"cart.mass": 1.0 + step / 40}} if step % 2 else {}
        expected, seen = (
            each.reset(seed=seed, options={**options, "reset_mask": mask.copy()}) for each in (theirs, ours)
        )
        assert_same(seen, expected)
    assert_same(ours.np_random_seed, theirs.np_random_seed)
    ours.close()


def test_each_environment_can_have_a_seed_and_options_of_its_own(envs):
    masses = [0.5, 1.0, 2.0, 3.0]
    options = {"params": [{"cart.mass": mass} for mass in masses]}
    observations, infos = envs.reset(seed=[7, 7, None, 8], options=options)
    np.testing.assert_array_equal(observations[0], observations[1])
    assert not np.array_equal(observations[0], observations[3])
    np.testing.assert_allclose(infos["params"]["cart.mass"], masses)
    pushed = envs.step(np.ones(COUNT, np.int64))[0]
    assert pushed[0][1] > pushed[1][1]


def test_options_for_all_hold_for_all(envs):
    _, infos = envs.reset(options={"params": {"pole.length": 2.0}})
    np.testing.assert_allclose(infos["params"]["pole.length"], 2.0)


def test_an_environment_can_do_without_options_that_others_have(envs):
    _, infos = envs.reset(options={"params": [None, {"cart.mass": 2.0}, None, {}]})
    np.testing.assert_allclose(infos["params"]["cart.mass"], [1.0, 2.0, 1.0, 1.0])


def test_one_environment_can_play_an_episode_again_while_others_go_on(envs):
    first, infos = envs.reset(seed=1)
    options = {"replay": [None, info_of(infos, 2)["randomization"], None, None]}
    again, _ = envs.reset(options=options)
    np.testing.assert_array_equal(again[1], first[2])
    assert not np.array_equal(again[2], first[2])


def test_a_reset_mask_leaves_the_other_episodes_alone(envs):
    before, _ = envs.reset(seed=0)
    moved = envs.step(np.ones(COUNT, np.int64))[0]
    mask = np.array([False, True, False, False])
    options = {"reset_mask": mask}
    after, infos = envs.reset(seed=[0, 1, 0, 0], options=options)
    np.testing.assert_array_equal(after[1], before[1])
    np.testing.assert_array_equal(after[~mask], moved[~mask])
    np.testing.assert_array_equal(infos["_params"], mask)
    assert options == {"reset_mask": mask}, "it belongs to the caller"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"reset_mask": np.zeros(COUNT, bool)}, InvalidOption, "at least one True"),
        ({"reset_mask": np.ones(COUNT - 1, bool)}, InvalidOption, "expected a bool array of shape"),
        ({"reset_mask": np.ones(COUNT, int)}, InvalidOption, "expected a bool array of shape"),
        ({"reset_mask": [True] * COUNT}, InvalidOption, "expected a bool array of shape"),
        ({"params": [{}] * 3}, InvalidOption, "is a list of 3; expected one for each of the 4"),
        ({"params": [{}, {}, {}, {"cart.mas": 1.0}]}, InvalidParameter, "Did you mean 'cart.mass'"),
        ({"params": [1.0, 2.0, 3.0, 4.0]}, InvalidParameter, "given as a dict of names and numbers, got 1.0"),
        ({"parms": {}}, InvalidOption, "knows the options 'params', 'appearance', 'replay'"),
    ],
)
def test_options_that_do_not_fit_are_refused_and_episodes_go_on(envs, options, error, message):
    require_refused(envs, error, message, options=options)


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        ([1, 2], "2 seeds for 4"),
        (-1, "A seed is -1; expected an integer from 0"),
        (1.5, "A seed is 1.5; expected an integer"),
        ("1234", "A seed is '1'; expected an integer"),
        ([1, 2, -3, 4], "A seed is -3"),
        ([1, 2, None, 4.0], "A seed is 4.0"),
    ],
)
def test_seeds_that_do_not_fit_are_refused_and_episodes_go_on(envs, seed, message):
    require_refused(envs, InvalidOption, message, seed=seed)


def require_refused(envs, error, message, **arguments):
    """A reset raises, and what follows is what would have followed without it."""
    actions = np.ones(COUNT, np.int64)
    envs.reset(seed=0)
    undisturbed = [envs.step(actions)[0], envs.reset()[0]]
    envs.reset(seed=0)
    with pytest.raises(error, match=message):
        envs.reset(**arguments)
    np.testing.assert_array_equal([envs.step(actions)[0], envs.reset()[0]], undisturbed)


def test_seeds_may_be_those_of_numpy(envs):
    expected, _ = envs.reset(seed=[4, 5, 6, 7])
    for seeds in (np.arange(4, 8), list(np.arange(4, 8)), np.int64(4), 4):
        np.testing.assert_array_equal(envs.reset(seed=seeds)[0], expected)
    assert envs.np_random_seed == (4, 5, 6, 7)


def test_observations_that_were_handed_out_are_the_callers(envs):
    first, _ = envs.reset(seed=0)
    kept = first.copy()
    second = envs.step(np.ones(COUNT, np.int64))[0]
    np.testing.assert_array_equal(first, kept)
    moved = second.copy()
    second[:] = 7.0
    after, _ = envs.reset(options={"reset_mask": np.arange(COUNT) == 1})
    np.testing.assert_array_equal(after[[0, 2, 3]], moved[[0, 2, 3]])
