"""The rover starts, is rewarded, is seen and ends as its task says."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest
from open_ground import COUNTED, OPEN_GROUND

from blendgym.envs.rover.pilot import drive
from blendgym.envs.rover.task import CHOICES
from blendgym.vector.vector_env import BlendVectorEnv

ROVER = "blendgym.envs.rover.task:Rover"
STILL = np.zeros(2, np.float32)
BEARING, DISTANCE = slice(16, 18), 18


@pytest.fixture(scope="module")
def rover():
    env = gym.make("BlendRover-v0", obs_type="state")
    yield env
    env.close()


def episode(env, seed, act, **parameters):
    """All observations of an episode, the rewards of its steps, and what is told of its last."""
    options = {"params": {name.replace("_", "."): value for name, value in parameters.items()}}
    observations, rewards, over = [env.reset(seed=seed, options=options)[0]], [], False
    while not over:
        observation, reward, terminated, truncated, info = env.step(act(observations[-1]))
        observations.append(observation)
        rewards.append(reward)
        over = terminated or truncated
    return np.array(observations), np.array(rewards), (terminated, truncated, info)


def test_images_are_observed_unless_one_says_otherwise():
    assert gym.spec("BlendRover-v0").kwargs["obs_type"] == "rgb"
    env = gym.make("BlendRover-v0")
    assert env.observation_space.shape == (48, 64, 3)
    assert env.reset(seed=0)[0].std() > 20
    env.close()


def test_the_pilot_reaches_the_beacon_and_touches_nothing(rover):
    for seed in range(8):
        observations, rewards, (terminated, truncated, info) = episode(rover, seed, drive)
        assert terminated
        assert info["is_success"]
        assert not truncated
        assert observations[-1, DISTANCE] < 1.2 <= observations[-2, DISTANCE]
        way = observations[0, DISTANCE] - observations[-1, DISTANCE]
        assert rewards.sum() == pytest.approx(way + 10.0, abs=1e-4)
        assert rewards[:-1].min() > -0.2
        assert rewards[-1] > 10.0


def test_a_random_driver_scores_next_to_nothing(rover):
    rover.action_space.seed(0)
    returns = [episode(rover, seed, lambda _: rover.action_space.sample())[1].sum() for seed in range(5)]
    assert -4.0 < np.mean(returns) < 2.0


def test_touching_costs_a_tenth_in_every_step(rover):
    observations, rewards, (_, truncated, info) = episode(
        rover, 3, lambda _: np.array([1.0, 0.0], np.float32), obstacles_count=0, start_spread=3.0
    )
    assert truncated
    assert not info["is_success"]
    gained = -np.diff(observations[:, DISTANCE])
    costs = np.round(gained - rewards, 4)
    assert set(costs) == {0.0, 0.1}
    assert costs[-100:] == pytest.approx(0.1), "it should stand at a wall"


def test_a_rover_on_its_side_is_at_the_end_and_no_success(make_env):
    env = make_env(OPEN_GROUND)
    for roll, over in ((0.3, False), (1.4, True)):
        env.reset(seed=0, options={"params": {"start.roll": roll}})
        _, _, terminated, _, info = env.step(STILL)
        assert (terminated, info["is_success"]) == (over, False)


def test_the_first_heading_is_within_the_spread(rover):
    starts = np.array([rover.reset(seed=seed)[0] for seed in range(40)])
    bearings = np.arctan2(starts[:, 17], starts[:, 16])
    assert 1.3 < np.abs(bearings).max() <= 1.5711
    assert starts[:, DISTANCE].min() >= 6.0
    assert np.abs(starts[:, 19:]).max() < 1e-5
    ahead = rover.reset(seed=0, options={"params": {"start.spread": 0.0}})[0]
    np.testing.assert_allclose(ahead[BEARING], (1.0, 0.0), atol=1e-5)


def test_discrete_actions_are_full_throttle_and_full_steering(rover):
    discrete = gym.make("BlendRoverDiscrete-v0", obs_type="state")
    for number, action in enumerate(CHOICES):
        for env, done in ((discrete, number), (rover, np.array(action, np.float32))):
            env.reset(seed=1)
            seen = [env.step(done)[0] for _ in range(5)]
            if env is discrete:
                expected = seen
        np.testing.assert_array_equal(seen, expected)
    discrete.close()


def magenta(image):
    """Columns of the pixels of the beacon, which nothing else is as red and as little green as."""
    red, green, blue = np.moveaxis(image.astype(int), -1, 0)
    return np.nonzero((red > 2 * green + 40) & (blue > green + 20))[1]


@pytest.mark.parametrize("engine", ["raster", "workbench", "cycles"])
def test_the_camera_rides_along_and_sees_the_beacon_where_its_bearing_says(rover, engine):
    for seed in (1, 2):
        observation, _ = rover.reset(seed=seed, options={"params": {"obstacles.count": 0, "start.spread": 0.5}})
        for _ in range(3):
            (cosine, sine), distance = observation[BEARING], observation[DISTANCE]
            ahead, left = distance * cosine - 0.12, distance * sine  # The camera is 0.12 m ahead of the middle.
            image = rover.unwrapped.capture(engine=engine, width=160, height=120).images["rgb"]
            assert magenta(image).mean() == pytest.approx(79.5 - 80.0 * left / ahead, abs=2.5)
            for _ in range(4):
                observation = rover.step(np.array([0.2, 0.6 * np.sign(sine)], np.float32))[0]


def test_every_slot_of_every_server_has_the_same_course_for_the_same_seed():
    with_images = {"obs_type": "state_rgb", "width": 64, "height": 48}
    envs = BlendVectorEnv(ROVER, num_envs=4, num_servers=2, **with_images)
    for seed in (7, 8):
        observations, _ = envs.reset(seed=[seed] * 4)
        later = [envs.step(np.full((4, 2), 0.7, np.float32))[0] for _ in range(5)]
        for seen in (observations, *later):
            for name in ("state", "rgb"):
                assert (seen[name] == seen[name][:1]).all()
    observations, _ = envs.reset(seed=[0, 1, 2, 3])
    assert len({image.tobytes() for image in observations["rgb"]}) == 4
    envs.close()


def test_nothing_is_left_of_earlier_courses(make_env):
    env = make_env(COUNTED)
    seen = [env.reset(seed=seed % 60)[0] for seed in range(180)]
    np.testing.assert_array_equal(seen[-1], seen[59])


@pytest.mark.parametrize("latency", [0, 2])
def test_motors_rest_until_the_first_action_arrives(rover, latency):
    rover.reset(seed=0, options={"params": {"action.latency": latency}})
    speeds = [rover.step(np.array([1.0, 0.0], np.float32))[0][19] for _ in range(4)]
    assert math.isclose(max(map(abs, [0.0, *speeds[:latency]])), 0.0, abs_tol=5e-3)
    assert speeds[latency] > 0.1
