"""The next view begins, is rewarded and ends as its task says, and sees what geometry lets it see."""

from __future__ import annotations

import math

import gymnasium as gym
import numpy as np
import pytest

from blendgym.envs.next_view.heap import DISTANCE, ELEVATION, INSIDE, TARGET, THICKNESS, WALL, camera_place
from blendgym.envs.next_view.task import COST, LOOK, SEEN

SWEEP = np.array([0.84, 1.0, 0.0], np.float32)
STILL = np.zeros(3, np.float32)
JUDGED = {"passes": ("segmentation",), "width": LOOK, "height": LOOK, "visibility": True}


@pytest.fixture(scope="module")
def view():
    env = gym.make("BlendNextView-v0", obs_type="state")
    yield env
    env.close()


def rows(observation):
    """What is told of each object: there, seen, visible share, position."""
    told = observation[6:].reshape(-1, 6)
    return told[told[:, 0] == 1.0]


def played(env, seed, policy):
    """All observations and steps of an episode."""
    observations, steps, ended = [env.reset(seed=seed)[0]], [], False
    while not ended:
        steps.append(env.step(policy()))
        observations.append(steps[-1][0])
        ended = steps[-1][2] or steps[-1][3]
    return observations, steps


def test_objects_lie_in_the_bin_and_stay_there(view):
    for seed in range(5):
        first, _ = view.reset(seed=seed)
        positions = rows(first)[:, 3:]
        assert np.abs(positions[:, :2]).max() < INSIDE / 2 + THICKNESS
        assert positions[:, 2].min() > 0.0
        for _ in range(3):
            last, *_ = view.step(STILL)
        np.testing.assert_allclose(rows(last)[:, 3:], positions, atol=0.01)


@pytest.mark.parametrize("objects", [5, 12])
def test_there_are_as_many_objects_as_asked_for(view, objects):
    observation, _ = view.reset(seed=1, options={"params": {"objects": objects}})
    assert len(rows(observation)) == objects


def test_the_camera_goes_where_actions_say_and_no_further(view):
    before, _ = view.reset(seed=0)
    after = view.step(np.array([0.5, 1.0, -1.0], np.float32))[0]
    turned = math.atan2(after[1], after[0]) - math.atan2(before[1], before[0])
    assert math.cos(turned - 0.75) == pytest.approx(1.0, abs=1e-6)
    assert after[2] == pytest.approx(min(before[2] + 0.5, ELEVATION[1]))
    assert after[3] == pytest.approx(1.9)
    for _ in range(3):
        lowest = view.step(np.array([0.0, -1.0, -1.0], np.float32))[0]
    assert lowest[2:4] == pytest.approx((ELEVATION[0], DISTANCE[0]))
    camera = np.linalg.inv(view.unwrapped.capture().world_to_camera)
    azimuth = math.atan2(lowest[1], lowest[0])
    assert camera[:3, 3] == pytest.approx(camera_place(azimuth, *lowest[2:4].tolist()), abs=1e-5)
    assert camera[:3, :3] @ (0.0, 0.0, lowest[3]) + camera[:3, 3] == pytest.approx(TARGET, abs=1e-5)


def test_what_is_visible_is_what_a_capture_tells(view):
    for seed in range(3):
        observation, _ = view.reset(seed=seed)
        for _ in range(3):
            capture = view.unwrapped.capture(**JUDGED)
            told = {each.name: each.visibility for each in capture.objects}
            expected = [told.get(f"Object {number + 1}", 0.0) for number in range(8)]
            assert rows(observation)[:, 2] == pytest.approx(expected, abs=1e-6)
            observation, *_ = view.step(SWEEP)


def test_objects_whose_corners_are_all_in_the_shadow_of_a_wall_are_not_seen(view):
    hidden = 0
    for seed in range(20):
        view.reset(seed=seed)
        capture = view.unwrapped.capture(**JUDGED)
        camera = np.linalg.inv(capture.world_to_camera)[:3, 3]
        for each in capture.objects:
            if each.name.startswith("Object") and any(is_behind(camera, each.corners, *wall) for wall in walls()):
                hidden += 1
                assert each.visibility == 0.0, f"{each.name} of episode {seed}"
    assert hidden > 30


def walls():
    """Along which axis each wall stands, and where."""
    middle = (INSIDE + THICKNESS) / 2
    return [(axis, place) for axis in (0, 1) for place in (-middle, 0.0, middle)]


def is_behind(camera, corners, axis, place):
    """Whether all rays from the camera to some points go through a wall."""
    share = (place - camera[axis]) / (corners[:, axis] - camera[axis])
    meets = camera + share[:, None] * (corners - camera)
    across = np.abs(meets[:, 1 - axis]) < INSIDE / 2
    return bool(((share > 0.0) & (share < 1.0) & across & (meets[:, 2] > 0.0) & (meets[:, 2] < WALL)).all())


def test_a_view_is_worth_what_it_shows_for_the_first_time(view):
    successes = 0
    for seed in range(10):
        observations, steps = played(view, seed, lambda: SWEEP)
        seen = np.zeros(8, bool)
        for observation in observations:
            seen |= rows(observation)[:, 2] >= np.float32(SEEN)
            assert (rows(observation)[:, 1] == seen).all()
            assert observation[5] == pytest.approx(seen.mean())
        assert sum(step[1] for step in steps) == pytest.approx(seen.mean() - COST * len(steps))
        terminated, truncated = steps[-1][2:4]
        assert terminated == seen.all() == steps[-1][4]["is_success"]
        assert truncated == (len(steps) == 5)
        successes += terminated
    assert 0 < successes < 10, "a sweep without looking finds all objects of some heaps"


def test_an_agent_observes_what_its_camera_sees(view):
    env = gym.make("BlendNextView-v0").unwrapped
    first = env.reset(seed=0)[0]
    second = env.step(SWEEP)[0]
    assert first.shape == (84, 84, 3)
    assert np.abs(second.astype(int) - first).mean() > 5.0
    seen = env.capture(width=84, height=84, shadow_maps=False).images["rgb"]
    np.testing.assert_array_equal(second, seen)
    env.close()


def test_a_random_policy_stays_far_below_a_good_one(view):
    random = np.random.default_rng(0)
    returns = []
    for seed in range(20):
        _, steps = played(view, seed, lambda: random.uniform(-1.0, 1.0, 3).astype(np.float32))
        returns.append(sum(step[1] for step in steps))
    assert 0.1 < np.mean(returns) < 0.45
