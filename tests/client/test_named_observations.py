"""A task observes named arrays of any space, and is refused what it has not declared."""

from __future__ import annotations

import numpy as np
import pytest
from named import CHOSEN, FAULTY, NAMED
from shared import shared_env

from blendgym.errors import InvalidAction, InvalidOption, SimulationDiverged, TaskError

RIGHT = np.array([2, 1])


env = shared_env(NAMED)
"""One environment for all tests that change nothing of it; each begins with a reset."""


def test_an_observation_is_a_dict_of_the_declared_arrays(env):
    observation, _ = env.reset(seed=0)
    assert env.observation_space.contains(observation)
    assert observation.keys() == {"positions", "velocities", "side", "lamps", "cell"}
    for step in range(1, 4):
        observation, *_ = env.step(RIGHT)
        assert env.observation_space.contains(observation)
        np.testing.assert_array_equal(observation["cell"], [step % 4, step % 2])
    assert observation["velocities"][0] > 0
    assert observation["lamps"].tolist() == [1, 0, 1]


def test_an_observation_may_be_a_single_choice(make_env):
    env = make_env(CHOSEN)
    observation, _ = env.reset(seed=0)
    assert isinstance(observation, np.int64)
    assert env.observation_space.contains(observation)
    observation, reward, *_ = env.step(RIGHT)
    assert reward == observation


def test_images_and_parameters_lie_beside_the_named_arrays(make_env):
    env = make_env(NAMED, obs_type="state_rgb", width=16, height=12, randomize="all", expose="observation")
    observation, info = env.reset(seed=0)
    assert observation["rgb"].shape == (12, 16, 3)
    assert env.observation_space.contains(observation)
    np.testing.assert_array_equal(observation["context"], info["randomization"]["unit"].astype(np.float32))
    assert env.observation_space.contains(env.step(RIGHT)[0])


def test_a_dict_of_one_array_is_a_dict(make_env):
    env = make_env("named:Lamps")
    observation, _ = env.reset(seed=0)
    assert list(observation) == ["lamps"]
    assert env.observation_space.contains(observation)


def test_images_alone_leave_the_named_arrays_out(make_env):
    env = make_env(NAMED, obs_type="rgb", width=16, height=12)
    observation, _ = env.reset(seed=0)
    assert observation.shape == (12, 16, 3)


def test_noise_is_on_what_is_measured_and_of_the_size_of_its_scale(env):
    plain = env.reset(seed=1)[0]
    seen = [env.reset(seed=seed, options={"params": {"observation.noise": 0.2}})[0] for seed in [1] * 2]
    for name in ("side", "lamps", "cell"):
        np.testing.assert_array_equal(seen[0][name], plain[name])
    np.testing.assert_array_equal(seen[0]["positions"], seen[1]["positions"])
    noises = []
    for _ in range(300):
        true = env.reset()[0]
        noisy = env.reset(options={"replay": env.randomization, "params": {"observation.noise": 0.2}})[0]
        noises.append(np.concatenate([noisy[name] - true[name] for name in ("positions", "velocities")]))
    # The standard deviation of 300 draws is known within 4%.
    np.testing.assert_allclose(np.std(noises, axis=0), 0.2 * np.array([0.5, 0.1, 0.5, 0.5]), rtol=0.17)


def test_all_named_arrays_are_late_together(env):
    def episode(latency):
        rows = [env.reset(seed=2, options={"params": {"observation.latency": latency}})[0]]
        return rows + [env.step(RIGHT)[0] for _ in range(6)]

    prompt, late = episode(0), episode(2)
    for step in range(2, 7):
        for name, array in prompt[step - 2].items():
            np.testing.assert_array_equal(late[step][name], array)


@pytest.mark.parametrize("action", [np.array([3, 0]), np.array([0, -1]), np.array([0]), np.array([0.0, 1.0]), 1])
def test_an_action_with_a_choice_that_is_not_there_is_refused(env, action):
    env.reset(seed=0)
    with pytest.raises(InvalidAction):
        env.step(action)
    env.step(RIGHT)


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("positions", [np.nan, 0.0], SimulationDiverged, "observation 'positions' at"),
        ("side", 3, TaskError, "at 'side' an array that is 3, allowed are integers from 0 to 2"),
        ("cell", [0, 2], TaskError, r"at 'cell' an array that element \[1\] is 2"),
        ("lamps", [0, 1], TaskError, r"at 'lamps' int8 \(2,\); its observation_space is int8 \(3,\)"),
        ("lamps", None, TaskError, "returned a dict of positions, velocities, side, cell; .* a dict of .*lamps"),
        ("lamp", 1.0, TaskError, "cell, lamp; its observation_space"),
    ],
)
def test_what_was_not_declared_is_an_error_that_names_the_array(make_env, name, value, error, message):
    env = make_env(FAULTY, name=name, value=value)
    env.reset(seed=0)
    env.step(RIGHT)
    with pytest.raises(error, match=message):
        env.step(RIGHT)
    env.reset(seed=0)
    env.step(RIGHT)


def test_a_name_that_another_part_of_the_observation_has_is_refused(make_env):
    with pytest.raises(InvalidOption, match="named rgb, and so are other parts"):
        make_env("named:Painter", obs_type="state_rgb")
